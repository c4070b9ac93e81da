import { type AnswerAllowance, answerBySms } from '../../src/usecases/answer-by-sms.ts'
import type { ShortMessage, SmsGateway } from '../../src/usecases/notice-ports.ts'
import { fetchPost } from './post.ts'
import type { Desk } from './use-test-line.ts'

export const SMS_SECRET = 'a-secret-end-of-the-address'
export const SMS_SETTINGS = { SMS_UP_PATH: SMS_SECRET, SMS_GATEWAY: 'log' }

let numbers = 13_900_000_000
let ids = 1_000_000

/** A number that nobody had before. */
export const freshNumber = (): string => String(numbers++)

export interface SmsUp {
  phone_number?: unknown
  content?: unknown
  send_time?: unknown
  dest_code?: unknown
  sequence_id?: unknown
}

/** A message from this number, as the provider tells it. */
export function smsUp(number: string, content: string): SmsUp {
  const sent = { send_time: '2026-11-24 10:00:00', dest_code: '1234', sequence_id: String(ids++) }
  return { phone_number: number, content, ...sent }
}

/** Posts as the provider does; what is given replaces the whole body. */
export async function pushUp(
  url: string,
  batch: readonly SmsUp[] | string,
  secret = SMS_SECRET,
): Promise<{ status: number; body: string }> {
  const { status, text: body } = await fetchPost(url)(`/channels/sms/${secret}`, {
    headers: { 'content-type': 'application/json;charset=utf-8' },
    body: typeof batch === 'string' ? batch : JSON.stringify(batch),
  })
  return { status, body }
}

/** A gateway that keeps what it was given; a second message of a key is dropped, as gateways do. */
export class KeepingGateway implements SmsGateway {
  readonly sent: ShortMessage[] = []

  async send(message: ShortMessage): Promise<'sent'> {
    if (!this.sent.some(({ key }) => key === message.key)) this.sent.push(message)
    return 'sent'
  }
}

export const WITHOUT_END: AnswerAllowance = { take: async () => {}, giveBack: async () => {} }

/** Works the jobs that wait, each key once, as the queue does. */
export async function sendAnswers({ line, record }: Desk, gateway: SmsGateway): Promise<void> {
  const jobs = new Map(record.answers.splice(0).map(job => [job.key, job]))
  for (const job of jobs.values())
    await answerBySms(line, { ...job, isLastTry: false }, { gateway, allowance: WITHOUT_END })
}

/** Somebody with a mobile phone. */
export class SmsClient {
  readonly #url: string
  readonly #desk: Desk
  readonly #gateway = new KeepingGateway()
  readonly number: string

  constructor(url: string, desk: Desk, number = freshNumber()) {
    this.#url = url
    this.#desk = desk
    this.number = number
  }

  up(content: string, more: SmsUp = {}): SmsUp {
    return { ...smsUp(this.number, content), ...more }
  }

  /** Sends a message and returns the one that comes back; "" when none does. */
  async say(content: string): Promise<string> {
    const { status } = await pushUp(this.#url, [this.up(content)])
    if (status !== 200) throw new Error(`the provider was answered with ${status}`)
    const before = this.#gateway.sent.length
    await sendAnswers(this.#desk, this.#gateway)
    return this.#gateway.sent
      .slice(before)
      .map(({ text }) => text)
      .join('\n')
  }
}
