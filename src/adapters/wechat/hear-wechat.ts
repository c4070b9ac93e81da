import { DAY, MINUTE } from '../../kernel/clock.ts'
import type { Allowance } from '../../usecases/channel-ports.ts'
import type { ChatPerson, Heard } from '../../usecases/hear-message.ts'
import { type ChatEar, type ChatEvent, hearEvent, NOTHING_SAID, SAYS } from '../chat/hear-event.ts'
import { WECHAT } from './wechat-channel.ts'
import type { WechatMessage } from './wechat-message.ts'

/** What may be sent after a message, and after a tap, a scan or following the account. */
const AFTER_MESSAGE: Allowance = { messages: 5, forMs: 2 * DAY }
const AFTER_EVENT: Allowance = { messages: 3, forMs: MINUTE }

/** The scene of a code that stands for a case. */
export const caseScene = (number: string): string => `case-${number}`
const CASE_SCENE = /^case-(\d{12})$/

/**
 * What the line says to what somebody did; an empty list when nobody waits for anything.
 * @throws AppError of the turn
 */
export async function hearWechat(ear: ChatEar, from: string, message: WechatMessage): Promise<Heard> {
  const hear = (allowance: Allowance, event: ChatEvent) => {
    const person: ChatPerson = { channel: WECHAT, address: from, allowance }
    return hearEvent(ear, person, event)
  }
  switch (message.kind) {
    case 'tapped': {
      const { menuKey, externalId } = message
      if (!menuKey.startsWith(SAYS)) return NOTHING_SAID
      return hear(AFTER_EVENT, { kind: 'said', externalId, text: menuKey.slice(SAYS.length) })
    }
    case 'came':
    case 'scanned': {
      const { externalId } = message
      const [, number] = CASE_SCENE.exec(('scene' in message && message.scene) || '') ?? []
      if (number === undefined) return hear(AFTER_EVENT, { kind: 'came', externalId })
      const text = ear.line.texts('zh-Hans', 'chat.scanned', { number })
      return hear(AFTER_EVENT, { kind: 'said', externalId, text })
    }
    case 'template-sent':
      return NOTHING_SAID
    default:
      return hear(message.kind === 'left' ? AFTER_EVENT : AFTER_MESSAGE, message)
  }
}
