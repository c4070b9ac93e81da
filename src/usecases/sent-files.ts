import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'

/** Messages that are read at once. */
const PAGE = 500
/** Cases of one person that are looked at for whose a file is. */
const MOST_CASES = 200

/** A file that somebody sent in a conversation. */
export interface Upload {
  name: string
  at: Date
}

/**
 * Files that were sent about a case: those of its conversation since the person's case before, until this one was filed, and those
 * that were added to it later. What belongs to another case of theirs is nothing to this one's department.
 * @returns `told` with the case itself, `all` with those that came later
 */
export async function sentFiles(
  line: Pick<Line, 'store'>,
  tx: Transaction,
  { case: current, events }: { case: Case; events: readonly CaseEvent[] },
): Promise<{ told: string[]; all: string[] }> {
  const told = await toldWith(line, tx, current)
  return { told, all: [...new Set([...told, ...events.flatMap(({ data }) => addedBy(data))])] }
}

/** Names of files that an event added for whoever told of the case; those of a reply say for whom they are. */
export function addedBy(data: object): string[] {
  const { attachments } = data as { attachments?: unknown }
  return Array.isArray(attachments) ? attachments.filter(each => typeof each === 'string') : []
}

async function toldWith(line: Pick<Line, 'store'>, tx: Transaction, current: Case): Promise<string[]> {
  const [conversationId, person] = await Promise.all([tx.conversationOf(current.id), tx.personOf(current.id)])
  if (conversationId === null || person === null) return []
  const uploads = await uploadsIn(line, conversationId)
  if (uploads.length === 0) return []
  const filedAt = current.filedAt.getTime()
  const others = (await tx.casesOf(person, MOST_CASES)).filter(({ id }) => id !== current.id)
  // Told in one breath with something confidential, nobody knows which of the two a picture shows.
  const isWithSecret = others.some(other => other.isConfidential && other.filedAt.getTime() === filedAt)
  if (isWithSecret && !current.isConfidential) return []
  const before = Math.max(0, ...others.map(other => other.filedAt.getTime()).filter(at => at < filedAt))
  return uploads.filter(({ at }) => at.getTime() > before && at.getTime() <= filedAt).map(({ name }) => name)
}

/** Every file that was sent in a conversation, oldest first. */
export async function uploadsIn({ store }: Pick<Line, 'store'>, conversationId: string): Promise<Upload[]> {
  const uploads: Upload[] = []
  for (let seq = 0; ; ) {
    const entries = await store.transcriptAfter(conversationId, seq, PAGE)
    for (const { at, body } of entries)
      if ('attachments' in body) for (const name of body.attachments ?? []) uploads.push({ name, at })
    const last = entries.at(-1)
    if (!last || entries.length < PAGE) return uploads
    seq = last.seq
  }
}
