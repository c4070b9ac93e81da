import { type JsonRequest, Refused, requestJson, Unreachable } from '../shared/http.ts'
import type { Activity, Batch, ConversationAnswer, MintedToken, Session } from './direct-line-wire.ts'

/** `live`: over the socket. `polling`: by asking again and again. `offline`: nobody answers. */
export type LinkState = 'connecting' | 'live' | 'polling' | 'offline'

interface DirectLineEvents {
  onActivity(activity: Activity): void
  onLink(state: LinkState): void
}

export interface DirectLineOptions extends DirectLineEvents {
  load(): Session | null
  save(session: Session): void
  locale(): string
}

const PREFIX = '/v3/directline'
const KEEP_ALIVE_MS = 20_000
const OPEN_WITHIN_MS = 6_000
const POLL_MS = { watched: 1_500, hidden: 15_000 }
/** After this many sockets in a row that never opened, ask instead; try a socket again after `SOCKET_AGAIN_MS`. */
const SOCKET_TRIES = 2
const SOCKET_AGAIN_MS = 60_000

/**
 * The page's own Direct Line client: one conversation, over a socket where that works, by polling where not. Resumes after a
 * reload and after a lost network from the last watermark; whoever listens drops activities whose id it has seen.
 */
export class DirectLine {
  readonly #options: DirectLineOptions
  #session: Session | null
  #opening: Promise<Session> | null = null
  #socket: WebSocket | null = null
  #link: LinkState = 'connecting'
  #failures = 0
  #socketFailures = 0
  #prefersPolling = false
  #isRunning = false
  /** The server does not know the conversation any more. */
  #isGone = false
  #nextRound: ReturnType<typeof setTimeout> | undefined
  #keepAlive: ReturnType<typeof setInterval> | undefined
  #round = 0

  constructor(options: DirectLineOptions) {
    this.#options = options
    this.#session = options.load()
  }

  /** Who the person is to the line; known once the first token is there. */
  get userId(): string {
    return this.#session?.userId ?? ''
  }

