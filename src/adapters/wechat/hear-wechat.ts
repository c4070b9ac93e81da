import { DAY, MINUTE } from '../../kernel/clock.ts'
import { AppError, isAppError } from '../../kernel/errors.ts'
import type { Allowance } from '../../usecases/channel-ports.ts'
import type { ChatPerson, Heard } from '../../usecases/hear-message.ts'
import { bubble, type ChatLine } from '../chat/chat-line.ts'
import { type WechatApi, WechatRefusal } from './wechat-api.ts'
import { WECHAT } from './wechat-channel.ts'
import type { WechatMessage } from './wechat-message.ts'

/** What may be sent after a message, and after a tap, a scan or following the account. */
const AFTER_MESSAGE: Allowance = { messages: 5, forMs: 2 * DAY }
const AFTER_EVENT: Allowance = { messages: 3, forMs: MINUTE }

const NOTHING_SAID: Heard = { said: [], locale: 'zh-Hans' }

/** A menu key that says something to the line. */
export const SAYS = 'say:'
/** The scene of a code that stands for a case. */
export const caseScene = (number: string): string => `case-${number}`
const CASE_SCENE = /^case-(\d{12})$/

export interface WechatEar {
  line: ChatLine
  api: Pick<WechatApi, 'media'>
  /** @throws AppError `rate-limited` */
  limit(rule: 'turn-by-user', key: string): Promise<void>
}

/**
 * What the line says to what somebody did; an empty list when nobody waits for anything.
 * @throws AppError of the turn
 */
export async function hearWechat(
  { line, api, limit }: WechatEar,
  from: string,
  message: WechatMessage,
): Promise<Heard> {
  const by = (allowance: Allowance): ChatPerson => ({ channel: WECHAT, address: from, allowance })
  const turn = async (
    text: string,
    externalId: string,
    { attachments = [] as string[], allowance = AFTER_MESSAGE } = {},
  ) => {
    await limit('turn-by-user', `${WECHAT}:${from}`)
    return line.hear(by(allowance), { externalId, text, attachments })
  }
  const ownWords = (key: string): Heard => ({ said: [bubble(line.texts('zh-Hans', key))], locale: 'zh-Hans' })

  switch (message.kind) {
    case 'said':
      return message.text.trim() === '' ? ownWords('chat.unreadable') : turn(message.text, message.externalId)
    case 'picture': {
      const name = await fetchPicture(line, api, message.mediaId)
      return name.isKept
        ? turn('', message.externalId, { attachments: [name.value] })
        : ownWords(name.isRefused ? 'chat.picture-refused' : 'chat.picture-lost')
    }
    case 'unheard':
      return ownWords('chat.voice-unheard')
    case 'unnamed-place':
      return ownWords('chat.place-unnamed')
    case 'unreadable':
      return ownWords('chat.unreadable')
    case 'tapped': {
      const isSaying = message.menuKey.startsWith(SAYS)
      if (!isSaying) return NOTHING_SAID
      return turn(message.menuKey.slice(SAYS.length), message.externalId, { allowance: AFTER_EVENT })
    }
    case 'came':
    case 'scanned': {
      const [, number] = CASE_SCENE.exec(message.scene ?? '') ?? []
      if (number !== undefined) {
        const words = line.texts('zh-Hans', 'chat.scanned', { number })
        return turn(words, message.externalId, { allowance: AFTER_EVENT })
      }
      return line.greet(by(AFTER_EVENT))
    }
    case 'left':
      await line.goodbye(by(AFTER_EVENT))
      return NOTHING_SAID
    case 'template-sent':
    case 'silent':
      return NOTHING_SAID
  }
}

type Kept = { isKept: true; value: string } | { isKept: false; isRefused: boolean }

/** Fetched while the platform still has it, checked by its first bytes, and kept under a name of ours. */
async function fetchPicture(line: ChatLine, api: Pick<WechatApi, 'media'>, mediaId: string): Promise<Kept> {
  try {
    return { isKept: true, value: await line.saveFile(await api.media(mediaId)) }
  } catch (error) {
    if (isAppError(error, 'upload-refused')) return { isKept: false, isRefused: true }
    if (error instanceof AppError) throw error
    return { isKept: false, isRefused: error instanceof WechatRefusal }
  }
}
