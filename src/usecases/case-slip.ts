import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { caseCard } from './case-card.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { sayMoment } from './say-due.ts'
import { maySee } from './work-at-desk.ts'

/** A case as it stands on paper, every text in one language. Neither its person nor its query code. */
export interface CaseSlip {
  number: string
  lineName: string
  phone: string
  facts: { name: string; value: string }[]
  printedAt: string
}

/** What is printed of a case. A confidential one says nothing of its matter; printing it is a look at it. @throws AppError `case-not-found` */
export async function caseSlip(
  line: Line,
  account: Account,
  caseId: string,
  locale: Locale,
): Promise<CaseSlip> {
  const stored = await line.store.transact(async tx => {
    const found = await tx.caseById(caseId)
    return found && { ...found, handled: await handledFor(tx, found.case) }
  })
  if (!stored || !maySee(line, account, stored.case)) throw new AppError('case-not-found')
  const { case: current } = stored
  const now = line.clock.now()
  if (current.isConfidential) await line.store.accounts.recordLook(account.id, caseId, now)
  const { texts, city } = line.content
  const card = caseCard(line, current, locale, { handled: stored.handled })
  const moment = (at: Date) => Object.values(sayMoment(at, locale)).join(' ')
  const matter = current.isConfidential
    ? []
    : ([
        ['matter', current.summary],
        ['place', current.elements.place ?? texts.of(locale, 'card.place-unknown')],
      ] as const)
  const facts = [
    ['subject', card.title],
    ...matter,
    ['filed', moment(current.filedAt)],
    ['department', card.departmentName],
    ['due', card.dueText || texts.of(locale, 'due.none')],
  ] as const
  return {
    number: current.number,
    lineName: line.names.line(locale),
    phone: city.line.phone,
    facts: facts.map(([key, value]) => ({ name: texts.of(locale, `slip.${key}`), value })),
    printedAt: moment(now),
  }
}
