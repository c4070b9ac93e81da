import type { DeskCase } from './desk-case.ts'
import type { Line } from './line.ts'
import type { CaseSummary, ListedCase, Person } from './ports.ts'
import { redactReporter } from './protect-reporter.ts'
import { type CaseSight, type RoleView, sightIn } from './role-views.ts'

/** A case at the desk without what the account may not see of its person and its words. */
export function hideFromSight(
  shown: DeskCase,
  sight: CaseSight,
  { person, relay }: { person: Person | null; relay: string },
): DeskCase {
  const seen = sight.words === 'redacted' ? withoutTeller(shown, person) : shown
  if (sight.person === 'asked' || sight.person === 'masked') return seen
  const isReachable = person !== null && sight.person === 'relay'
  return {
    ...seen,
    person: isReachable ? { name: null, phone: null, channel: person.channel, isMasked: true, relay } : null,
  }
}

/** What the teller did links to no other case of theirs, a word that decided might be a name, and others told with words of their own. */
function withoutTeller(shown: DeskCase, teller: Person | null): DeskCase {
  const { case: current, history, reasons, joined, ...rest } = redactReporter(shown, teller)
  return {
    ...rest,
    // A picture may show who sent it, or the way home.
    files: [],
    case: { ...current, evidence: [] },
    reasons: { ...reasons, evidence: [] },
    history: history.map(entry => (entry.role === 'resident' ? { ...entry, who: '' } : entry)),
    joined: { ...joined, cases: joined.cases.map(each => ({ ...each, summary: '', place: null })) },
  }
}

/**
 * Rows of a list as an account may see them. What was searched for and stands only in what is hidden finds nothing: else the
 * list would tell who it is, guess by guess.
 */
export async function showRows<Row extends ListedCase>(
  line: Pick<Line, 'store'>,
  view: RoleView,
  rows: readonly Row[],
  search: string | undefined,
): Promise<Row[]> {
  const isHidden = (row: CaseSummary) => sightIn(view, row).words === 'redacted'
  const hidden = rows.filter(isHidden)
  if (hidden.length === 0) return [...rows]
  const persons = await line.store.transact(async tx => {
    const all = hidden.map(async ({ id }) => [id, await tx.personOf(id)] as const)
    return new Map(await Promise.all(all))
  })
  const shown = rows.map(row => (isHidden(row) ? redactRow(row, persons.get(row.id) ?? null) : row))
  return shown.filter((row, index) => row === rows[index] || stands(row, search))
}

function redactRow<Row extends CaseSummary>(row: Row, person: Person | null): Row {
  const { summary, place } = redactReporter({ summary: row.summary, place: row.place }, person)
  return { ...row, summary, place }
}

function stands({ number, summary, place }: CaseSummary, search = ''): boolean {
  const text = plain(`${number} ${summary} ${place ?? ''}`)
  return plain(search)
    .split(/\s+/)
    .every(word => text.includes(word))
}

/** As the store compares. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
