// Made by `npm run docs` from the description of the enterprise API; a change by hand is lost.

export interface Application {
  number: string
  externalId: string | null
  state: 'received' | 'incomplete' | 'not-accepted' | 'accepted' | 'dispatched' | 'returned' | 'handling' | 'waiting-resident' | 'suspended' | 'joined' | 'replied' | 'closed' | 'withdrawn' | 'merged'
  isOpen: boolean
  stage: Named
  /** Where it stands, in one sentence */
  status: string
  type: Named
  subject: Named | null
  words: string
  place: string | null
  /** WGS-84 */
  at: {
    latitude: number
    longitude: number
  } | null
  /** Who has it now */
  department: Named
  /** Why they */
  reason: string
  /** Departments that take part */
  helping: Named[]
  filedAt: string
  changedAt: string
  /** The promise that runs now; null when nothing is owed */
  dueAt: string | null
  /** The department's answer */
  reply: string | null
  /** What may be done with it now */
  actions: ('add-information' | 'urge' | 'withdraw' | 'follow-up')[]
  item: {
    id: string
    name: string
  }
  steps: ({
    name: string
    state: 'done' | 'now' | 'ahead'
  })[]
  decision: {
    outcome: 'approved' | 'refused'
    text: string
    decidedAt: string
  } | null
  /** Of the certificate, or of the notice of a refusal */
  certificate: {
    number: string
    validUntil: string | null
  } | null
}

export interface ApplicationPage {
  rows: Application[]
  nextCursor: string | null
}

export interface ApplicationWanted {
  /** Id of the item, as in the address of its guide */
  item: string
  externalId?: string | null
  /** The situation: question → choice, as the item's guide asks */
  answers?: {
  }
  documents?: {
    document: string
    files?: string[]
    isPromised?: boolean
  }[]
  amounts?: {
  }
  place?: string | null
  /** Whom the department may ask */
  name?: string
  phone?: string
}

export interface Case {
  number: string
  externalId: string | null
  state: 'received' | 'incomplete' | 'not-accepted' | 'accepted' | 'dispatched' | 'returned' | 'handling' | 'waiting-resident' | 'suspended' | 'joined' | 'replied' | 'closed' | 'withdrawn' | 'merged'
  isOpen: boolean
  stage: Named
  /** Where it stands, in one sentence */
  status: string
  type: Named
  subject: Named | null
  words: string
  place: string | null
  /** WGS-84 */
  at: {
    latitude: number
    longitude: number
  } | null
  /** Who has it now */
  department: Named
  /** Why they */
  reason: string
  /** Departments that take part */
  helping: Named[]
  filedAt: string
  changedAt: string
  /** The promise that runs now; null when nothing is owed */
  dueAt: string | null
  /** The department's answer */
  reply: string | null
  /** What may be done with it now */
  actions: ('add-information' | 'urge' | 'withdraw' | 'follow-up')[]
  /** What has happened, in order of time */
  history: {
    at: string
    type: string
    text: string
  }[]
}

export interface CaseFiled {
  case: Case
  /** Words of danger were read: whom to call at once. Show it to people */
  danger: string | null
}

export interface CasePage {
  rows: CaseRow[]
  nextCursor: string | null
}

export interface CaseRow {
  number: string
  externalId: string | null
  state: 'received' | 'incomplete' | 'not-accepted' | 'accepted' | 'dispatched' | 'returned' | 'handling' | 'waiting-resident' | 'suspended' | 'joined' | 'replied' | 'closed' | 'withdrawn' | 'merged'
  isOpen: boolean
  stage: Named
  /** Where it stands, in one sentence */
  status: string
  type: Named
  subject: Named | null
  words: string
  place: string | null
  /** WGS-84 */
  at: {
    latitude: number
    longitude: number
  } | null
  /** Who has it now */
  department: Named
  /** Why they */
  reason: string
  /** Departments that take part */
  helping: Named[]
  filedAt: string
  changedAt: string
  /** The promise that runs now; null when nothing is owed */
  dueAt: string | null
  /** The department's answer */
  reply: string | null
  /** What may be done with it now */
  actions: ('add-information' | 'urge' | 'withdraw' | 'follow-up')[]
}

export interface CaseWanted {
  /** What it is about, as you would say it; never edited */
  words: string
  externalId?: string | null
  /** Id of a subject (`GET /subjects`); left out, the line reads it from the words */
  subject?: string | null
  /** Left out, it is read from the words */
  type?: 'consultation' | 'help' | 'complaint' | 'report' | 'suggestion' | 'praise' | null
  /** When it happens, in words */
  time?: string | null
  /** Where, in words */
  place?: string | null
  at?: Point | null
  /** Whom the department may ask */
  contact?: Contact
}