  start(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    addEventListener('online', this.#wake)
    addEventListener('offline', this.#wentOffline)
    document.addEventListener('visibilitychange', this.#wake)
    this.#schedule(0)
  }

  stop(): void {
    this.#isRunning = false
    removeEventListener('online', this.#wake)
    removeEventListener('offline', this.#wentOffline)
    document.removeEventListener('visibilitychange', this.#wake)
    clearTimeout(this.#nextRound)
    this.#dropSocket()
  }

  /**
   * Sends an activity; the answer is its id. The same `clientActivityID` again is the same message to the line.
   * @throws Refused, Unreachable
   */
  async send(activity: Activity): Promise<string> {
    return this.#post('activities', () => ({ body: { ...activity, from: { id: this.userId } } }))
  }

  /**
   * Sends an activity with files.
   * @throws Refused, Unreachable
   */
  async upload(activity: Activity, files: readonly File[]): Promise<string> {
    const path = `upload?userId=${encodeURIComponent(this.userId)}`
    return this.#post(path, () => {
      const form = new FormData()
      const json = JSON.stringify({ ...activity, from: { id: this.userId } })
      form.append(
        'activity',
        new Blob([json], { type: 'application/vnd.microsoft.activity' }),
        'activity.json',
      )
      for (const file of files) form.append('file', file, file.name)
      return { body: form, timeoutMs: 120_000 }
    })
  }

  /** Asks once for what is new; for when an answer is expected and the socket may be dead without knowing it. */
  async catchUp(): Promise<void> {
    const session = await this.#open()
    const query = session.watermark === null ? '' : `?watermark=${encodeURIComponent(session.watermark)}`
    const path = `${PREFIX}/conversations/${session.conversationId}/activities${query}`
    try {
      this.#receive(await requestJson<Batch>(path, { token: session.token }))
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 400 || session.watermark === null) throw error
      // The watermark is not known any more: everything again, and what was seen is dropped by id.
      this.#saveSession({ ...session, watermark: null })
    }
  }

  async #post(path: string, build: () => JsonRequest): Promise<string> {
    for (let attempt = 0; ; attempt++) {
      const session = await this.#open()
      const request = { method: 'POST', token: session.token, ...build() } as const
      try {
        const url = `${PREFIX}/conversations/${session.conversationId}/${path}`
        return (await requestJson<{ id?: string }>(url, request)).id ?? ''
      } catch (error) {
        if (attempt > 0 || !this.#isStaleSession(error)) throw error
        await this.#renew(session, error)
      }
    }
  }

  #isStaleSession(error: unknown): error is Refused {
    return error instanceof Refused && [401, 403, 404].includes(error.status)
  }

  // Rounds: each makes sure of a session, then a socket, then (without one) asks for what is new.

  #schedule(delayMs: number): void {
    if (!this.#isRunning) return
    clearTimeout(this.#nextRound)
    this.#nextRound = setTimeout(() => void this.#turn(), delayMs)
  }

  async #turn(): Promise<void> {
    const round = ++this.#round
    try {
      const session = await this.#open()
      if (round !== this.#round || !this.#isRunning) return
      if (this.#socket) return
      if (!this.#prefersPolling && (await this.#connectSocket(session))) return
      await this.catchUp()
      this.#failures = 0
      this.#setLink('polling')
      this.#schedule(document.hidden ? POLL_MS.hidden : POLL_MS.watched)
    } catch (error) {
      await this.#afterFailure(error)
    }
  }

  async #afterFailure(error: unknown): Promise<void> {
    this.#failures++
    if (error instanceof Unreachable || (error instanceof Refused && error.status >= 500))
      this.#setLink('offline')
    if (this.#isStaleSession(error) && this.#session) await this.#renew(this.#session, error).catch(() => {})
    const wait = error instanceof Refused ? (error.retryAfterSeconds ?? 0) * 1000 : 0
    this.#schedule(Math.max(wait, backoff(this.#failures)))
  }

  /** The session, opened on the first call; concurrent callers share one opening. */
  #open(): Promise<Session> {
    const session = this.#session
    if (session?.token && session.expiresAt > Date.now() + 5_000) {
      if (session.expiresAt - Date.now() < 12 * 60_000) void this.#refresh(session)
      return Promise.resolve(session)
    }
    this.#opening ??= this.#begin().finally(() => {
      this.#opening = null
    })
    return this.#opening
  }

  async #begin(): Promise<Session> {
    const before = this.#session
    // A cookie that no script can read tells the broker who this browser is and which conversation it had.
    const body = this.#isGone ? { isNew: true } : {}
    const minted = await requestJson<MintedToken>('/api/web-chat/token', { body })
    const answer = await requestJson<ConversationAnswer>(`${PREFIX}/conversations`, {
      token: minted.token,
      body: { user: { id: minted.userId }, locale: this.#options.locale() },
    })
    this.#isGone = false
    const isSame = before !== null && before.conversationId === answer.conversationId
    const session: Session = {
      userId: minted.userId,
      conversationId: answer.conversationId,
      token: answer.token ?? minted.token,
      expiresAt: Date.now() + (answer.expires_in ?? minted.expires_in) * 1000,
      watermark: isSame ? before.watermark : null,
    }
    this.#saveSession(session)
    return session
  }

  async #renew(stale: Session, error: Refused): Promise<void> {
    // Somebody else renewed it in the meantime.
    if (this.#session?.token !== stale.token) return
    this.#isGone = error.status === 404
    this.#dropSocket()
    this.#session = { ...stale, expiresAt: 0 }
    await this.#open()
  }

  #isRefreshing = false
  async #refresh(session: Session): Promise<void> {
    if (this.#isRefreshing) return
    this.#isRefreshing = true
    try {
      const answer = await requestJson<ConversationAnswer>(`${PREFIX}/tokens/refresh`, {
        method: 'POST',
        token: session.token,
      })
      if (answer.token && this.#session?.conversationId === session.conversationId) {
        const expiresAt = Date.now() + (answer.expires_in ?? 1800) * 1000
        this.#saveSession({ ...this.#session, token: answer.token, expiresAt })
      }
    } catch {
      // The next request finds out whether the old token still holds.
    } finally {
      this.#isRefreshing = false
    }
  }

  /** Opens a socket; false when it does not open. */
  async #connectSocket(session: Session): Promise<boolean> {
    const query = session.watermark === null ? '' : `?watermark=${encodeURIComponent(session.watermark)}`
    const path = `${PREFIX}/conversations/${session.conversationId}${query}`
    const { streamUrl } = await requestJson<ConversationAnswer>(path, { token: session.token })
    if (!streamUrl || typeof WebSocket === 'undefined') return this.#socketFailed()
    return new Promise(resolve => {
      const socket = new WebSocket(sameHost(streamUrl))
      const tooSlow = setTimeout(() => socket.close(), OPEN_WITHIN_MS)
      let hasOpened = false
      socket.onopen = () => {
        clearTimeout(tooSlow)
        hasOpened = true
        this.#socketOpened(socket)
        resolve(true)
      }
      socket.onmessage = event => this.#receiveFrame(event.data)
      socket.onclose = event => {
        clearTimeout(tooSlow)
        if (hasOpened) this.#socketClosed(socket, event)
        else resolve(this.#socketFailed())
      }
    })
  }

  #socketOpened(socket: WebSocket): void {
    this.#dropSocket()
    this.#socket = socket
    this.#failures = 0
    this.#socketFailures = 0
    this.#setLink('live')
    this.#keepAlive = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send('')
      // Keeps the token fresh while nobody writes.
      void this.#open().catch(() => {})
    }, KEEP_ALIVE_MS)
  }

