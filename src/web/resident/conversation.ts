import { computed, reactive, ref } from 'vue'
import { Refused, requestJson, Unreachable } from '../shared/http.ts'
import { forget, keep, recall } from '../shared/keep.ts'
import { forgetAllCases } from '../shared/kept-cases.ts'
import { forgetAllFiles, keepFiles, recallFiles } from '../shared/kept-files.ts'
import { randomId } from '../shared/random-id.ts'
import { currentLocale, t } from '../shared/texts.ts'
import { DirectLine, type LinkState } from './direct-line.ts'
import type { Activity, Session } from './direct-line-wire.ts'
import { keepMessages, restoredMessages } from './kept-messages.ts'
import type { LineMessage, Message, OwnMessage } from './message-view.ts'
import { personState } from './person-state.ts'

/** As the server's cap; see the error `message-too-long`. */
export const LONGEST_MESSAGE = 8_000
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

/** The conversation as the page shows it: messages, what is under way, how the link is. */
export function startConversation() {
  const messages = reactive<Message[]>(restoredMessages())
  const link = ref<LinkState>('connecting')
  const isLineTyping = ref(false)
  const seen = new Set<string>(messages.map(message => message.id))
  const filesOf = new Map<string, File[]>()
  let typingTimer: ReturnType<typeof setTimeout> | undefined
  let isSending = false
  let failures = 0

  const line = new DirectLine({
    load: () => recall<Session>('session'),
    save: session => keep('session', session),
    locale: currentLocale,
    onActivity: receive,
    onLink(state) {
      link.value = state
      if (state === 'live' || state === 'polling') void sendWaiting()
    },
  })

  /** Says something. It is on the screen and in the queue at once, and leaves when it can. */
  function say(text: string, files: File[] = []): void {
    const id = randomId()
    if (files.length > 0) {
      filesOf.set(id, files)
      void keepFiles(id, files)
    }
    seen.add(id)
    messages.push({
      kind: 'own',
      id,
      at: new Date().toISOString(),
      text,
      files: files.map(fileView),
      delivery: 'waiting',
      problem: null,
    })
    save()
    void sendWaiting()
  }

  async function retry(message: OwnMessage): Promise<void> {
    if (!(await hasItsFiles(message))) {
      message.problem = t('web.chat.files-lost')
      return
    }
    message.delivery = 'waiting'
    message.problem = null
    failures = 0
    void sendWaiting()
  }

  /** What was chosen before a reload is fetched from where it was kept. */
  async function hasItsFiles({ id, files }: OwnMessage): Promise<boolean> {
    if (files.length === 0 || filesOf.has(id)) return true
    const kept = await recallFiles(id)
    if (kept.length === files.length) filesOf.set(id, kept)
    return filesOf.has(id)
  }

  /** Takes a message that could not be sent off the screen; its words come back for editing. */
  function takeBack(message: OwnMessage): string {
    messages.splice(messages.indexOf(message), 1)
    dropFiles(message)
    save()
    return message.text
  }

  /** Forgets everything that this device knows of the conversation, and begins anew. */
  async function clear(): Promise<void> {
    line.stop()
    forget('messages')
    forget('session')
    forget('draft')
    forgetAllCases()
    await forgetAllFiles()
    // Unreachable or not, what is kept on this device is gone; the cookie goes with the next try.
    await requestJson('/api/web-chat/forget', { method: 'POST', body: {} }).catch(() => {})
    location.reload()
  }

  async function sendWaiting(): Promise<void> {
    if (isSending) return
    isSending = true
    try {
      for (let next = nextWaiting(); next; next = nextWaiting()) {
        if (!(await deliver(next))) break
      }
    } finally {
      isSending = false
    }
  }

  const nextWaiting = () =>
    messages.find(
      (message): message is OwnMessage => message.kind === 'own' && message.delivery === 'waiting',
    )

  /** False when the queue should rest: the message stays first in it. */
  async function deliver(message: OwnMessage): Promise<boolean> {
    message.delivery = 'sending'
    try {
      if (!(await hasItsFiles(message))) throw new Refused(0, { message: t('web.chat.files-lost') }, null)
      await transmit(message)
      failures = 0
      markSent(message)
      expectAnswer()
      return true
    } catch (error) {
      return deliveryFailed(message, error)
    } finally {
      save()
    }
  }

  async function transmit(message: OwnMessage): Promise<void> {
    const activity: Activity = {
      type: 'message',
      text: message.text,
      locale: currentLocale(),
      channelData: { clientActivityID: message.id },
    }
    const files = filesOf.get(message.id)
    if (files) await line.upload(activity, files)
    else await line.send(activity)
  }

  function deliveryFailed(message: OwnMessage, error: unknown): boolean {
    const isPassing = error instanceof Unreachable || (error instanceof Refused && error.isPassing)
    if (!isPassing) {
      message.delivery = 'failed'
      message.problem = (error instanceof Refused && error.message) || t('web.chat.not-sent')
      return true
    }
    message.delivery = 'waiting'
    const wait = error instanceof Refused ? (error.retryAfterSeconds ?? 0) * 1000 : 0
    const pause = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!
    setTimeout(() => void sendWaiting(), Math.max(wait, pause))
    return false
  }

  /** Shows that the line is thinking, and looks once itself in case the socket is dead without knowing it. */
  function expectAnswer(): void {
    // A person reads it when they come to it; dots would promise an answer at once.
    if (personState(messages).is !== 'held') showTyping(15_000)
    const answered = messages.length
    setTimeout(() => {
      if (messages.length === answered) void line.catchUp().catch(() => {})
    }, 4_000)
  }

  function receive(activity: Activity): void {
    const isOwn = activity.from?.role === 'user' || activity.from?.id === line.userId
    if (activity.type === 'typing' && !isOwn) showTyping(8_000)
    if (activity.type !== 'message') return
    const own = ownMessageOf(activity)
    if (own) {
      markSent(own)
      own.files = storedFiles(activity, own.files)
    } else {
      append(activity, isOwn)
    }
    save()
  }

  function append(activity: Activity, isOwn: boolean): void {
    const id = activity.channelData?.clientActivityID ?? activity.id ?? randomId()
    if (seen.has(id)) return
    seen.add(id)
    messages.push(isOwn ? ownFromElsewhere(id, activity) : lineMessage(id, activity))
    if (!isOwn) isLineTyping.value = false
  }

  function ownMessageOf(activity: Activity): OwnMessage | undefined {
    const id = activity.channelData?.clientActivityID
    if (!id) return undefined
    return messages.find((message): message is OwnMessage => message.kind === 'own' && message.id === id)
  }

  function markSent(message: OwnMessage): void {
    message.delivery = 'sent'
    message.problem = null
    dropFiles(message)
  }

  function dropFiles({ id, files }: OwnMessage): void {
    filesOf.delete(id)
    if (files.length > 0) void keepFiles(id, [])
  }

  function showTyping(forMs: number): void {
    isLineTyping.value = true
    clearTimeout(typingTimer)
    typingTimer = setTimeout(() => {
      isLineTyping.value = false
    }, forMs)
  }

  function save(): void {
    keepMessages(messages)
  }

  line.start()

  return {
    messages,
    link,
    isLineTyping,
    /** Chips of the last thing the line said, until the person answers. */
    choices: computed(() => {
      const last = messages.at(-1)
      return last?.kind === 'line' ? last.choices : []
    }),
    expects: computed(() => {
      const last = [...messages].reverse().find(message => message.kind === 'line')
      return last?.kind === 'line' ? last.expects : 'text'
    }),
    hasWaiting: computed(() =>
      messages.some(message => message.kind === 'own' && ['waiting', 'sending'].includes(message.delivery)),
    ),
    say,
    retry,
    takeBack,
    clear,
  }
}

