import { createSubjectFinder } from '../../language/subject-names.ts'
import type { SubjectTree } from '../../language/subject-tree.ts'
import type { PastMessage } from '../../language/train-shipped.ts'
import { InputError, type Placed } from './read-rows.ts'
import { type Cells, readTable } from './read-table.ts'

const ROLES = ['label', 'text', 'subject'] as const
type Role = (typeof ROLES)[number]
type Columns = Record<Role, string>

const MOST_UNKNOWN_LISTED = 20

/** A table by its path, or with what it holds when it does not lie there. */
export interface HistoryTable {
  path: string
  bytes?: Buffer
}

export interface HistoryOptions {
  /** `label=诉求分类` … */
  columns: readonly string[]
  /** Are rows left out whose label is no subject? Else they are an error. */
  isUnknownSkipped: boolean
  progress(line: string): void
}

/**
 * A city's labelled messages out of its tables. Rows without a label or a text teach nothing; they are counted and left out.
 * @throws InputError with file and line
 */
export async function readHistory(
  tables: readonly HistoryTable[],
  tree: SubjectTree,
  { columns, isUnknownSkipped, progress }: HistoryOptions,
): Promise<PastMessage[]> {
  const names = columnsOf(columns)
  const rows: Placed<Cells>[] = []
  for (const { path, bytes } of tables) rows.push(...checkColumns(await readTable(path, bytes), names))
  const told = rows.filter(({ row }) => row[names.label]?.trim() && row[names.text]?.trim())
  if (told.length < rows.length)
    progress(`${rows.length - told.length} rows without label or text are left out`)
  const find = createSubjectFinder(tree)
  const unknown = new Map<string, { count: number; place: string }>()
  const history = told.flatMap(({ row, place }): PastMessage[] => {
    const label = row[names.label]!.trim()
    const subject = find(label)
    const headline = row[names.subject]?.trim()
    const text = row[names.text]!.trim()
    if (subject) return [{ subject: subject.id, text: headline ? `${headline}\n${text}` : text }]
    unknown.set(label, { place, ...unknown.get(label), count: (unknown.get(label)?.count ?? 0) + 1 })
    return []
  })
  tellUnknown(unknown, isUnknownSkipped, progress)
  return history
}

function tellUnknown(
  unknown: ReadonlyMap<string, { count: number; place: string }>,
  isSkipped: boolean,
  progress: (line: string) => void,
): void {
  if (unknown.size === 0) return
  const ranked = [...unknown].sort(([, a], [, b]) => b.count - a.count)
  const lines = ranked
    .slice(0, MOST_UNKNOWN_LISTED)
    .map(([label, { count, place }]) => `${place}: label "${label}" is no subject (${count} rows)`)
  if (ranked.length > lines.length) lines.push(`… and ${ranked.length - lines.length} more labels`)
  if (!isSkipped)
    throw new InputError([...lines, 'mend them, or leave them out with --skip-unknown'].join('\n'))
  for (const line of lines) progress(line)
}

function columnsOf(given: readonly string[]): Columns {
  const columns: Columns = { label: 'label', text: 'text', subject: 'subject' }
  for (const pair of given) {
    const [role, name] = pair.split(/=(.*)/s, 2) as [Role, string | undefined]
    if (!ROLES.includes(role) || !name)
      throw new InputError(`--column: "${pair}" is not label=…, text=… or subject=… with a column's name`)
    columns[role] = name
  }
  return columns
}

function checkColumns(rows: Placed<Cells>[], { label, text }: Columns): Placed<Cells>[] {
  const first = rows[0]!
  const missing = [label, text].filter(name => !(name in first.row))
  if (missing.length > 0) {
    const there = Object.keys(first.row).join(', ')
    throw new InputError(`${first.place}: there is no column "${missing.join('", "')}"; there are: ${there}`)
  }
  return rows
}
