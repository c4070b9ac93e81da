/** Work for later, written with the change that causes it. `key` makes it happen once: a second job of the same name and key is dropped. */
export interface Job {
  name:
    | 'follow-neighbours'
    | 'notify-department'
    | 'notify-enterprise'
    | 'notify-resident'
    | 'push-message'
    | 'send-sms'
    | 'send-webhook'
  key: string
  data: {
    caseId: string
    seq: number
    event: string
    webhookId?: string
    after?: string
    /** Of `push-message`: the line of the transcript that says it. */
    entry?: number
  }
  /** Not to be worked before. */
  startAfter?: Date
}

/** The line's answer to a short message: it stands in the transcript, and is sent from there. */
export interface AnswerJob {
  name: 'answer-sms'
  key: string
  data: { conversationId: string; externalId: string }
  startAfter?: Date
}

/** What a person wrote in a chat, or was announced there, goes to the channel that the resident came by. */
export interface ChatJob {
  name: 'push-chat'
  key: string
  /** Up to which line of the transcript. */
  data: { chatId: string; conversationId: string; seq: number }
  startAfter?: Date
}

/** What the line says without being asked, e.g. that a number of the hall is called, goes to the channel of the conversation. */
export interface PushJob {
  name: 'push-unasked'
  key: string
  data: { conversationId: string; seq: number }
  startAfter?: Date
}

export type AnyJob = Job | AnswerJob | ChatJob | PushJob
/** What jobs of a name carry. */
export type JobData<N extends AnyJob['name']> =
  Extract<AnyJob, { name: N }> extends never ? Job['data'] : Extract<AnyJob, { name: N }>['data']
