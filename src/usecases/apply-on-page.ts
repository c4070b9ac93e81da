import { createHash } from 'node:crypto'
import type { CaseCard } from '../conversation/message.ts'
import type { HandedIn } from '../guidance/check-application.ts'
import { codeOf } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import { applyForItem } from './apply-for-item.ts'
import { caseCard } from './case-card.ts'
import type { KeptFiles } from './kept-files.ts'
import type { Line } from './line.ts'
import { QUERY_CODE_LENGTH } from './record-filing.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** On a page nobody is known: each draft is a person of its own. */
const CHANNEL = 'web-chat'
/** A draft becomes one application. */
const APPLICATION = 'application'

/**
 * Files what was filled in on the page. A draft that is sent again, because the answer was lost on its way, is the same application with the
 * same query code.
 * @param request `draft`: made up by the page, unguessable
 * @throws AppError as `checkRequest`
 */
export async function applyOnPage(
  line: Line,
  request: { item: string; given: HandedIn; place: string | null; draft: string; locale: Locale },
  files: KeptFiles,
): Promise<{ card: CaseCard }> {
  const { draft, locale } = request
  const giver = { channel: CHANNEL, channelUserId: `draft-${draft}` }
  const queryCode = codeOf(
    createHash('sha256').update(line.pseudonym('draft', draft)).digest(),
    QUERY_CODE_LENGTH,
  )
  const { current, isNew } = await tryAgainOnConflict(line, () =>
    line.store.transact(async tx => {
      const known = await tx.externalIds.find(giver, APPLICATION)
      if (known) return { current: (await tx.caseById(known.caseId))!.case, isNew: false }
      const { case: filed } = await applyForItem(
        line,
        tx,
        {
          ...request,
          ...giver,
          actor: { role: 'resident', id: line.pseudonym(giver.channel, giver.channelUserId) },
          conversationId: null,
          queryCode,
        },
        files,
      )
      const body = createHash('sha256').update(draft).digest('hex')
      tx.externalIds.add(giver, { id: APPLICATION, caseId: filed.id, request: body })
      return { current: filed, isNew: true }
    }),
  )
  if (isNew) line.bus.publish([{ topic: 'case', caseId: current.id, version: current.version }])
  return { card: caseCard(line, current, locale, { queryCode }) }
}
