import type { CaseCard } from '../../conversation/message.ts'
import { type JsonRequest, Refused, requestJson } from '../shared/http.ts'
import { type ListFilter, queryOf, type StateCount } from './list-filter.ts'
import { isSomebodyThere } from './presence.ts'

export type Light = 'green' | 'yellow' | 'red'

export interface Account {
  id: string
  login: string
  displayName: string
  role: string
  department: string | null
}

/** Another role that an administrator stands in for. */
export interface Standing {
  role: string
  department: string | null
}

export interface CaseRow {
  id: string
  number: string
  state: string
  stage: string
  type: string
  subjectName: string | null
  grade: string
  summary: string
  place: string | null
  lead: string | null
  departmentName: string | null
  isConfidential: boolean
  isEmergency: boolean
  version: number
  filedAt: string
  changedAt: string
  dueAt: string | null
  /** Who told of it, those who joined included. */
  people: number
  light: Light
  /** Until when it is to be signed for; null once it is. */
  signDueAt: string | null
}

/** An application as whoever decides on it sees it; a twin of `src/usecases/view-application.ts`. */
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
  steps: {
    name: string
    department: string
    post: string
    limit: string
    state: 'done' | 'now' | 'ahead'
    done: { by: string; post: string; at: string; text: string | null } | null
  }[]
  now: { isOwn: boolean; isDecision: boolean; whoMay: string[] } | null
  decision: { outcome: string; text: string; by: string; post: string; at: string } | null
  certificate: { number: string; outcome: string; validUntil: string | null } | null
}

export interface HistoryEntry {
  seq: number
  type: string
  name: string
  at: string
  role: string
  who: string
  department: string | null
  reason: string | null
  data: Record<string, unknown>
}

export interface CaseView {
  /** Photos and papers that were sent about it. */
  files: string[]
  case: {
    id: string
    number: string
    version: number
    state: string
    channel: string
    words: string
    summary: string
    type: string
    grade: string
    isEmergency: boolean
    isConfidential: boolean
    urgeCount: number
    reworkCount: number
    elements: { time: string | null; place: string | null; wanted: string | null; community: string | null }
    dispatch: { lead: string } | null
    coHandlers: { department: string; task: string | null; finishedAt: string | null }[]
    reply: {
      text: string
      at: string
      solved: string
      attachments?: { name: string; isPublic: boolean }[]
      outOfDuty: { because: string; text: string } | null
    } | null
    dutyClaim: { decision: 'approved' | 'refused' | null } | null
    answer: string | null
    supervision: { level: string; cause: string; openedAt: string; answer: string | null } | null
  }
  card: CaseCard
  names: {
    subject: string
    type: string
    state: string
    grade: string
    channel: string
    cause: string | null
  }
  clocks: {
    kind: string
    name: string
    startedAt: string
    dueAt: string
    stoppedAt: string | null
    isPaused: boolean
    light: Light
    outcome: 'in-time' | 'late' | 'superseded' | null
  }[]
  reasons: {
    lead: string
    isByPerson: boolean
    proposed: { department: string; name: string; reason: string } | null
    candidates: { department: string; name: string; reason: string; confidence: number }[]
    subjects: { id: string; name: string; confidence: number }[]
    evidence: { feature: string; weight: number }[]
  }
  history: HistoryEntry[]
  actions: string[]
  joined: {
    people: number
    to: { id: string; number: string } | null
    cases: { id: string; number: string; summary: string; place: string | null; filedAt: string }[]
  }
  /** Null for requests. */
  application: ApplicationView | null
  person: {
    name: string | null
    phone: string | null
    channel: string
    isMasked: boolean
    /** The number to reach somebody through who is not shown. */
    relay: string | null
  } | null
}

export interface Reference {
  departments: { id: string; name: string; duties: { clause: string; text: string }[] }[]
  subjects: { id: string; name: string }[]
}

/** What is still asked before the desk is open: the code of a second factor, another password, a second factor. */
export type LoginNeed = 'code' | 'password' | 'factor'

export interface Session {
  account: Account
  csrfToken: string
  need: LoginNeed | null
}

export interface ActionRequest {
  action: string
  input: Record<string, unknown>
  reason: string | null
  expectedVersion: number
  as?: Standing | undefined
}

let csrfToken = ''
let onExpired: () => void = () => {}

