import { join } from 'node:path'
import { z } from 'zod'
import { readContent } from '../adapters/disk/read-content.ts'
import { eachOnce, InputError, readRows } from '../adapters/disk/read-rows.ts'
import { createIssueFinder } from '../assist/issue-finder.ts'
import { localMinuteOf } from '../clocks/working-calendar.ts'
import { loadContent } from '../content/load-content.ts'
import type { HotIssue, Voice } from '../followup/hot-issues.ts'
import { createReader } from '../language/reader.ts'
import { readArguments } from './read-arguments.ts'
import { readLocalTime } from './read-local-time.ts'
import { progress, runCommand } from './run-command.ts'

const USAGE = `Usage: hot-issues --messages file.jsonl [--top 10] [--json]

Groups messages about the same matter at the same place and ranks the groups by heat: people, votes, how long it goes on, how long it
has been silent. Rows: {"id", "user", "subject", "time", "text", "like", "oppose"}; "time" is local ("2019/8/19 11:34:04",
"2019-08-19 11:34") or a spreadsheet's day number; "subject", "like" and "oppose" may be missing or null; votes are whole numbers.
With --json the last line is {"topics":[{"rank", "heat", "title", "place", "from", "to", "people", "votes", "ids"}]}.`

const MISSING = { error: 'is missing, empty or no text' }
const word = z.union([z.string(MISSING).min(1, MISSING), z.number(MISSING)], MISSING).transform(String)
/** Nobody has more neighbours than that. */
const MOST_VOTES = 1_000_000_000
const NO_NUMBER = { error: 'is no number' }
const votes = z
  .union(
    [
      z.number(NO_NUMBER),
      z
        .string(NO_NUMBER)
        .regex(/^\s*-?\d+\s*$/u)
        .transform(Number),
    ],
    NO_NUMBER,
  )
  .pipe(z.int('is no whole number').min(0, 'is below 0').max(MOST_VOTES, `is above ${MOST_VOTES}`))
  .nullish()
  .transform(count => count ?? 0)
const rowSchema = z
  .object({
    id: word,
    user: word,
    subject: z
      .string(MISSING)
      .nullish()
      .transform(text => text ?? ''),
    time: word,
    text: z.string(MISSING),
    like: votes,
    oppose: votes,
  })
  .refine(({ subject, text }) => `${subject}${text}`.trim() !== '', 'has neither subject nor text')

function readVoices(path: string): Voice[] {
  const voices = eachOnce(readRows(path, rowSchema)).map(({ row, place }): Voice => {
    const at = readLocalTime(row.time)
    if (at === null) throw new InputError(`${place}: time "${row.time}" is no time`)
    const { id, user, subject: headline, text, like, oppose } = row
    return { id, user, at, headline, text, votes: like + oppose }
  })
  return voices.sort((a, b) => a.at.getTime() - b.at.getTime())
}

async function findIssues(path: string, top: number): Promise<HotIssue[]> {
  const voices = readVoices(path)
  const root = join(import.meta.dirname, '../..')
  const city = process.env.CITY || 'cities/shenfu'
  const { lexicon, places } = loadContent(await readContent(root, city), city)
  const issues = createIssueFinder({ read: createReader(lexicon), lexicon, places })
  const groups = issues.group(voices, done => progress(`${done} of ${voices.length} messages read`))
  progress(`${groups.length} groups`)
  return issues.rank(groups, top)
}

function asText({ heat, title, from, to, people, votes, ids }: HotIssue, index: number): string {
  const span = `${localMinuteOf(from).slice(0, 10)} – ${localMinuteOf(to).slice(0, 10)}`
  return `${index + 1}. ${title}\n   热度 ${heat.toFixed(1)}  ${people} 人 ${ids.length} 条 ${votes} 票  ${span}  ${ids.join(' ')}`
}

function asTopic({ heat, from, to, ...issue }: HotIssue, index: number): object {
  return {
    rank: index + 1,
    heat: Number(heat.toFixed(3)),
    ...issue,
    from: localMinuteOf(from),
    to: localMinuteOf(to),
  }
}

function readTop(given: string): number {
  const top = Number(given)
  if (!Number.isInteger(top) || top < 1) throw new InputError(`--top: "${given}" is no number from 1 up`)
  return top
}

async function run(): Promise<number> {
  const { values } = readArguments(USAGE, {
    options: {
      messages: { type: 'string' },
      top: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
    },
  })
  if (!values.messages) {
    process.stdout.write(`${USAGE}\n`)
    return 2
  }
  const issues = await findIssues(values.messages, readTop(values.top))
  process.stdout.write(`${issues.map(asText).join('\n')}\n`)
  if (values.json) process.stdout.write(`${JSON.stringify({ topics: issues.map(asTopic) })}\n`)
  return 0
}

await runCommand(run)