export interface Contact {
  name?: string | null
  /** News goes there by SMS or a call, too */
  phone?: string | null
}

export interface Delivery {
  version: 1
  /** The same at each try */
  id: string
  type: 'case.filed' | 'case.accepted' | 'case.not-accepted' | 'case.more-asked' | 'case.completed' | 'case.answered' | 'case.dispatched' | 'case.signed' | 'case.ruled' | 'case.co-handler-added' | 'case.resident-asked' | 'case.resident-answered' | 'case.extension-approved' | 'case.suspended' | 'case.resumed' | 'case.replied' | 'case.followed-up' | 'case.reworked' | 'case.urged' | 'case.information-added' | 'case.withdrawn' | 'case.merged' | 'case.case-joined' | 'case.split-off' | 'case.clock-recomputed' | 'case.neighbours-joined' | 'case.neighbours-left' | 'case.reply-shared' | 'case.step-passed' | 'case.application-decided' | 'case.concluded'
  at: string
  case: {
    number: string
    externalId: string | null
    state: 'received' | 'incomplete' | 'not-accepted' | 'accepted' | 'dispatched' | 'returned' | 'handling' | 'waiting-resident' | 'suspended' | 'joined' | 'replied' | 'closed' | 'withdrawn' | 'merged'
    stage: string
    requestType: string
    subject: string | null
    /** Who has it now */
    department: string
    /** The promise that runs now */
    dueAt: string | null
  }
}

export interface File {
  /** Its name, to be given with an application */
  file: string
}

export interface FileWanted {
  /** The file in base64: JPEG, PNG, WebP or PDF, at most 10 MB */
  content: string
}

export interface FollowUp {
  /** Yes closes the case, no sends it back to the department */
  resolved: boolean
  /** Has the department been in touch? */
  contacted?: boolean | null
  satisfied?: 'very' | 'satisfied' | 'neutral' | 'dissatisfied' | 'very-dissatisfied' | null
  text?: string
}

export interface Information {
  text: string
}

export interface Named {
  id: string
  name: string
}

export interface Point {
  latitude: number
  longitude: number
  /** Coordinate system of the two: `GCJ-02` when they come from a Chinese map, `BD-09` from Baidu */
  system?: 'WGS-84' | 'GCJ-02' | 'BD-09'
}

export interface Problem {
  /** Address of what is written about this kind of problem */
  type: string
  title: string
  status: number
  /** What is wrong, for people, in the language of `Accept-Language` */
  detail: string
  /** This answer; name it when you ask us */
  instance: string
  /** What programs decide by */
  code: string
  errors?: ({
    in: 'body' | 'query' | 'path' | 'header'
    /** e.g. `contact.phone` */
    field: string
    code: 'missing' | 'wrong-type' | 'too-long' | 'out-of-range' | 'not-offered' | 'malformed' | 'not-a-field' | 'unknown' | 'outside'
    detail: string
  })[]
}

export interface Subjects {
  rows: Named[]
}

export interface Webhook {
  id: string
  url: string
  events: string[]
  createdAt: string
}

export interface WebhookMade {
  webhook: Webhook
  /** Told this once; null in a repeated answer */
  secret: string | null
}

export interface WebhookWanted {
  /** https, reachable from the internet */
  url: string
  /** Left out or empty: all */
  events?: ('case.filed' | 'case.accepted' | 'case.not-accepted' | 'case.more-asked' | 'case.completed' | 'case.answered' | 'case.dispatched' | 'case.signed' | 'case.ruled' | 'case.co-handler-added' | 'case.resident-asked' | 'case.resident-answered' | 'case.extension-approved' | 'case.suspended' | 'case.resumed' | 'case.replied' | 'case.followed-up' | 'case.reworked' | 'case.urged' | 'case.information-added' | 'case.withdrawn' | 'case.merged' | 'case.case-joined' | 'case.split-off' | 'case.clock-recomputed' | 'case.neighbours-joined' | 'case.neighbours-left' | 'case.reply-shared' | 'case.step-passed' | 'case.application-decided' | 'case.concluded')[]
}

export interface Webhooks {
  rows: Webhook[]
}

export interface ClientOptions {
  /** e.g. `https://12345.example.cn`, with the prefix of a gateway where there is one */
  baseUrl: string
  /** `yk_…`, as the administrators of the line gave it. */
  key: string
  /** Language of what is said: `zh-Hans`, `zh-Hant` or `en`. */
  language?: string
  fetch?: typeof fetch
}

/** What every call may be told. */
export interface CallOptions {
  /** The same for each try of one request, which is then done once. */
  idempotencyKey?: string
  signal?: AbortSignal
}

