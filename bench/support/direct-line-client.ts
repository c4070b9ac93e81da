import { Agent, request } from 'node:http'
import { SECRET } from './spawn-line.ts'

/** A conversation that a client may speak in. */
export interface OpenConversation {
  id: string
  token: string
}

interface Activity {
  text?: string
  channelData?: { key?: string; cases?: { number: string }[] }
}

/** A lean client with kept connections, so that the measuring costs less than what is measured. */
export class DirectLineClient {
  readonly #url: URL
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })

  constructor(url: string) {
    this.#url = new URL(url)
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
    this.#agent.destroy()
  }

  #post(path: string, token: string, body: object): Promise<Record<string, unknown>> {
    const payload = JSON.stringify(body)
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
    const sent = request(
      {
        hostname: this.#url.hostname,
        port: this.#url.port,
        path,
        method: 'POST',
        agent: this.#agent,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        },
      },
      response => {
        const pieces: Buffer[] = []
        response.on('data', piece => pieces.push(piece))
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString()
          if (response.statusCode! >= 300) return reject(new Error(`${path}: ${response.statusCode} ${text}`))
          resolve(JSON.parse(text))
        })
      },
    )
    sent.on('error', reject)
    sent.end(payload)
    return promise
  }
}
