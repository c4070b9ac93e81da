import { type Case, type FollowUp, foldCase } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { inputs } from '../cases/case-inputs.ts'
import { isFinal } from '../cases/case-state.ts'
import { isContent } from '../cases/follow-up-answers.ts'
import { localDateOf } from '../clocks/working-calendar.ts'

/**
 * The formulas of the evaluation, all of them, and nowhere else. Every rate is the share of the cases that count for a measure
 * (`counted`) which met it (`met`):
 *
 * | measure | counted | met |
 * |---|---|---|
 * | `cases` 受理 | every case, for the department that is responsible for it | those that are over |
 * | `answered` 回访率 | followed up and not left out | the resident said anything at all |
 * | `contacted` 响应率 | the resident said whether the department had been in touch | "yes" |
 * | `resolved` 解决率 | the resident said whether it is solved | "yes" |
 * | `satisfied` 满意率 | the resident said how content they are | "very" or "satisfied"; "neutral" is not enough |
 * | `punctual` 按时办结率 | each department that replied, or let the time for handling pass | never late, over all its dispatches and reworks |
 * | `first-time` 一次办结率 | the resident said whether it is solved, and a department had it | "yes", and nothing was sent back to be done again |
 * | `direct` 一次派准率 | every dispatched case | dispatched once |
 * | `returned` 退单率 | each department that was given the case | it sent it back |
 * | `returned-wrongly` 不当退单率 | each department that sent it back | it was given the case again all the same |
 *
 * The resident's word decides, not the department's: the last that they said to each question, once the case is closed. Whoever said "no", got
 * another reply and then said nothing has said "no"; whoever said "no" is not satisfied with what came before. Left out, and counted
 * apart with the event that says why, are cases out of duty (职责范围外) and those by law or by wish not handled (不予受理、撤诉、并案). A
 * department's own word does not put a case out of duty: an arbiter or a supervisor must have approved it, and until then
 * it counts like any other. The three
 * rates are those of the Beijing 接诉即办 regulation of 2021-09-24 (响应率、解决率、满意率) and of GB/T 39666-2020; leaving out what
 * no department owes follows 国办发〔2020〕53号.
 */
export const MEASURES = [
  'cases',
  'answered',
  'contacted',
  'resolved',
  'satisfied',
  'punctual',
  'first-time',
  'direct',
  'returned',
  'returned-wrongly',
] as const
export type Measure = (typeof MEASURES)[number]

/** Reasons for leaving a case out. */
export const EXCLUSIONS = ['out-of-duty', 'not-accepted', 'withdrawn', 'merged'] as const

/** Why a case is left out, and the event that says so. */
export interface Exclusion {
  because: (typeof EXCLUSIONS)[number]
  seq: number
}

/** What a case counts for at one department that had it. */
export interface CaseScore {
  caseId: string
  /** Key of the city whose case it is. */
  jurisdiction: string
  version: number
  department: string
  /** True once a case: for the department that has or had it last. */
  isResponsible: boolean
  subject: string | null
  street: string | null
  channel: string
  type: string
  /** Local dates. */
  filedOn: string
  concludedOn: string | null
  counted: Measure[]
  met: Measure[]
  /** Dispatches of the whole case, at the responsible department; null when there was none. */
  hops: number | null
  exclusion: Exclusion | null
}

/** A department's time with a case, all its dispatches together. */
interface Holding {
  department: string
  hasReplied: boolean
  isLate: boolean
  hasReturned: boolean
  /** Given the case again after it had returned it. */
  wasGivenBack: boolean
}

/**
 * What one case counts for: a row for each department that had it, worked out from its events alone.
 * @param dutyDesk who is responsible while nobody was given the case
 */
export function scoreCase(events: readonly CaseEvent[], dutyDesk: string): CaseScore[] {
  const current = foldCase(events)
  const { id, jurisdiction, version, subject, channel, type, filedAt, elements } = current
  const { holdings, hops } = holdingsOf(events)
  const exclusion = exclusionOf(current, events)
  const endedAt = endOf(current, events)
  const facts = {
    caseId: id,
    jurisdiction,
    version,
    subject,
    street: elements.street,
    channel,
    type,
    filedOn: localDateOf(filedAt),
    concludedOn: endedAt && localDateOf(endedAt),
  }
  const responsible = current.dispatch?.lead ?? dutyDesk
  const departments = new Set([responsible, ...holdings.keys()])
  return [...departments].map(department => {
    const holding = holdings.get(department)
    const isResponsible = department === responsible
    const results: Result[] = isResponsible ? [['cases', endedAt !== null]] : []
    if (!exclusion && holding) results.push(...holdingResults(holding))
    if (!exclusion && isResponsible) results.push(...caseResults(current, lastWord(events), hops))
    return {
      ...facts,
      department,
      isResponsible,
      counted: results.map(([measure]) => measure),
      met: results.filter(([, isMet]) => isMet).map(([measure]) => measure),
      hops: isResponsible && hops > 0 ? hops : null,
      exclusion: isResponsible ? exclusion : null,
    }
  })
}

