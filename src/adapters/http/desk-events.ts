import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account, Bus, BusMessage } from '../../usecases/ports.ts'
import { openEventStream } from './event-stream.ts'

const HIGH_WATER = 1 << 16

/**
 * Live news of the desk as server-sent events: `case` with `{caseId, version}`, `chat` with `{chatId, seq}` and `task` with `{taskId, kind}`, whereupon the page
 * asks anew for what it shows. Only ids leave here, so everyone at the desk may hear them; what they may see is decided when they ask.
 */
export class DeskEvents {
  readonly #replies = new Set<FastifyReply>()
  readonly #unsubscribe: () => void
  #pending = ''

  constructor(bus: Pick<Bus, 'subscribe'>) {
    this.#unsubscribe = bus.subscribe(message => {
      const frame = frameOf(message)
      if (frame !== null) this.#tell(frame)
    })
  }

  /** Keeps the answer open. The session is looked at again with each heartbeat. */
  open(request: FastifyRequest, reply: FastifyReply, account: () => Promise<Account>): void {
    openEventStream(request, reply, { still: account, onClose: () => this.#replies.delete(reply) })
    this.#replies.add(reply)
  }

  close(): void {
    this.#unsubscribe()
    for (const reply of this.#replies) reply.raw.end()
  }

  /** What comes in one turn of the event loop leaves as one write a desk: with hundreds of them writing is what costs. */
  #tell(frame: string): void {
    if (this.#pending === '') setImmediate(() => this.#flush())
    this.#pending += frame
  }

  /** A page that does not read misses news; it refetches when it connects again. */
  #flush(): void {
    const news = Buffer.from(this.#pending)
    this.#pending = ''
    for (const reply of this.#replies) {
      if (reply.raw.writableLength > HIGH_WATER) reply.raw.destroy()
      else reply.raw.write(news)
    }
  }
}

/** As it is written to every desk; null for what no desk waits for. */
function frameOf(message: BusMessage): string | null {
  if (message.topic === 'case') {
    const { caseId, version } = message
    return `id: ${caseId}.${version}\nevent: case\ndata: ${JSON.stringify({ caseId, version })}\n\n`
  }
  if (message.topic === 'chat') {
    const { chatId, seq } = message
    // No id: who connects again asks for all chats anyway.
    return `event: chat\ndata: ${JSON.stringify({ chatId, seq })}\n\n`
  }
  if (message.topic !== 'task') return null
  const { taskId, kind } = message
  return `event: task\ndata: ${JSON.stringify({ taskId, kind })}\n\n`
}