  #socketFailed(): false {
    this.#socketFailures++
    if (this.#socketFailures >= SOCKET_TRIES) this.#pollForAWhile()
    return false
  }

  #socketClosed(socket: WebSocket, event: CloseEvent): void {
    if (this.#socket !== socket) return
    this.#dropSocket()
    // Another tab has the socket now. Taking it back would make the two fight for ever.
    if (event.reason === 'collision') this.#pollForAWhile()
    this.#setLink(navigator.onLine ? 'connecting' : 'offline')
    this.#schedule(backoff(++this.#failures))
  }

  #pollForAWhile(): void {
    this.#prefersPolling = true
    setTimeout(() => {
      this.#prefersPolling = false
      this.#socketFailures = 0
    }, SOCKET_AGAIN_MS)
  }

  #dropSocket(): void {
    clearInterval(this.#keepAlive)
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }

  #receiveFrame(data: unknown): void {
    // The server's keep-alive is an empty frame.
    if (typeof data !== 'string' || data === '') return
    this.#receive(JSON.parse(data) as Batch)
  }

  #receive({ activities, watermark }: Batch): void {
    for (const activity of activities ?? []) this.#options.onActivity(activity)
    if (watermark != null && this.#session)
      this.#saveSession({ ...this.#session, watermark: String(watermark) })
  }

  #saveSession(session: Session): void {
    this.#session = session
    this.#options.save(session)
  }

  #setLink(state: LinkState): void {
    if (state === this.#link) return
    this.#link = state
    this.#options.onLink(state)
  }

  #wake = (): void => {
    if (document.hidden || this.#socket) return
    this.#failures = 0
    this.#schedule(0)
  }

  #wentOffline = (): void => {
    this.#dropSocket()
    this.#setLink('offline')
  }
}

/** Half a second, one, two … up to 20 s, give or take a quarter so that phones do not return in step. */
function backoff(failures: number): number {
  return Math.min(20_000, 500 * 2 ** Math.min(failures - 1, 6)) * (0.75 + Math.random() / 2)
}

/** The stream's address on the host that served this page: behind a proxy the server may not know its own name. */
function sameHost(streamUrl: string): string {
  const url = new URL(streamUrl, location.href)
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  return `${scheme}://${location.host}${url.pathname}${url.search}`
}
