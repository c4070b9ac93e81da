import { keep, recall } from '../shared/keep.ts'
import { t } from '../shared/texts.ts'
import type { Message } from './message-view.ts'

const KEPT_MESSAGES = 80
/** Words that waited longer than this over a reload may not be meant any more. */
const ASK_AFTER_MS = 5 * 60_000

/** Keeps the conversation on this device, so that a reload shows it at once. */
export function keepMessages(messages: readonly Message[]): void {
  keep('messages', messages.slice(-KEPT_MESSAGES).map(forStorage))
}

/** What was on the screen before the reload. What waited only a moment goes out; what is older is sent when the person says so. */
export function restoredMessages(): Message[] {
  const messages = recall<Message[]>('messages') ?? []
  return messages.map(message => {
    if (message.kind === 'line' || message.delivery === 'sent' || message.delivery === 'failed')
      return message
    const isOld = Date.now() - Date.parse(message.at) > ASK_AFTER_MS
    return isOld
      ? { ...message, delivery: 'failed', problem: t('web.chat.held') }
      : { ...message, delivery: 'waiting' }
  })
}

/** What can be kept: a picture that only this page holds is gone with it. */
function forStorage(message: Message): Message {
  if (message.kind === 'line') return message
  const files = message.files.map(file =>
    file.preview?.startsWith('blob:') ? { ...file, preview: null } : file,
  )
  return { ...message, files }
}
