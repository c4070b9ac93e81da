import type { Conversation } from '../../conversation/message.ts'
import { storableJson } from './conversation-rows.ts'

/** People talk for a few minutes; that many talk at once on one instance. A conversation takes some kilobytes. */
const MOST_KEPT = 2000

/**
 * Conversations as this instance wrote them last, so that the next turn need not read. Another instance may have written
 * since: whoever decides on one of these finds out when saving, by the version.
 */
export class RecentConversations {
  /** Kept as JSON, so that it is what the store would give back and nobody shares it; oldest first. */
  readonly #kept = new Map<string, { conversation: Conversation; state: string }>()

  get(id: string): Conversation | null {
    const found = this.#kept.get(id)
    return found ? { ...found.conversation, state: JSON.parse(found.state) } : null
  }

  keep(conversation: Conversation): void {
    this.#kept.delete(conversation.id)
    this.#kept.set(conversation.id, {
      conversation: { ...conversation, state: null },
      state: storableJson(conversation.state ?? null),
    })
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value!)
  }

  forget(id: string): void {
    this.#kept.delete(id)
  }
}
