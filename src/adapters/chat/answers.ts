import type { FastifyInstance } from 'fastify'
import type { Channel } from '../../cases/channels.ts'
import { HOUR } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { ChatSender } from '../../usecases/channel-ports.ts'
import type { Heard } from '../../usecases/hear-message.ts'
import { piecesOf } from '../../usecases/say-in-text.ts'
import { bubble, type ChatLine } from './chat-line.ts'
import { inTime } from './in-time.ts'
import { messageIdOf } from './text-sender.ts'

export interface AnswerParts {
  channel: Channel
  line: ChatLine
  sender: ChatSender
  /** How long the vendor waits for the answer to its request. */
  withinMs: number
}

/** For what an answer is: a request, or a message that was fetched. */
export interface Asked {
  id: string
  log: { error(details: object, message: string): void }
}

/** How long a vendor may go on repeating what it was not answered to. */
const REPEATED_FOR_MS = HOUR

/** To whom, and to what: the same for repeats, so that a channel that can shows the answer once. */
export interface AnswerTo {
  address: string
  key: string
}

/** The answer to what this person did. */
export function answerTo(address: string, event: object): AnswerTo {
  return { address, key: `${address}:${'externalId' in event ? event.externalId : ''}` }
}

/** The answers of one channel; those underway are finished before the server closes. */
export class Answers {
  readonly #parts: AnswerParts
  readonly #underway = new Set<Promise<void>>()

  constructor(app: FastifyInstance, parts: AnswerParts) {
    this.#parts = parts
    app.addHook('onClose', async () => void (await Promise.allSettled(this.#underway)))
  }

  /**
   * What to answer the request with, at most so many bytes; empty when there is nothing to say. What comes too late or does not fit
   * follows as a message of its own, once: while that is underway, and when it has arrived, repeats are answered with nothing.
   */
  async inRequest(work: Promise<Heard>, to: AnswerTo, mostBytes: number, asked: Asked): Promise<string> {
    const { line, withinMs } = this.#parts
    const outcome = await inTime(this.#orApology(work, asked), withinMs)
    if (!outcome.isInTime) {
      await this.#followOnce('late', outcome.later, to, asked)
      return ''
    }
    if (await line.shared.wasAsked(this.#onceKey('late', to))) return ''
    const { said, locale } = outcome.value
    const [first = '', ...rest] = piecesOf(line.inText(said, locale), mostBytes)
    if (rest.length > 0)
      await this.#followOnce('rest', Promise.resolve({ said: [bubble(rest.join('\n'))], locale }), to, asked)
    return first
  }

  /** Over all instances one message follows, however often the vendor repeats; one that could not be sent may follow again. */
  async #followOnce(part: 'late' | 'rest', work: Promise<Heard>, to: AnswerTo, asked: Asked): Promise<void> {
    const { shared } = this.#parts.line
    const key = this.#onceKey(part, to)
    if (!(await shared.once(key, REPEATED_FOR_MS))) return
    this.#follow(work, to, asked, heard =>
      this.#send(heard, to).catch(async error => {
        await shared.takeBack(key)
        throw error
      }),
    )
  }

  /** Hashed: addresses of people are no names of keys. */
  #onceKey(part: 'late' | 'rest', { key }: AnswerTo): string {
    return `${this.#parts.channel}-${part}:${messageIdOf(key, 0)}`
  }

  #send({ said, locale }: Heard, { address, key }: AnswerTo): Promise<unknown> {
    const { line, sender, channel } = this.#parts
    return sender.send(line.contactOf({ channel, address }), said, locale, key)
  }

  /**
   * For vendors that only want to know that it has arrived: returns when it is heard, or after the time that they wait. The answer
   * goes by `send`, or else by the channel's sender.
   */
  async apart(
    work: Promise<Heard>,
    to: AnswerTo,
    asked: Asked,
    send?: (heard: Heard) => Promise<unknown>,
  ): Promise<void> {
    const heard = this.#orApology(work, asked)
    this.#follow(heard, to, asked, send)
    await inTime(heard, this.#parts.withinMs)
  }

  /** Sends by itself what comes later. */
  #follow(
    work: Promise<Heard>,
    to: AnswerTo,
    asked: Asked,
    send: (heard: Heard) => Promise<unknown> = heard => this.#send(heard, to),
  ): void {
    const sending = work
      .then(async heard => {
        if (heard.said.length > 0) await send(heard)
      })
      .catch(error => asked.log.error({ err: error }, `${this.#parts.channel}: an answer could not be sent`))
      .finally(() => this.#underway.delete(sending))
    this.#underway.add(sending)
  }

  #orApology(work: Promise<Heard>, asked: Asked): Promise<Heard> {
    return work.catch(error => apologyFor(error, this.#parts.line, asked))
  }
}

/** A refused or failed turn is answered in words: anything else would be shown as a failure of the account, or not at all. */
export function apologyFor(error: unknown, line: Pick<ChatLine, 'texts'>, { id, log }: Asked): Heard {
  const isExpected = error instanceof AppError
  if (!isExpected) log.error({ err: error }, 'unforeseen error')
  const text = isExpected
    ? line.texts('zh-Hans', `error.${error.code}`, error.details)
    : line.texts('zh-Hans', 'error.internal', { id })
  return { said: [bubble(text)], locale: 'zh-Hans' }
}
