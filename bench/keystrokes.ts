/**
 * Keys and clicks to file the ten recorded calls of `test/calls/` with the agent's desk, with and without its help. The form and its keys are
 * those of the page (docs/agent-desk.md); what must stand in it at the end is written in each call. Without help every field is typed: a
 * character counts as one key, though Chinese takes two or more; a choice from a list takes the letters of its name. With help what is right
 * already costs nothing, one of the likeliest subjects one key, and what is wrong is typed as without.
 *
 *   node bench/keystrokes.ts
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RecordedCall, readRecordedCall } from '../src/cli/recorded-call.ts'
import type { AgentMatter, AgentSuggestions } from '../src/usecases/agent-suggestions.ts'
import { DeskClient } from './support/desk-client.ts'
import { measuredLine, temporaryFolder } from './support/measured-line.ts'

type Filing = RecordedCall['filings'][number]

/** To the field, and on from it. */
const INTO_FIELD = 1
const FILE = 1
const NEXT_MATTER = 1
/** Of a subject's or a department's name, so many characters find it in the list. */
const FOUND_BY = 4

/** As numbers are spoken. */
const DIGITS: Readonly<Record<string, string>> = {
  一: '1',
  二: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
  零: '0',
}

const folder = await temporaryFolder()
const line = await measuredLine(folder.path)
try {
  await line.start()
  const [login = '', password = ''] = readFileSync(join(folder.path, 'desk-password.txt'), 'utf8').split('\n')
  const desk = await DeskClient.logIn(line.url, login, password)
  let [all, helped] = [0, 0]
  for (const file of readdirSync('test/calls').toSorted()) {
    const call = readRecordedCall(join('test/calls', file))
    const suggested = await desk.suggest({
      utterances: call.turns.map(({ role, says }, i) => ({ id: `u${i}`, role, text: says })),
    })
    const [without, with_] = [keysWithout(call, suggested), keysWith(call, suggested)]
    all += without
    helped += with_
    console.log(
      `${file.replace('.yaml', '').padEnd(22)} without help ${String(without).padStart(4)}  with ${String(with_).padStart(3)}`,
    )
  }
  console.log(`all ten: ${all} without, ${helped} with help: ratio ${(helped / all).toFixed(2)}`)
  desk.close()
} finally {
  await line.stop()
  await folder.remove()
}

/** Type, subject, place, department and a summary of each matter, and the number that called. */
function keysWithout({ filings, call }: RecordedCall, { matters }: AgentSuggestions): number {
  const ofMatters = filings.reduce((sum, filing, i) => {
    const summary = matters[i]?.fields.summary.value ?? matters[0]?.fields.summary.value ?? ''
    return sum + keysOf(filing) + INTO_FIELD + [...summary].length
  }, 0)
  return ofMatters + INTO_FIELD + call.ani.length + FILE
}

function keysOf({ place }: Filing): number {
  const type = INTO_FIELD + 1
  const subject = INTO_FIELD + FOUND_BY + 1
  const department = INTO_FIELD + FOUND_BY + 1
  return type + subject + department + (place === null ? 0 : INTO_FIELD + [...place].length)
}

/** What the page must be told to hold what should be filed; the number of the call is known to it. */
function keysWith({ filings }: RecordedCall, { matters }: AgentSuggestions): number {
  const ofMatters = filings.reduce((sum, filing) => {
    const matter = closest(matters, filing)
    return sum + (matter ? keysToMend(matter, filing) : keysOf(filing))
  }, 0)
  const surplus = Math.max(0, matters.length - filings.length)
  return ofMatters + (filings.length - 1) * NEXT_MATTER + surplus * 2 + FILE
}

function closest(matters: readonly AgentMatter[], { subject }: Filing): AgentMatter | undefined {
  return matters.find(({ fields }) => fields.subject.value === subject) ?? matters[0]
}

function keysToMend({ fields, subjects, department }: AgentMatter, filing: Filing): number {
  const type = fields.type.value === filing.type ? 0 : INTO_FIELD + 1
  const rank = subjects.findIndex(({ id }) => id === filing.subject)
  const mendedSubject = rank >= 0 && rank < 3 ? 1 : INTO_FIELD + FOUND_BY + 1
  const subject = fields.subject.value === filing.subject ? 0 : mendedSubject
  const place = isSamePlace(fields.place.value, filing.place)
    ? 0
    : INTO_FIELD + [...(filing.place ?? '')].length
  // A subject that is put right brings its own department.
  const lead = department.id === filing.department || subject > 0 ? 0 : INTO_FIELD + FOUND_BY + 1
  return type + subject + place + lead
}

/** The place as it should be filed, with as much of it as finds the door: numbers may be spoken, the flat may follow in the words. */
function isSamePlace(found: string | null, wanted: string | null): boolean {
  if (found === null || wanted === null) return found === wanted
  const plain = (text: string) =>
    [...text]
      .map(letter => DIGITS[letter] ?? letter)
      .join('')
      .replace(/[\s，,的]/g, '')
  return plain(found).includes(plain(wanted)) || plain(wanted).startsWith(plain(found))
}
