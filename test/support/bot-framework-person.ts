import { randomUUID } from 'node:crypto'

/** Somebody on a channel of the Bot Framework, and what the connector posts when they do something. */
export class BotFrameworkPerson {
  readonly userId = `user-${randomUUID()}`
  readonly conversationId = `conversation-${randomUUID()}`
  readonly channelId: string
  /** Where answers to them go. */
  readonly serviceUrl: string
  #ids = 1

  constructor(channelId: string, serviceUrl: string) {
    this.channelId = channelId
    this.serviceUrl = serviceUrl
  }

  activity(fields: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      type: 'message',
      id: `${this.conversationId}|${String(this.#ids++).padStart(7, '0')}`,
      timestamp: new Date().toISOString(),
      channelId: this.channelId,
      serviceUrl: this.serviceUrl,
      from: { id: this.userId, name: 'You' },
      recipient: { id: 'bot@id', name: 'yihao' },
      conversation: { id: this.conversationId },
      ...fields,
    }
  }
}
