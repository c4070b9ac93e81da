import type { SentPlace } from '../../conversation/message.ts'
import { MINUTE } from '../../kernel/clock.ts'
import { AppError, isAppError } from '../../kernel/errors.ts'
import type { ChatPerson, Heard } from '../../usecases/hear-message.ts'
import { VendorRefusal } from './call-vendor.ts'
import { bubble, type ChatLine } from './chat-line.ts'
import { keptId } from './kept-id.ts'
import { saidIn } from './said-text.ts'

/** What somebody did on a channel; `externalId` is the channel's own id of it, the same for its repeats. */
export type ChatEvent =
  /** `pictures` stand among the words; each is what the channel's `media` takes. A location is its label and `sentPlace`. */
  | { kind: 'said'; externalId: string; text: string; pictures?: string[]; sentPlace?: SentPlace }
  | { kind: 'picture'; externalId: string; mediaId: string }
  | { kind: 'unheard' | 'unnamed-place' | 'unreadable'; externalId: string }
  | { kind: 'came'; externalId: string }
  | { kind: 'left' }
  /** Nothing that anybody waits for. */
  | { kind: 'silent' }

type Said = Omit<ChatEvent & { kind: 'said' }, 'kind'>

/** What a channel needs to hear. */
export interface ChatEar {
  line: ChatLine
  api: { media(mediaId: string): Promise<Uint8Array> }
  /** @throws AppError `rate-limited` */
  limit(rule: 'turn-by-user', key: string): Promise<void>
}

/** Most files of one message that are kept. */
export const MOST_FILES = 5
/** A vendor repeats within this time what it was not answered to: a picture is fetched once for all of these. */
const REPEATED_FOR_MS = 10 * MINUTE

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
  const bubbles = (keys: readonly string[]) => keys.map(key => bubble(line.texts('zh-Hans', key)))
  const ownWords = async (...keys: string[]): Promise<Heard> => {
    await line.notice(person)
    return { said: bubbles(keys), locale: 'zh-Hans' }
  }
  const told = async ({ text: words, externalId: id, pictures = [], sentPlace }: Said): Promise<Heard> => {
    const [text, externalId] = [saidIn(words, null), keptId(id)]
    const { names, notes } = await fetchPictures(line, api, { channel: person.channel, externalId, pictures })
    if (text.trim() === '' && names.length === 0)
      return ownWords(...(notes.length > 0 ? notes : ['chat.unreadable']))
    await limit('turn-by-user', `${person.channel}:${person.address}`)
    const heard = await line.hear(person, { externalId, text, attachments: names, sentPlace })
    return { ...heard, said: [...bubbles(notes), ...heard.said] }
  }

  switch (event.kind) {
    case 'said':
      return told(event)
    case 'picture':
      return told({ text: '', externalId: event.externalId, pictures: [event.mediaId] })
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

/** Pictures of one message: the names under which they were kept, and what to say of those that were not, each once. */
async function fetchPictures(
  line: ChatLine,
  api: ChatEar['api'],
  message: { channel: string; externalId: string; pictures: readonly string[] },
): Promise<{ names: string[]; notes: string[] }> {
  const { channel, externalId, pictures } = message
  const kept = await Promise.all(
    pictures
      .slice(0, MOST_FILES)
      .map((mediaId, i) =>
        fetchPicture(line, api, { mediaId, key: `${channel}-picture:${externalId}:${i}` }),
      ),
  )
  const notes = kept.flatMap(each => ('note' in each ? [each.note] : []))
  if (pictures.length > MOST_FILES) notes.push('chat.picture-refused')
  return { names: kept.flatMap(each => ('name' in each ? [each.name] : [])), notes: [...new Set(notes)] }
}

/** Fetched while the vendor still has it, checked by its first bytes, and kept under a name of ours. */
async function fetchPicture(
  line: ChatLine,
  api: ChatEar['api'],
  { mediaId, key }: { mediaId: string; key: string },
): Promise<{ name: string } | { note: string }> {
  try {
    const name = await line.shared.cached(key, async () => ({
      value: await line.saveFile(await api.media(mediaId)),
      forMs: REPEATED_FOR_MS,
    }))
    return { name }
  } catch (error) {
    if (error instanceof AppError && !isAppError(error, 'upload-refused')) throw error
    const isRefused = error instanceof AppError || error instanceof VendorRefusal
    return { note: isRefused ? 'chat.picture-refused' : 'chat.picture-lost' }
  }
}
