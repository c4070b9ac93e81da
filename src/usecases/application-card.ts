import { currentStep } from '../cases/application.ts'
import type { Case } from '../cases/case.ts'
import { isFinal } from '../cases/case-state.ts'
import type { CaseCard } from '../conversation/message.ts'
import type { Locale } from '../language/understanding.ts'
import { stepName } from './application-words.ts'
import type { Line } from './line.ts'
import { sayDue } from './say-due.ts'

/** What the card of an application shows in place of a request's stages: its own steps, where it stands and how it was decided. */
export function applicationCard(
  line: Line,
  current: Case,
  locale: Locale,
  dueText: string,
): Pick<CaseCard, 'stageName' | 'stages' | 'certificate'> & { statusText?: string } {
  const { conclusion } = current
  const stages = stepLine(line, current, locale)
  const now = stages.find(({ state }) => state === 'now') ?? stages.findLast(({ state }) => state === 'done')!
  const statusText = statusOf(line, current, locale, dueText)
  return {
    stageName: now.name,
    stages,
    ...(statusText === null ? {} : { statusText }),
    ...(conclusion ? { certificate: { number: conclusion.certificate, outcome: conclusion.outcome } } : {}),
  }
}

/** What it went through and what is ahead: applied, its steps, its end. */
export function stepLine(line: Line, current: Case, locale: Locale): CaseCard['stages'] {
  const application = current.application!
  const { texts } = line.content
  const isOver = isFinal(current.state)
  const due = isOver ? null : currentStep(current)
  const isRefused = current.decision?.outcome === 'refused'
  const passed = current.stepsPassed.length
  const steps = application.steps.slice(0, isRefused ? passed : undefined).map((step, index) => ({
    id: `step-${index}`,
    name: stepName(line, application, step, locale),
    state: index < passed ? ('done' as const) : index === due?.index ? ('now' as const) : ('ahead' as const),
  }))
  const end = current.conclusion ? ('done' as const) : ('ahead' as const)
  return [
    { id: 'applied', name: texts.of(locale, 'application.applied'), state: 'done' },
    ...steps,
    {
      id: 'ended',
      name: texts.of(locale, `application.end.${current.decision?.outcome ?? 'open'}`),
      state: end,
    },
  ]
}

/** Null where what a request's card says fits an application, too. */
function statusOf(line: Line, current: Case, locale: Locale, due: string): string | null {
  const { texts } = line.content
  const { conclusion, application } = current
  if (conclusion) {
    const appeal = conclusion.outcome === 'refused' ? { appeal: appealText(line, locale) } : {}
    return texts.of(locale, `application.status.${conclusion.outcome}`, {
      reason: conclusion.text,
      ...appeal,
    })
  }
  const step = currentStep(current)
  if (!step || (current.state !== 'handling' && current.state !== 'dispatched')) return null
  const { clocks } = current
  return texts.of(locale, 'application.status.step', {
    step: stepName(line, application!, step, locale),
    department: line.names.department(step.department, locale),
    stepDue: clocks.step ? sayDue(clocks.step.dueAt, locale, texts) : texts.of(locale, 'due.none'),
    due: due || texts.of(locale, 'due.none'),
  })
}

/** Where somebody who is refused can turn, and until when. */
export function appealText(line: Line, locale: Locale): string {
  return line.content.texts.of(locale, 'application.appeal')
}