/** A measure that counts the case, and whether it was met. */
type Result = [measure: Measure, isMet: boolean]

/** What the resident said at the end, and how the case went round. */
function caseResults(current: Case, { contacted, resolved, satisfied }: Word, hops: number): Result[] {
  const results: Result[] = hops > 0 ? [['direct', hops === 1]] : []
  if (current.state !== 'closed') return results
  results.push(['answered', contacted !== null || resolved !== null || satisfied !== null])
  if (contacted !== null) results.push(['contacted', contacted])
  if (resolved !== null) results.push(['resolved', resolved])
  if (satisfied !== null) results.push(['satisfied', isContent(satisfied)])
  if (resolved !== null && hops > 0) results.push(['first-time', resolved && current.reworkCount === 0])
  return results
}

type Word = Pick<FollowUp, 'contacted' | 'resolved' | 'satisfied'>

/**
 * The last answer to each question, in whichever follow-up it was given; null where there was none. A "no" takes back that they
 * were content, said before or with it.
 */
function lastWord(events: readonly CaseEvent[]): Word {
  const word: Word = { contacted: null, resolved: null, satisfied: null }
  for (const { type, data } of events) {
    if (type !== 'followed-up' && type !== 'reworked') continue
    const { contacted, resolved, satisfied } = inputs.followUp.parse(data)
    word.contacted = contacted ?? word.contacted
    word.resolved = resolved ?? word.resolved
    word.satisfied = satisfied ?? word.satisfied
    if (resolved === false && isContent(word.satisfied)) word.satisfied = null
  }
  return word
}

function holdingResults({ hasReplied, isLate, hasReturned, wasGivenBack }: Holding): Result[] {
  const results: Result[] = [['returned', hasReturned]]
  if (hasReturned) results.push(['returned-wrongly', wasGivenBack])
  if (hasReplied || isLate) results.push(['punctual', !isLate])
  return results
}

/** Who had the case, and how often it was given to somebody. */
function holdingsOf(events: readonly CaseEvent[]): { holdings: Map<string, Holding>; hops: number } {
  const holdings = new Map<string, Holding>()
  let hops = 0
  let lead: Holding | undefined
  for (const event of events) {
    if (event.type === 'dispatched' || event.type === 'ruled') {
      hops++
      lead = holdingOf(holdings, String(event.data.lead))
      lead.wasGivenBack ||= lead.hasReturned
    } else if (lead) note(lead, event)
  }
  return { holdings, hops }
}

function holdingOf(holdings: Map<string, Holding>, department: string): Holding {
  const known = holdings.get(department)
  if (known) return known
  const fresh = { department, hasReplied: false, isLate: false, hasReturned: false, wasGivenBack: false }
  holdings.set(department, fresh)
  return fresh
}

/** Late is what the clock's own due time says: when it rang, or when it was stopped and had no time to ring. */
function note(lead: Holding, { type, data, clocks }: CaseEvent): void {
  const isStoppedLate = clocks.some(
    ({ kind, stoppedAt, dueAt }) => kind === 'handle' && stoppedAt !== null && stoppedAt > dueAt,
  )
  if (type === 'returned') lead.hasReturned = true
  else if (type === 'return-refused') lead.wasGivenBack = true
  else if (type === 'replied') {
    lead.hasReplied = true
    lead.isLate ||= isStoppedLate
  } else if (type === 'clock-breached' && data.clock === 'handle') lead.isLate = true
}

function exclusionOf(current: Case, events: readonly CaseEvent[]): Exclusion | null {
  const ended = EXCLUSIONS.find(because => because === current.state)
  // From the approval on, closed or not; whoever objects takes the claim back with the reply (`rework`).
  const said = ended ?? (current.dutyClaim?.decision === 'approved' ? 'out-of-duty-approved' : null)
  const event = said && events.findLast(({ type }) => type === said)
  return event ? { because: ended ?? 'out-of-duty', seq: event.seq } : null
}

/** When it came to its end; null while it is open. */
function endOf(current: Case, events: readonly CaseEvent[]): Date | null {
  if (!isFinal(current.state)) return null
  const types = ['followed-up', ...EXCLUSIONS]
  return events.findLast(({ type }) => types.includes(type))?.at ?? null
}
