import type { CaseState } from '../cases/case-state.ts'
import { isFinal, STATES } from '../cases/case-state.ts'
import type { Channel } from '../cases/channels.ts'
import { type EventType, transitionOfEvent } from '../cases/workflow.ts'
import { DAY } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'
import { REPORT, subjectOfService } from './public-services.ts'
import { refuseFields } from './refuse-field.ts'
import { ownRequest, type PublicRequest, publicRequest } from './show-public-case.ts'

/** Longest time that one list may be about, in days. */
export const MOST_DAYS = 90
/** Most entries of one list. */
export const MOST_REQUESTS = 1000

/** Which part of a list. */
export interface PublicPage {
  /** From 1. */
  page: number
  pageSize: number
}

export interface PublicSpan {
  /** Instants, inclusive; what is left out is worked out so that it is `MOST_DAYS`. */
  from: Date | null
  to: Date | null
}

export interface PublicQuery extends PublicPage, PublicSpan {
  /** Case numbers: these only, whatever else is asked. */
  ids: string[] | null
  serviceCodes: string[] | null
  status: ('open' | 'closed')[] | null
}

/**
 * Cases that anybody may see, newest first, each as `show` makes it.
 * @throws AppError `service-not-found`; `body-invalid` with problems when the span is too long or upside down
 */
export async function listPublicRequests(
  line: Line,
  query: PublicQuery,
  locale: Locale,
  show = publicRequest,
): Promise<PublicRequest[]> {
  const { jurisdiction } = line.content.city
  const page = { limit: query.pageSize, offset: (query.page - 1) * query.pageSize }
  const filter = query.ids
    ? { numbers: query.ids }
    : {
        ...spanOf(query, line.clock.now()),
        ...(query.serviceCodes ? { subjects: subjectsOf(line, query.serviceCodes) } : {}),
        ...(query.status ? { states: statesOf(query.status) } : {}),
      }
  const rows = await line.store.publicCases.list({ jurisdiction, ...filter, ...page })
  return rows.map(row => show(line, row, locale))
}

/**
 * One case: for the program that filed it (`client`) with what it sent, for everybody else as anybody may see it.
 * @throws AppError `case-not-found`, also for what nobody is told of
 */
export async function showPublicRequest(
  line: Line,
  id: string,
  viewer: { client: string | null; locale: Locale },
): Promise<PublicRequest> {
  const own = viewer.client === null ? null : await ownCase(line, id, viewer.client)
  if (own) return ownRequest(line, own, viewer.locale)
  const { jurisdiction } = line.content.city
  const [row] = await line.store.publicCases.list({ jurisdiction, numbers: [id], limit: 1, offset: 0 })
  if (!row) throw new AppError('case-not-found')
  return publicRequest(line, row, viewer.locale)
}

/** Channel of all cases that programs file. */
export const PUBLIC_CHANNEL: Channel = 'open311'

/** What the channel's ids of all people begin with for whom a program speaks. */
export function usersOf(client: string): string {
  return `${client}:`
}

async function ownCase(line: Line, number: string, client: string) {
  return line.store.transact(async tx => {
    const stored = await tx.caseByNumber(number)
    if (stored?.case.channel !== PUBLIC_CHANNEL || stored.case.type === 'report') return null
    const person = await tx.personOf(stored.case.id)
    return person?.channelUserId.startsWith(usersOf(client)) ? stored.case : null
  })
}

/** What the public may be told happened; the rest is between the offices, or between them and whoever filed it. */
const TOLD_EVENTS: readonly EventType[] = [
  'filed',
  'accepted',
  'not-accepted',
  'answered',
  'dispatched',
  'signed',
  'ruled',
  'co-handler-added',
  'extension-approved',
  'suspended',
  'resumed',
  'replied',
  'reply-shared',
  'followed-up',
  'reworked',
  'merged',
  'case-joined',
  'neighbours-joined',
  'clock-recomputed',
]

/** One step of a public case. */
export interface PublicUpdate {
  id: string
  requestId: string
  isOpen: boolean
  at: Date
  description: string
}

/**
 * What happened to public cases, in order of time.
 * @throws AppError `body-invalid` with problems as `listPublicRequests`
 */
export async function listPublicUpdates(
  line: Line,
  query: PublicPage & PublicSpan & Pick<PublicQuery, 'ids'>,
  locale: Locale,
): Promise<PublicUpdate[]> {
  const events = await line.store.publicCases.events({
    jurisdiction: line.content.city.jurisdiction,
    ...(query.ids ? { numbers: query.ids } : {}),
    types: TOLD_EVENTS,
    ...spanOf(query, line.clock.now()),
    limit: query.pageSize,
    offset: (query.page - 1) * query.pageSize,
  })
  return events.map(({ number, seq, type, at }) => ({
    id: `${number}-${seq}`,
    requestId: number,
    isOpen: !endsCase(type),
    at,
    description: line.content.texts.of(locale, `case.${type}`),
  }))
}

function endsCase(type: EventType): boolean {
  const { to } = transitionOfEvent.get(type)!
  return to !== 'same' && isFinal(to)
}

/** Both ends of what is asked; the last `MOST_DAYS` when nothing is said. */
function spanOf({ from, to }: PublicSpan, now: Date): { from: Date; to: Date } {
  const span = MOST_DAYS * DAY
  const start = from ?? new Date((to ?? now).getTime() - span)
  const end = to ?? new Date(Math.min(start.getTime() + span, Math.max(now.getTime(), start.getTime())))
  if (end < start) throw refuseFields([{ field: 'end_date', because: 'before-start' }])
  if (end.getTime() - start.getTime() > span)
    throw refuseFields([{ field: 'end_date', because: 'span-too-long' }])
  return { from: start, to: end }
}

/** @throws AppError `service-not-found` */
function subjectsOf(line: Line, codes: readonly string[]): (string | null)[] {
  return codes.flatMap(code => {
    const subject = subjectOfService(line, code)
    if (subject === undefined) throw new AppError('service-not-found')
    // Nothing is ever told of reports, not even how many there are.
    return code === REPORT ? [] : [subject]
  })
}

function statesOf(status: readonly ('open' | 'closed')[]): CaseState[] {
  return STATES.filter(state => status.includes(isFinal(state) ? 'closed' : 'open'))
}
