import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { caseCard } from './case-card.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { redactReporter } from './protect-reporter.ts'
import { sightOf } from './role-views.ts'
import { sayMoment } from './say-due.ts'

/** A case as it stands on paper, every text in one language. Neither its person nor its query code. */
export interface CaseSlip {
  number: string
  lineName: string
  phone: string
  facts: { name: string; value: string }[]
  printedAt: string
  /** Who printed it; of a sheet that lies about. */
  printedBy: string
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
    const sight = found && sightOf(line, account, found.case)
    if (!found || !sight) throw new AppError('case-not-found')
    const person = sight.words === 'redacted' ? await tx.personOf(caseId) : null
    return { ...found, sight, person, handled: await handledFor(tx, found.case) }
  })
  const { case: current, sight } = stored
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
  const said = facts.map(([key, value]) => ({ name: texts.of(locale, `slip.${key}`), value }))
  return {
    number: current.number,
    lineName: line.names.line(locale),
    phone: city.line.phone,
    facts: sight.words === 'redacted' ? redactReporter(said, stored.person) : said,
    printedAt: moment(now),
    printedBy: `${account.displayName} (${account.login})`,
  }
}
