import type { TranscriptEntry } from '../../conversation/message.ts'
import { AppError } from '../../kernel/errors.ts'
import type { DirectLineOptions } from './direct-line-options.ts'

/** Most activities in one answer or frame; the watermark leads on to the rest. */
export const PAGE = 100

/**
 * A watermark is the `seq` of the last entry that the client has. Nothing, `-` and `0` are the start.
 * @throws AppError `watermark-invalid` when it is not a watermark at all
 */
export function parseWatermark(text: string | undefined): number {
  if (text === undefined || text === '' || text === '-' || text === 'null' || text === 'undefined') return 0
  if (!/^\d{1,9}$/.test(text)) throw new AppError('watermark-invalid')
  return Number(text)
}

/**
 * What came after the watermark. One that lies behind the end was not given for this transcript (a lost data folder,
 * another server), so everything is sent from the start: seen twice is better than never seen.
 * @throws AppError `conversation-not-found`
 */
export async function readAfter(
  store: DirectLineOptions['store'],
  conversationId: string,
  watermark: number,
): Promise<{ entries: TranscriptEntry[]; watermark: number }> {
  // The entry of the watermark itself is read too: it proves that the watermark is known.
  const from = Math.max(0, watermark - 1)
  const found = await store.transcriptAfter(conversationId, from, PAGE + 1)
  if (found.length === 0) {
    const conversation = await store.transact(transaction => transaction.conversation(conversationId))
    if (!conversation) throw new AppError('conversation-not-found')
    return watermark === 0 ? { entries: [], watermark: 0 } : readAfter(store, conversationId, 0)
  }
  const entries = found.filter(entry => entry.seq > watermark).slice(0, PAGE)
  return { entries, watermark: entries.at(-1)?.seq ?? watermark }
}
