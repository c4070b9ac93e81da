import type pg from 'pg'
import { runStatement } from './connection.ts'

/** How many numbers a process takes at once: one commit of their own for as many filings; what is left over is a gap. */
const BLOCK = 16

/** Gives out the numbers of each local day, reserved from the database in blocks, never one twice. */
export class CaseSequences {
  readonly #pool: pg.Pool
  readonly #blocks = new Map<string, Block>()

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async take(localDate: string): Promise<number> {
    const block = this.#blockOf(localDate)
    for (;;) {
      if (block.next <= block.last) return block.next++
      // Whoever waits for the same refill looks again: another may have emptied it meanwhile.
      block.refill ??= this.#reserve(localDate, block).finally(() => {
        block.refill = null
      })
      await block.refill
    }
  }

  #blockOf(localDate: string): Block {
    const known = this.#blocks.get(localDate)
    if (known) return known
    // Only neighbouring days are ever asked for: forget the oldest.
    const [oldest] = this.#blocks.keys()
    if (this.#blocks.size >= 4) this.#blocks.delete(oldest!)
    const block: Block = { next: 1, last: 0, refill: null }
    this.#blocks.set(localDate, block)
    return block
  }

  async #reserve(localDate: string, block: Block): Promise<void> {
    const [row] = await runStatement<{ last: number }>(this.#pool, {
      name: 'reserve-sequences',
      text: `insert into case_sequences as day (local_date, last) values ($1, $2)
        on conflict (local_date) do update set last = day.last + $2 returning last`,
      values: [localDate, BLOCK],
    })
    block.last = row!.last
    block.next = row!.last - BLOCK + 1
  }
}

interface Block {
  next: number
  last: number
  refill: Promise<void> | null
}
