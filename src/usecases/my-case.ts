import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { isFinal } from '../cases/case-state.ts'
import { courseOf, type StageEntry } from '../cases/stage-course.ts'
import type { EventType } from '../cases/workflow.ts'
import type { CaseCard } from '../conversation/message.ts'
import type { Locale } from '../language/understanding.ts'
import { stepLine } from './application-card.ts'
import { caseCard } from './case-card.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import { publicFiles, publicHistory } from './look-up-case.ts'
import { type JoinOffer, joinOffer } from './offer-joining.ts'
import type { Transaction } from './ports.ts'
import { type ResidentAction, residentActions } from './resident-actions.ts'
import { RESIDENT_EVENTS } from './resident-events.ts'
import { addedBy, sentFiles } from './sent-files.ts'

/** A person's case in their list. */
export interface MyCase {
  card: CaseCard
  filedAt: string
  changedAt: string
  isOver: boolean
  /** Something is asked of the person now: more information, or how it went. */
  waitsForYou: 'answer' | 'rating' | null
}

/** Why somebody cannot urge now. */
export type WhyNotUrge = 'answered' | 'over' | 'waits-for-you'

/** A stage, or a step of an application, with since when and until when. */
export interface CourseEntry {
  stage: string
  name: string
  state: StageEntry['state']
  from: string | null
  to: string | null
}

/** One of them with all that its owner may see and do. */
export interface MyCaseView extends MyCase {
  /** Of an application its own steps. */
  course: CourseEntry[]
  pauses: { from: string; to: string | null }[]
  /** What the person told and was told, in order of time. */
  history: MyHappening[]
  /** What the department, or the line, wants to know. */
  question: string | null
  reply: string | null
  actions: ResidentAction[]
  whyNotUrge: WhyNotUrge | null
  urgeCount: number
  /** Others told of the same thing before. */
  joining: JoinOffer | null
}

export interface MyHappening {
  at: string
  type: EventType
  text: string
  /** What the person added in their own words. */
  said: string | null
  /** Names of the files that went with it: their own, and those that a reply shows them. */
  files: string[]
}

/** A case as its owner's list shows it. `handled` is the case that is handled for a joined one. */
export function myCase(line: Line, current: Case, handled: Case | null, locale: Locale): MyCase {
  return {
    card: caseCard(line, current, locale, { handled }),
    filedAt: current.filedAt.toISOString(),
    changedAt: current.changedAt.toISOString(),
    isOver: isFinal(current.state),
    waitsForYou: waitsForYou(current),
  }
}

/** All that its owner may see of a case. */
export async function wholeMyCase(
  line: Line,
  tx: Transaction,
  { case: current, events }: { case: Case; events: readonly CaseEvent[] },
  locale: Locale,
): Promise<MyCaseView> {
  const { texts } = line.content
  const { stages, pauses } = courseOf(events)
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    ...myCase(line, current, await handledFor(tx, current), locale),
    course: current.application
      ? applicationCourse(line, current, locale)
      : stages.map(({ from, to, ...entry }) => ({
          ...entry,
          name: texts.of(locale, `stage.${entry.stage}`),
          from: iso(from),
          to: iso(to),
        })),
    pauses: pauses.map(({ from, to }) => ({ from: from.toISOString(), to: iso(to) })),
    history: historyOf(line, events, locale, (await sentFiles(line, tx, { case: current, events })).told),
    question: waitsForYou(current) === 'answer' ? lastQuestion(events) : null,
    reply: current.reply?.text ?? current.answer,
    actions: residentActions(line, current),
    whyNotUrge: whyNotUrge(current),
    urgeCount: current.urgeCount,
    joining: await joinOffer(line, tx, current, locale),
  }
}

/** Each step from when the one before was done. */
function applicationCourse(line: Line, current: Case, locale: Locale): CourseEntry[] {
  const ends = [current.filedAt, ...current.stepsPassed.map(({ at }) => at)].map(at => at.toISOString())
  return stepLine(line, current, locale).map(({ id, name, state }, index) => ({
    stage: id,
    name,
    state,
    from: (id === 'ended' ? current.conclusion?.at.toISOString() : ends[Math.max(0, index - 1)]) ?? null,
    to: state === 'done' ? (ends[index] ?? null) : null,
  }))
}

function waitsForYou({ state }: Case): MyCase['waitsForYou'] {
  if (state === 'replied') return 'rating'
  return state === 'waiting-resident' || state === 'incomplete' ? 'answer' : null
}

/** Urging reaches nobody while the case waits for the person itself. */
export function whyNotUrge(current: Case): WhyNotUrge | null {
  if (isFinal(current.state)) return 'over'
  const waiting = waitsForYou(current)
  if (waiting === 'rating') return 'answered'
  return waiting === 'answer' ? 'waits-for-you' : null
}

function historyOf(
  line: Line,
  events: readonly CaseEvent[],
  locale: Locale,
  toldFiles: readonly string[],
): MyHappening[] {
  const told = events.filter(({ type }) => RESIDENT_EVENTS.has(type))
  return publicHistory(line, told, locale).map((happening, index) => {
    const { actor, data } = told[index]!
    const { text } = data as { text?: string }
    const isOwn = actor.role === 'resident' && text !== undefined
    const files = [...(index === 0 ? toldFiles : []), ...(isOwn ? addedBy(data) : publicFiles(data))]
    return { ...happening, said: isOwn ? text : null, files }
  })
}

function lastQuestion(events: readonly CaseEvent[]): string | null {
  const asked = events.findLast(({ type }) => type === 'resident-asked' || type === 'more-asked')
  return (asked?.data as { text?: string } | undefined)?.text ?? null
}
