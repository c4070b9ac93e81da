import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Bus } from '../../usecases/ports.ts'
import { openEventStream } from './event-stream.ts'

/** A burst of changes is told once, so that a hall full of phones does not ask for each. */
const GATHER_MS = 300

/** Tells open pages that the hall is not as it was, whereupon they ask anew; nothing of anybody leaves here. */
export class HallEvents {
  readonly #replies = new Set<FastifyReply>()
  readonly #unsubscribe: () => void
  #timer: NodeJS.Timeout | null = null

  constructor(bus: Pick<Bus, 'subscribe'>) {
    this.#unsubscribe = bus.subscribe(({ topic }) => {
      if (topic === 'hall') this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS)
    })
  }

  open(request: FastifyRequest, reply: FastifyReply): void {
    openEventStream(request, reply, {
      still: async () => undefined,
      onClose: () => this.#replies.delete(reply),
    })
    this.#replies.add(reply)
  }

  close(): void {
    this.#unsubscribe()
    if (this.#timer) clearTimeout(this.#timer)
    for (const reply of this.#replies) reply.raw.end()
  }

  /** A page that does not read is cut off; it asks for everything when it comes back. */
  #tell(): void {
    this.#timer = null
    for (const { raw } of this.#replies) {
      if (raw.writableLength > 0) raw.destroy()
      else raw.write('event: hall\ndata: {}\n\n')
    }
  }
}