/** A refusal; decide by `problem.code`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  /** When to come again; null when that would change nothing. */
  readonly retryAfterSeconds: number | null

  constructor(problem: Problem, retryAfterSeconds: number | null) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`)
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
}

type Sent = CallOptions & { body?: object; query?: Record<string, string | number | undefined> }

export class EnterpriseClient {
  readonly #options: ClientOptions

  constructor(options: ClientOptions) {
    this.#options = options
  }

  /** File a matter. */
  fileCase(body: CaseWanted, options: CallOptions = {}): Promise<CaseFiled> {
    return this.#call('POST', '/api/enterprise/v1/cases', { ...options, body })
  }

  /** Your cases, newest first. */
  listCases(query: { state?: string; filedSince?: string; changedSince?: string; limit?: number; cursor?: string } = {}, options: CallOptions = {}): Promise<CasePage> {
    return this.#call('GET', '/api/enterprise/v1/cases', { ...options, query })
  }

  /** One case by its number. */
  getCase(number: string, options: CallOptions = {}): Promise<Case> {
    return this.#call('GET', `/api/enterprise/v1/cases/${encodeURIComponent(number)}`, { ...options })
  }

  /** One case by your own id. */
  getCaseByExternalId(externalId: string, options: CallOptions = {}): Promise<Case> {
    return this.#call('GET', `/api/enterprise/v1/cases/by-external-id/${encodeURIComponent(externalId)}`, { ...options })
  }

  /** Subjects under which a matter may be filed. */
  listSubjects(options: CallOptions = {}): Promise<Subjects> {
    return this.#call('GET', '/api/enterprise/v1/subjects', { ...options })
  }

  /** Add information, or answer what was asked. */
  addInformation(number: string, body: Information, options: CallOptions = {}): Promise<Case> {
    return this.#call('POST', `/api/enterprise/v1/cases/${encodeURIComponent(number)}/information`, { ...options, body })
  }

  /** Urge it. */
  urgeCase(number: string, options: CallOptions = {}): Promise<Case> {
    return this.#call('POST', `/api/enterprise/v1/cases/${encodeURIComponent(number)}/urge`, { ...options })
  }

  /** Take it back. */
  withdrawCase(number: string, options: CallOptions = {}): Promise<Case> {
    return this.#call('POST', `/api/enterprise/v1/cases/${encodeURIComponent(number)}/withdrawal`, { ...options })
  }

  /** Say how it went: solved or not. */
  followUpCase(number: string, body: FollowUp, options: CallOptions = {}): Promise<Case> {
    return this.#call('POST', `/api/enterprise/v1/cases/${encodeURIComponent(number)}/follow-up`, { ...options, body })
  }

  /** Keep a document for an application. */
  keepFile(body: FileWanted, options: CallOptions = {}): Promise<File> {
    return this.#call('POST', '/api/enterprise/v1/files', { ...options, body })
  }

  /** Apply for an item. */
  applyForItem(body: ApplicationWanted, options: CallOptions = {}): Promise<Application> {
    return this.#call('POST', '/api/enterprise/v1/applications', { ...options, body })
  }

  /** Your applications, newest first. */
  listApplications(query: { limit?: number; cursor?: string } = {}, options: CallOptions = {}): Promise<ApplicationPage> {
    return this.#call('GET', '/api/enterprise/v1/applications', { ...options, query })
  }

  /** One application by its number. */
  getApplication(number: string, options: CallOptions = {}): Promise<Application> {
    return this.#call('GET', `/api/enterprise/v1/applications/${encodeURIComponent(number)}`, { ...options })
  }

  /** Your webhooks. */
  listWebhooks(options: CallOptions = {}): Promise<Webhooks> {
    return this.#call('GET', '/api/enterprise/v1/webhooks', { ...options })
  }

  /** Add a webhook; its secret is told this once. */
  addWebhook(body: WebhookWanted, options: CallOptions = {}): Promise<WebhookMade> {
    return this.#call('POST', '/api/enterprise/v1/webhooks', { ...options, body })
  }

  /** Remove a webhook. */
  removeWebhook(id: string, options: CallOptions = {}): Promise<void> {
    return this.#call('DELETE', `/api/enterprise/v1/webhooks/${encodeURIComponent(id)}`, { ...options })
  }

  /** @throws ProblemError for every refusal */
  async #call<T>(method: string, path: string, { body, query = {}, idempotencyKey, signal }: Sent): Promise<T> {
    const { baseUrl, key, language = 'zh-Hans' } = this.#options
    const url = new URL(baseUrl.replace(/\/+$/, '') + path)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
    const answer = await (this.#options.fetch ?? fetch)(url, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'accept-language': language,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    })
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T
    const retryAfter = answer.headers.get('retry-after')
    throw new ProblemError((await answer.json()) as Problem, retryAfter === null ? null : Number(retryAfter))
  }
}
