import { join, resolve } from 'node:path'
import { loadModel } from '../adapters/disk/load-model.ts'
import { currentModel, publishModel } from '../adapters/disk/model-versions.ts'
import { readHistory } from '../adapters/disk/read-history.ts'
import { InputError } from '../adapters/disk/read-rows.ts'
import { localMinuteOf } from '../clocks/working-calendar.ts'
import { readConfig } from '../config.ts'
import { createLogger } from '../kernel/logger.ts'
import type { Scores } from '../language/evaluation.ts'
import {
  type BeforeRemark,
  type Comparison,
  compareHistory,
  type HistoryLesson,
  type LessonWatch,
  learnAll,
  refusalOf,
} from '../language/learn-history.ts'
import type { PastMessage, ShippedContent } from '../language/train-shipped.ts'
import { openStore } from './open-store.ts'
import { readArguments } from './read-arguments.ts'
import { progress, runCommand } from './run-command.ts'
import { readShippedContent } from './shipped-content.ts'

const USAGE = `Usage: train [--messages file.csv|xlsx|jsonl [more files …]] [--column label=… --column text=… --column subject=…]
             [--corrections] [--skip-unknown] [--even-if-worse] [--json]

Learns a city's own history on top of the shipped examples and publishes it as the model that the line serves from its next start on
(models/ in DATA_DIR). A row has a label (id, name or path of names of a subject of any level), a text, and perhaps a headline.
--column names the columns where they are not called label, text and subject.
--corrections learns from the subjects that people at the desk put right, too.
--skip-unknown goes on without the rows whose label is no subject; without it they are listed and nothing is learned.
A fifth of the messages is held out to compare with what is served now; a worse model is not published unless --even-if-worse. When what is
served has learned from held-out messages, it is trained anew without them for the comparison: neither side has seen what judges it.
Exit codes: 0 published, 2 wrong input, 3 not published because it is worse.
With --json the last line is {"messages", "heldOut", "before": {…}, "after": {…}, "published"}.`

const NOT_PUBLISHED = 3

function line(name: string, { accuracy, macroF1, ece, coverageAt95 }: Scores): string {
  const fixed = (value: number) => value.toFixed(4)
  return `${name.padEnd(7)} accuracy ${fixed(accuracy)}  macro-F1 ${fixed(macroF1)}  ECE ${fixed(ece)}  coverage at 95 % precision ${fixed(coverageAt95)}`
}

function brief({ n, accuracy, macroF1, ece, coverageAt95 }: Scores): object {
  return { n, accuracy, macroF1, ece, coverageAt95 }
}

async function learn(paths: readonly string[], args: ReturnType<typeof readPlan>): Promise<number> {
  const root = join(import.meta.dirname, '../..')
  const dataDir = resolve(root, readConfig(process.env).DATA_DIR)
  const content = readShippedContent(root)
  const options = { columns: args.column, isUnknownSkipped: args['skip-unknown'], progress }
  const history = [
    ...(await readHistory(
      paths.map(path => ({ path })),
      content.subjects,
      options,
    )),
    ...(args.corrections ? await correctedMessages(content) : []),
  ]
  refuse(history, paths[0] ?? 'corrections')
  const lesson = await lessonOf(root, dataDir, content, history)
  const comparison = compareHistory(lesson, WATCH)
  process.stdout.write(`${line('before', comparison.before)}\n${line('after', comparison.after)}\n`)
  const isPublished = !comparison.isWorse || args['even-if-worse']
  const published = isPublished ? await publish(dataDir, lesson, comparison) : null
  process.stdout.write(
    published ? `published ${published}: served from the next start on\n` : 'not published: it is worse\n',
  )
  if (args.json) process.stdout.write(`${JSON.stringify(resultOf(comparison, published))}\n`)
  return published ? 0 : NOT_PUBLISHED
}

const PARTS = { candidate: 'training for the comparison', all: 'training on all messages' } as const

const WATCH: LessonWatch = {
  onPart(part) {
    if (part === 'candidate' || part === 'all') progress(PARTS[part])
  },
  onRemark: remark => progress(remarkOf(remark)),
}

function remarkOf(remark: BeforeRemark): string {
  if (remark.kind === 'past-unknown')
    return 'what is served does not say what it learned from: "before" may have seen the held-out messages'
  const { seen, gone } = remark
  return (
    `what is served has learned from ${seen} of the held-out messages: for "before" it is trained anew without them` +
    (gone > 0 ? ` (and without ${gone} that are no longer in the history)` : '')
  )
}

function resultOf({ messages, heldOut, before, after }: Comparison, published: string | null): object {
  return { messages, heldOut, before: brief(before), after: brief(after), published }
}

async function lessonOf(
  root: string,
  dataDir: string,
  content: ShippedContent,
  history: readonly PastMessage[],
): Promise<HistoryLesson> {
  const learned = await currentModel(dataDir)
  const shipped = () =>
    loadModel(join(root, 'build', 'model.bin'), content, createLogger({ level: 'silent' }))
  return learned === null || learned === 'unreadable'
    ? { content, history, served: await shipped(), learnedFrom: new Set() }
    : { content, history, served: learned.model, learnedFrom: learned.learnedFrom }
}

/** What people at the desk put right, told by how many and since when. */
async function correctedMessages({ subjects }: ShippedContent): Promise<PastMessage[]> {
  const { store, close } = await openStore()
  const corrections = await store.corrections().finally(close)
  const known = corrections.filter(({ subject }) => subjects.byId(subject))
  const [first, last] = [known[0], known.at(-1)]
  if (first && last) {
    const people = new Set(known.map(({ by }) => by)).size
    progress(
      `${known.length} corrections by ${people} people, ${localMinuteOf(first.at)} to ${localMinuteOf(last.at)}`,
    )
  }
  return known.map(({ words, subject }) => ({ text: words, subject }))
}

function publish(
  dataDir: string,
  lesson: HistoryLesson,
  { messages, heldOut, before, after }: Comparison,
): Promise<string> {
  const about = { by: '', messages, heldOut, before: scoreOf(before), after: scoreOf(after) }
  return publishModel(dataDir, { ...learnAll(lesson, WATCH), about }, new Date())
}

function scoreOf({ accuracy, macroF1, ece }: Scores) {
  return { accuracy, macroF1, ece }
}

function refuse(history: readonly PastMessage[], source: string): void {
  const refusal = refusalOf(history)
  if (refusal?.because === 'one-label')
    throw new InputError(
      `${source}: all ${refusal.messages} messages are labelled ${refusal.label}; two labels at least are needed`,
    )
  if (refusal)
    throw new InputError(
      `${source}: ${refusal.messages} messages are too few to learn from and to compare with`,
    )
}

function readPlan() {
  const { values, positionals } = readArguments(USAGE, {
    allowPositionals: true,
    options: {
      messages: { type: 'string', multiple: true },
      column: { type: 'string', multiple: true, default: [] },
      corrections: { type: 'boolean', default: false },
      'skip-unknown': { type: 'boolean', default: false },
      'even-if-worse': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  return { ...values, paths: [...(values.messages ?? []), ...positionals] }
}

async function run(): Promise<number> {
  const args = readPlan()
  if (!args.messages && !args.corrections) {
    process.stdout.write(`${USAGE}\n`)
    return 2
  }
  return learn(args.paths, args)
}

await runCommand(run)