/** Says whom to tell when the session has ended. */
export function whenSessionExpires(listener: () => void): void {
  onExpired = listener
}

/** One request to the desk's interface. @throws Refused, Unreachable */
export async function call<T>(path: string, request: JsonRequest = {}): Promise<T> {
  try {
    return await ask<T>(path, request).catch(error => askAsNow<T>(path, request, error))
  } catch (error) {
    if (error instanceof Refused && hasEnded(error) && path !== '/login') onExpired()
    throw error
  }
}

/** The browser may have lost what its token belongs to: whoever is still logged in gets a new one, and nothing was done yet. */
async function askAsNow<T>(path: string, request: JsonRequest, error: unknown): Promise<T> {
  if (!(error instanceof Refused) || error.code !== 'origin-refused' || path === '/login') throw error
  if (!(await whoAmI())) onExpired()
  return ask<T>(path, request)
}

function ask<T>(path: string, request: JsonRequest): Promise<T> {
  return requestJson<T>(`/api/desk${path}`, {
    ...request,
    headers: {
      ...request.headers,
      ...(request.body === undefined ? {} : { 'x-csrf-token': csrfToken }),
      // The page asks by itself, too: that must not keep the session of a desk that somebody left.
      ...(isSomebodyThere() ? {} : { 'x-nobody-there': '1' }),
    },
  })
}

/** The session is over, or a factor was asked for since. */
function hasEnded({ status, code }: Refused): boolean {
  return status === 401 || code === 'login-unfinished'
}

export async function logIn(login: string, password: string): Promise<Session> {
  const session = await call<Session>('/login', { body: { login, password } })
  csrfToken = session.csrfToken
  return session
}

/** Who is logged in, or null. */
export async function whoAmI(): Promise<Session | null> {
  try {
    const session = await requestJson<Session>('/api/desk/me')
    csrfToken = session.csrfToken
    return session
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}

export async function logOut(): Promise<void> {
  await call('/logout', { body: {} })
}

/** A page of the list; `narrowed` stands instead of the list's own filter. Words to search for travel in a body: people search for phones and names. */
export async function listCases(
  filter: ListFilter,
  page: { cursor: string | null; limit: number },
): Promise<{ rows: CaseRow[]; nextCursor: string | null }> {
  const { cursor, limit } = page
  const asked = queryOf(filter)
  const wanted = { ...asked, ...(cursor ? { cursor } : {}), sort: filter.sort, limit }
  // Many ids are too long for an address.
  return filter.search || asked.ids
    ? call('/cases/search', { body: { ...wanted, ...(filter.search ? { search: filter.search } : {}) } })
    : call(`/cases?${query(wanted)}`)
}

/** How many open cases there are, by state. */
export async function countCases(filter: ListFilter): Promise<StateCount[]> {
  const { rows } = await call<{ rows: StateCount[] }>(`/case-counts?${query(queryOf(filter))}`)
  return rows
}

export function showCase(id: string, as: Standing | undefined): Promise<CaseView> {
  return call(`/cases/${encodeURIComponent(id)}${standingQuery(as)}`)
}

/** The case with name and phone in full. The look is recorded. */
export function showPerson(id: string, as: Standing | undefined): Promise<CaseView> {
  return call(`/cases/${encodeURIComponent(id)}/person${standingQuery(as)}`, { body: {} })
}

/** Does something with a case. With the same key it is done once, however often it is sent. */
export function act(id: string, request: ActionRequest, key: string): Promise<{ version: number }> {
  return call(`/cases/${encodeURIComponent(id)}/actions`, {
    body: request,
    headers: { 'idempotency-key': key },
  })
}

/** Departments and their duties, for the forms. */
export function loadReference(): Promise<Reference> {
  return call('/reference')
}

/** Id of the case with this number, or null. */
export async function findByNumber(number: string): Promise<string | null> {
  const body = { search: number, sort: 'newest', limit: 5 }
  const { rows } = await call<{ rows: CaseRow[] }>('/cases/search', { body })
  return rows.find(row => row.number === number)?.id ?? null
}

function standingQuery(as: Standing | undefined): string {
  if (!as) return ''
  return `?${query({ role: as.role, ...(as.department ? { department: as.department } : {}) })}`
}

function query(parameters: Record<string, string | number>): string {
  const pairs = Object.entries(parameters).map(([key, value]) => [key, String(value)])
  return new URLSearchParams(pairs).toString()
}
