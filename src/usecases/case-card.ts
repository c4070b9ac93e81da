import { type Case, promiseOf, stageOf } from '../cases/case.ts'
import { isFinal, STAGES } from '../cases/case-state.ts'
import type { CaseCard } from '../conversation/message.ts'
import type { Locale } from '../language/understanding.ts'
import type { RoutingReason } from '../routing/route-matter.ts'
import { applicationCard } from './application-card.ts'
import { itemName } from './application-words.ts'
import type { Line } from './line.ts'
import { sayDue } from './say-due.ts'

/**
 * A case as the resident sees it: the same number, stage, promise and reason on every channel. `handled` is the case that is
 * handled for a joined one: what is promised there is promised here.
 */
export function caseCard(
  line: Line,
  current: Case,
  locale: Locale,
  { queryCode, handled }: { queryCode?: string | undefined; handled?: Case | null | undefined } = {},
): CaseCard {
  const { texts } = line.content
  const working = (current.state === 'joined' && handled) || current
  const stage = stageOf(working)
  const due = isFinal(working.state) ? null : promiseOf(working)
  const lead = leadOf(line, working)
  const dueText = due ? sayDue(due.dueAt, locale, texts) : ''
  return {
    number: current.number,
    ...(queryCode ? { queryCode } : {}),
    department: lead,
    stage,
    dueBy: due ? due.dueAt.toISOString() : null,
    title: titleOf(line, current, locale),
    departmentName: line.names.department(lead, locale),
    coHandlerNames: working.coHandlers.map(part => line.names.department(part.department, locale)),
    reason: working.dispatch
      ? reasonText(line, working.dispatch.reason, lead, locale)
      : undispatchedReason(line, working, lead, locale),
    stageName: texts.of(locale, `stage.${stage}`),
    stages: stageLine(working, locale, line),
    dueText,
    statusText: texts.of(locale, `card.status.${current.state}`, {
      department: line.names.department(lead, locale),
      due: dueText || texts.of(locale, 'due.none'),
      reason: current.refusal ?? '',
    }),
    place: current.elements.place,
    words: current.words,
    ...(current.application ? applicationCard(line, current, locale, dueText) : {}),
  }
}

/** Who has it now: the lead department, or the duty desk until it is dispatched. */
export function leadOf(line: Line, current: Pick<Case, 'dispatch'>): string {
  return current.dispatch?.lead ?? line.content.routing.dutyDesk
}

/** Why a department, in one sentence. */
export function reasonText(line: Line, reason: RoutingReason, department: string, locale: Locale): string {
  const { texts, routing } = line.content
  const names = { department: line.names.department(department, locale) }
  if (reason.by === 'duty-desk') return texts.of(locale, `reason.duty-desk.${reason.because}`, names)
  if (reason.by === 'rule') {
    const rule = routing.rules.find(candidate => candidate.id === reason.rule)
    return texts.of(locale, 'reason.rule', {
      rule: rule ? line.names.text(rule.reason, locale) : reason.rule,
    })
  }
  if (reason.by === 'danger') {
    const number = line.content.city.emergency[reason.service as keyof typeof line.content.city.emergency]
    return texts.of(locale, 'reason.danger', {
      ...names,
      service: texts.of(locale, `service.${reason.service}`, { number }),
    })
  }
  if (reason.by === 'item') {
    const item = line.content.items.find(({ id }) => id === reason.item)
    const name = item ? line.names.text({ zh: item.name, en: item.en }, locale) : reason.item
    return texts.of(locale, 'reason.item', { ...names, item: name })
  }
  if (reason.by === 'ruling') return texts.of(locale, 'reason.ruling', names)
  const owner = line.router.ownerOfClause(reason.clause)
  const duty = owner ? line.names.text({ zh: owner.duty.text, en: owner.duty.en }, locale) : ''
  return texts.of(locale, 'reason.duty', {
    ...names,
    subject: line.names.subject(reason.subject, locale),
    clause: reason.clause,
    duty,
  })
}

function undispatchedReason(line: Line, current: Case, department: string, locale: Locale): string {
  const because = current.subject === null ? 'subject-unsure' : 'no-duty'
  return reasonText(line, { by: 'duty-desk', because }, department, locale)
}

function titleOf(line: Line, current: Case, locale: Locale): string {
  if (current.application) return itemName(line, current.application, locale)
  return current.subject
    ? line.names.subject(current.subject, locale)
    : line.content.texts.of(locale, current.isEmergency ? 'card.emergency' : 'card.subject-unsure')
}

function stageLine(current: Case, locale: Locale, line: Line): CaseCard['stages'] {
  const at = STAGES.indexOf(stageOf(current))
  const isOver = isFinal(current.state)
  // Supervision runs beside the loop; it is shown only while an order is open.
  const shown = STAGES.filter(stage => stage !== 'supervision' || current.supervision !== null)
  return shown.map(stage => {
    const position = STAGES.indexOf(stage)
    const state =
      stage === 'supervision' ? 'now' : isOver || position < at ? 'done' : position === at ? 'now' : 'ahead'
    return { id: stage, name: line.content.texts.of(locale, `stage.${stage}`), state }
  })
}
