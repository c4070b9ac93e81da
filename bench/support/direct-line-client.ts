import type { Post } from '../../test/support/post.ts'
import { keptPost } from './kept-post.ts'
import { SECRET } from './measured-line.ts'

/** A conversation that a client may speak in. */
export interface OpenConversation {
  id: string
  token: string
}

interface Activity {
  text?: string
  channelData?: { key?: string; cases?: { number: string }[] }
}

/** Speaks Direct Line over kept connections. */
export class DirectLineClient {
  readonly #kept: { post: Post; close(): void }

  constructor(url: string) {
    this.#kept = keptPost(url)
  }

  async open(): Promise<OpenConversation> {
    const minted = await this.#post('/v3/directline/tokens/generate', SECRET, {})
    const started = await this.#post('/v3/directline/conversations', minted.token as string, {
      locale: 'zh-CN',
    })
    return { id: started.conversationId as string, token: started.token as string }
  }

  /** Says something; the turn is over when this is answered. */
  async say(conversation: OpenConversation, text: string): Promise<void> {
    await this.#post(`/v3/directline/conversations/${conversation.id}/activities`, conversation.token, {
      type: 'message',
      text,
    })
  }

  /** Says something and returns what the line answered. */
  async ask(conversation: OpenConversation, text: string): Promise<Activity[]> {
    const path = `/v3/directline/conversations/${conversation.id}/activities`
    const body = { type: 'message', text, deliveryMode: 'expectReplies' }
    return (await this.#post(path, conversation.token, body)).activities as Activity[]
  }

  close(): void {
    this.#kept.close()
  }

  async #post(path: string, token: string, body: object): Promise<Record<string, unknown>> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const { status, text } = await this.#kept.post(path, { headers, body: JSON.stringify(body) })
    if (status >= 300) throw new Error(`${path}: ${status} ${text}`)
    return JSON.parse(text)
  }
}
