import { AppError, isAppError } from '../../kernel/errors.ts'
import type { ChatPerson, Heard } from '../../usecases/hear-message.ts'
import { VendorRefusal } from './call-vendor.ts'
import { bubble, type ChatLine } from './chat-line.ts'

/** What somebody did on a channel; `externalId` is the channel's own id of it, the same for its repeats. */
export type ChatEvent =
  | { kind: 'said'; externalId: string; text: string }
  /** `mediaId` is what the channel's `media` takes. */
  | { kind: 'picture'; externalId: string; mediaId: string }
  | { kind: 'unheard' | 'unnamed-place' | 'unreadable'; externalId: string }
  | { kind: 'came'; externalId: string }
  | { kind: 'left' }
  /** Nothing that anybody waits for. */
  | { kind: 'silent' }

/** What a channel needs to hear. */
export interface ChatEar {
  line: ChatLine
  api: { media(mediaId: string): Promise<Uint8Array> }
  /** @throws AppError `rate-limited` */
  limit(rule: 'turn-by-user', key: string): Promise<void>
}

/** A tap on a menu whose key begins so says the rest of the key to the line. */
export const SAYS = 'say:'

export const NOTHING_SAID: Heard = { said: [], locale: 'zh-Hans' }

/**
 * What the line says to what somebody did; an empty list when nobody waits for anything.
 * @throws AppError of the turn
 */
export async function hearEvent(
  { line, api, limit }: ChatEar,
  person: ChatPerson,
  event: ChatEvent,
): Promise<Heard> {
  const turn = async (text: string, externalId: string, attachments: string[] = []) => {
    await limit('turn-by-user', `${person.channel}:${person.address}`)
    return line.hear(person, { externalId, text, attachments })
  }
  const ownWords = async (key: string): Promise<Heard> => {
    await line.notice(person)
    return { said: [bubble(line.texts('zh-Hans', key))], locale: 'zh-Hans' }
  }

  switch (event.kind) {
    case 'said':
      return event.text.trim() === '' ? ownWords('chat.unreadable') : turn(event.text, event.externalId)
    case 'picture': {
      const name = await fetchPicture(line, api, event.mediaId)
      return name.isKept
        ? turn('', event.externalId, [name.value])
        : ownWords(name.isRefused ? 'chat.picture-refused' : 'chat.picture-lost')
    }
    case 'unheard':
      return ownWords('chat.voice-unheard')
    case 'unnamed-place':
      return ownWords('chat.place-unnamed')
    case 'unreadable':
      return ownWords('chat.unreadable')
    case 'came':
      return line.greet(person)
    case 'left':
      await line.goodbye(person)
      return NOTHING_SAID
    case 'silent':
      return NOTHING_SAID
  }
}

type Kept = { isKept: true; value: string } | { isKept: false; isRefused: boolean }

/** Fetched while the vendor still has it, checked by its first bytes, and kept under a name of ours. */
async function fetchPicture(line: ChatLine, api: ChatEar['api'], mediaId: string): Promise<Kept> {
  try {
    return { isKept: true, value: await line.saveFile(await api.media(mediaId)) }
  } catch (error) {
    if (isAppError(error, 'upload-refused')) return { isKept: false, isRefused: true }
    if (error instanceof AppError) throw error
    return { isKept: false, isRefused: error instanceof VendorRefusal }
  }
}
