import type { CallNews, CallTrail, FinalUtterance, SpokenUtterance } from '../../usecases/phone-call-ports.ts'

/** Where a reader's news are written to. */
export interface Sink {
  /** Bytes that the reader has not taken yet. */
  buffered(): number
  write(event: { id?: number; event: 'call' | 'final' | 'partial'; data: object }): void
  /** Lets the reader go; it comes back with the id of the last final utterance that it has. */
  drop(): void
}

export interface CallSource {
  /** The call as it stands. */
  show(): Promise<object>
  /** Final utterances after a position, a page at a time. */
  utterances(after: number): Promise<FinalUtterance[]>
  trail(cursor: string | null): ReturnType<CallTrail['after']>
}

/** A reader that is this far behind gets no partial words; one that is further behind is let go. */
const FULL = 1 << 16
const TOO_FULL = 1 << 20

/**
 * One reader that follows one call. Final utterances come in the order of their positions, each once, however the bells ring: from the
 * trail while it has no gap, else from the store. Partial words come while they are news and the reader keeps up.
 */
export class CallFollower {
  readonly #source: CallSource
  readonly #sink: Sink
  readonly #finals = new Set<string>()
  readonly #revisions = new Map<string, number>()
  #position: number
  #target: number
  #cursor: string | null = null
  #isRung = true
  #isUnsure = true
  #pumping: Promise<void> | null = null

  /** @param position of the last final utterance that the reader has */
  constructor(source: CallSource, sink: Sink, position: number) {
    this.#source = source
    this.#sink = sink
    this.#position = position
    this.#target = position
  }

  /** There is news; final utterances reach up to the position. Without it nobody knows, and the store is asked. */
  ring(position?: number): Promise<void> {
    this.#isRung = true
    if (position === undefined) this.#isUnsure = true
    else this.#target = Math.max(this.#target, position)
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = null
    })
    return this.#pumping
  }

  async #pump(): Promise<void> {
    while (this.#isRung) {
      this.#isRung = false
      const isUnsure = this.#isUnsure
      this.#isUnsure = false
      const trail = await this.#source.trail(this.#cursor)
      this.#cursor = trail?.cursor ?? this.#cursor
      await this.#say(trail?.news ?? [], isUnsure || trail === null)
      if (this.#sink.buffered() > TOO_FULL) return this.#sink.drop()
    }
  }

  async #say(news: readonly CallNews[], isUnsure: boolean): Promise<void> {
    if (isUnsure || news.some(({ kind }) => kind === 'call'))
      this.#sink.write({ event: 'call', data: await this.#source.show() })
    for (const each of news) if (each.kind === 'final') this.#sayNext(each.utterance)
    if (isUnsure || this.#position < this.#target) await this.#readStore()
    this.#sayPartials(news)
  }

  async #readStore(): Promise<void> {
    for (;;) {
      const page = await this.#source.utterances(this.#position)
      if (page.length === 0) return
      for (const utterance of page) this.#sayNext(utterance)
    }
  }

  /** One behind a gap is not said: the store will have what is in between, and it. */
  #sayNext(utterance: FinalUtterance): void {
    this.#finals.add(utterance.utteranceId)
    this.#revisions.delete(utterance.utteranceId)
    this.#target = Math.max(this.#target, utterance.position)
    if (utterance.position !== this.#position + 1) return
    this.#position = utterance.position
    this.#sink.write({ id: utterance.position, event: 'final', data: utterance })
  }

  /** The newest words of each utterance that is not final. */
  #sayPartials(news: readonly CallNews[]): void {
    const newest = new Map<string, SpokenUtterance>()
    for (const each of news)
      if (each.kind === 'partial' && this.#isNews(each.utterance)) {
        newest.set(each.utterance.utteranceId, each.utterance)
        this.#revisions.set(each.utterance.utteranceId, each.utterance.revision)
      }
    if (this.#sink.buffered() > FULL) return
    for (const utterance of newest.values()) this.#sink.write({ event: 'partial', data: utterance })
  }

  #isNews({ utteranceId, revision }: SpokenUtterance): boolean {
    return !this.#finals.has(utteranceId) && revision > (this.#revisions.get(utteranceId) ?? -1)
  }
}
