import { setTimeout as sleep } from 'node:timers/promises'

/** What people were told, and whatever they should never have been told. */
export interface SoakRecord {
  /** Case numbers that a resident was told. */
  filings: string[]
  /** Case numbers whose signing was answered with success. */
  signed: string[]
  /** How often the line said clearly that it cannot answer now. */
  refusals: number
  /** How often the connection was refused or cut. */
  cuts: number
  /** Answers that are neither success nor a clear refusal. */
  oddities: string[]
}

/**
 * What everybody files: a matter that is sure of its department, so that every whole case begins alike, each at a place of its
 * own, so that no crowd is seen in them.
 */
const talkAt = (house: number) => [
  `人民路${house}号的路灯坏了好几天，晚上黑得看不见，老人摔了一跤`,
  '不留电话',
  '没问题，提交',
]
const RETRY_MS = 100

interface Asked {
  headers: Record<string, string>
  body: object
}

interface Activity {
  channelData?: { cases?: { number: string }[] }
}

/**
 * Residents who file one matter after another, and a handler who signs what was filed. Like real clients they send again
 * until they are answered, each message under an id of its own.
 */
export class SoakPeople {
  readonly record: SoakRecord = { filings: [], signed: [], refusals: 0, cuts: 0, oddities: [] }
  readonly #url: string
  readonly #secret: string
  #houses = 0
  #isOver = false
  #running: Promise<unknown> = Promise.resolve()

  constructor(url: string, secret: string) {
    this.#url = url
    this.#secret = secret
  }

  /** Begins; the handler works with this account, which must be an administrator's. */
  async begin(residents: number, account: { login: string; password: string }): Promise<void> {
    const session = await this.#logIn(account)
    const talking = Array.from({ length: residents }, () => this.#fileOnAndOn())
    this.#running = Promise.all([...talking, this.#signOnAndOn(session)])
  }

  /** Lets everyone finish what they are at. */
  async end(): Promise<void> {
    this.#isOver = true
    await this.#running
  }

  async #fileOnAndOn(): Promise<void> {
    while (!this.#isOver) {
      const conversation = await this.#open()
      const talk = talkAt(++this.#houses)
      for (const [index, text] of talk.entries()) {
        const replies = await this.#say(conversation, `m${index}`, text)
        const [filed] = replies.flatMap(reply => reply.channelData?.cases ?? [])
        if (index < talk.length - 1) continue
        if (filed) this.record.filings.push(filed.number)
        else this.record.oddities.push('a confirmed matter was not filed')
      }
    }
  }

  async #open(): Promise<{ id: string; token: string }> {
    const authorised = (token: string) => ({ authorization: `Bearer ${token}` })
    const { token } = await this.#ask('/v3/directline/tokens/generate', {
      headers: authorised(this.#secret),
      body: {},
    })
    const started = await this.#ask('/v3/directline/conversations', {
      headers: authorised(String(token)),
      body: { locale: 'zh-CN' },
    })
    return { id: String(started.conversationId), token: String(started.token) }
  }

  async #say(conversation: { id: string; token: string }, id: string, text: string): Promise<Activity[]> {
    const answer = await this.#ask(`/v3/directline/conversations/${conversation.id}/activities`, {
      headers: { authorization: `Bearer ${conversation.token}` },
      body: { type: 'message', text, deliveryMode: 'expectReplies', channelData: { clientActivityID: id } },
    })
    return answer.activities as Activity[]
  }

  async #signOnAndOn(headers: Record<string, string>): Promise<void> {
    let next = 0
    while (!this.#isOver || next < this.record.filings.length) {
      const number = this.record.filings[next]
      if (!number) {
        await sleep(RETRY_MS)
        continue
      }
      next++
      await this.#sign(number, headers)
    }
  }

  async #logIn(account: { login: string; password: string }): Promise<Record<string, string>> {
    const response = await fetch(`${this.#url}/api/desk/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#url },
      body: JSON.stringify(account),
    })
    if (!response.ok) throw new Error(`the desk refused the account: ${response.status}`)
    const { csrfToken } = (await response.json()) as { csrfToken: string }
    const cookies = response.headers.getSetCookie().map(line => line.split(';')[0])
    return { cookie: cookies.join('; '), 'x-csrf-token': csrfToken, origin: this.#url }
  }

  /** Decides on what the list shows; when somebody was faster, on what it shows then. */
  async #sign(number: string, headers: Record<string, string>): Promise<void> {
    for (;;) {
      const { rows } = await this.#ask('/api/desk/cases/search', { headers, body: { search: number } })
      const [row] = rows as { id: string; lead: string; version: number; state: string }[]
      if (!row) return void this.record.oddities.push(`case ${number} was told and is not in the list`)
      // Sent again after a cut, a signing meets its own success.
      if (row.state === 'handling') return void this.record.signed.push(number)
      const as = { role: 'handler', department: row.lead }
      const body = { action: 'sign', expectedVersion: row.version, as }
      const { error } = await this.#ask(`/api/desk/cases/${row.id}/actions`, { headers, body })
      if (!error) return void this.record.signed.push(number)
    }
  }

  /** Asks until there is an answer: success or a conflict. */
  async #ask(path: string, asked: Asked): Promise<Record<string, unknown>> {
    for (;;) {
      const answer = await this.#askOnce(path, asked).catch(() => null)
      if (answer && (answer.status < 300 || answer.status === 409)) return answer.json
      if (!answer) this.record.cuts++
      else if (answer.status === 503 && isClear(answer.json)) this.record.refusals++
      else this.record.oddities.push(`${path.split('/').at(-1)}: ${answer.status}`)
      await sleep(RETRY_MS)
    }
  }

  async #askOnce(path: string, { headers, body }: Asked) {
    const response = await fetch(`${this.#url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
}

/** A refusal names itself and has a sentence for people. */
function isClear(json: Record<string, unknown>): boolean {
  const { code, message } = (json.error ?? {}) as { code?: unknown; message?: unknown }
  return typeof code === 'string' && typeof message === 'string' && message !== ''
}
