import { currentStep } from '../cases/application.ts'
import type { Case } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import type { Locale } from '../language/understanding.ts'
import {
  amountText,
  answersText,
  documentName,
  itemName,
  limitText,
  postName,
  stepName,
} from './application-words.ts'
import { hasAuthority, whoMayDo } from './authorise-step.ts'
import type { Line } from './line.ts'

/** A step as the desk shows it. */
interface StepView {
  name: string
  department: string
  post: string
  limit: string
  state: 'done' | 'now' | 'ahead'
  /** Whose login did it, as what, when and with which remark. */
  done: { by: string; post: string; at: string; text: string | null } | null
}

/** An application as whoever decides on it sees it. */
export interface ApplicationView {
  item: string
  applicant: 'person' | 'enterprise'
  answers: { ask: string; choice: string }[]
  amounts: string[]
  documents: {
    id: string
    name: string
    files: string[]
    exempt: 'sharing' | 'promise' | null
    isGenerated: boolean
  }[]
  steps: StepView[]
  /** The step that is due: may this account do it, and who may. */
  now: { isOwn: boolean; isDecision: boolean; whoMay: string[] } | null
  decision: { outcome: string; text: string; by: string; post: string; at: string } | null
  certificate: { number: string; outcome: string; validUntil: string | null } | null
}

/** Null when the case is no application. */
export function viewApplication(
  line: Line,
  current: Case,
  { actor, posts, locale }: { actor: Actor; posts: readonly string[]; locale: Locale },
): ApplicationView | null {
  const { application, decision, conclusion } = current
  if (!application) return null
  const step = currentStep(current)
  const { answers, amounts, documents, applicant } = application
  return {
    item: itemName(line, application, locale),
    applicant,
    answers: answersText(line, { item: application.item, answers }, locale),
    amounts: Object.entries(amounts).map(([id, amount]) => amountText(line, application, id, amount, locale)),
    documents: documents.map(({ document, attachments, exempt }) => ({
      id: document,
      name: documentName(line, document, locale),
      files: attachments,
      exempt,
      isGenerated: line.content.documents.get(document)?.source === 'generated',
    })),
    steps: stepsOf(line, current, locale),
    now: step && {
      isOwn: actor.role === 'handler' && hasAuthority(line, current, { actor, posts }),
      isDecision: step.act === 'decide',
      whoMay: whoMayDo(line, current, step, locale),
    },
    decision: decision && {
      ...decision,
      post: postName(line, decision.post, locale),
      at: decision.at.toISOString(),
    },
    certificate: conclusion && {
      number: conclusion.certificate,
      outcome: conclusion.outcome,
      validUntil: conclusion.validUntil,
    },
  }
}

function stepsOf(line: Line, current: Case, locale: Locale): StepView[] {
  const application = current.application!
  const now = currentStep(current)
  // After a refusal nothing more is done.
  const shown = current.decision?.outcome === 'refused' ? current.stepsPassed.length : undefined
  return application.steps.slice(0, shown).map((step, index) => {
    const passed = current.stepsPassed[index]
    return {
      name: stepName(line, application, step, locale),
      department: line.names.department(step.department, locale),
      post: postName(line, step.post, locale),
      limit: limitText(line, step.limit, locale),
      state: passed ? 'done' : index === now?.index ? 'now' : 'ahead',
      done: passed
        ? {
            by: passed.by,
            post: postName(line, passed.post, locale),
            at: passed.at.toISOString(),
            text: passed.text,
          }
        : null,
    }
  })
}