export type Conversation = ReturnType<typeof startConversation>

/** The files of a message as the server has them, under the names that the person knows. */
function storedFiles(activity: Activity, own: OwnMessage['files']): OwnMessage['files'] {
  if (!activity.attachments) return own
  return activity.attachments.map(({ name, contentType, contentUrl }, index) => {
    const type = contentType ?? ''
    const url = contentUrl && type.startsWith('image/') ? new URL(contentUrl, location.href) : null
    const preview = own[index]?.preview ?? (url ? url.pathname + url.search : null)
    return { name: own[index]?.name ?? name ?? '', type, preview }
  })
}

function fileView(file: File): OwnMessage['files'][number] {
  const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null
  return { name: file.name, type: file.type, preview }
}

function ownFromElsewhere(id: string, activity: Activity): OwnMessage {
  return {
    kind: 'own',
    id,
    at: activity.timestamp ?? new Date().toISOString(),
    text: activity.text ?? '',
    files: storedFiles(activity, []),
    delivery: 'sent',
    problem: null,
  }
}

function lineMessage(id: string, activity: Activity): LineMessage {
  const actions = activity.suggestedActions?.actions ?? []
  return {
    kind: 'line',
    id,
    at: activity.timestamp ?? new Date().toISOString(),
    text: activity.text ?? '',
    key: activity.channelData?.key ?? '',
    by: activity.channelData?.by ?? null,
    expects: activity.channelData?.expects ?? 'text',
    choices: actions.map(({ title, value }) => ({ title: title ?? '', say: String(value ?? title ?? '') })),
    cards: activity.channelData?.cards ?? [],
  }
}
