/** Work for later, written with the change that causes it. `key` makes it happen once: a second job of the same name and key is dropped. */
export interface Job {
  name:
    | 'follow-neighbours'
    | 'notify-department'
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
