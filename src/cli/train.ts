import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { loadModel } from '../adapters/disk/load-model.ts'
import { currentModel, type LearnedModel, publishModel } from '../adapters/disk/model-versions.ts'
import { localMinuteOf } from '../clocks/working-calendar.ts'
import { readConfig } from '../config.ts'
import { createLogger } from '../kernel/logger.ts'
import { look } from '../language/classifier-bank.ts'
import { type Judged, type Scores, scoresOfJudged } from '../language/evaluation.ts'
import { extractFeatures } from '../language/features.ts'
import type { Model } from '../language/model.ts'
import { placeInLeaves } from '../language/place-in-leaves.ts'
import { createReader } from '../language/reader.ts'
import { createSubjectJudge } from '../language/subject-judge.ts'
import {
  createSight,
  type PastMessage,
  type ShippedContent,
  trainShipped,
} from '../language/train-shipped.ts'
import { openStore } from './open-store.ts'
import { readArguments } from './read-arguments.ts'
import { readHistory } from './read-history.ts'
import { InputError } from './read-rows.ts'
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

/** Every fifth message by its words, so that the same words are never on both sides. */
const HELD_OUT_OF = 5
const LEAST_HELD_OUT = 20
const NOT_PUBLISHED = 3

function isHeldOut({ text }: PastMessage): boolean {
  return digestOf(text).readUInt32BE(0) % HELD_OUT_OF === 0
}

function digestOf(text: string): Buffer {
  return createHash('sha256')
    .update(text.replace(/[\s\p{P}]+/gu, ''))
    .digest()
}

/** Tells whether a message with this label was learned, and nothing of what it says. */
function printOf({ text, subject }: PastMessage): string {
  return `${digestOf(text).toString('hex').slice(0, 32)} ${subject}`
}

/** Scores of the subjects that a model names, each at the level of the message's own label. */
function scoresOf(model: Model, { lexicon }: ShippedContent, messages: readonly PastMessage[]): Scores {
  const see = createSight(createReader(lexicon))
  const subjects = createSubjectJudge(model, { threshold: 0 })
  const judged = messages.map(({ text, subject }): Judged => {
    const exhibit = look(model.banks.topical!, extractFeatures(see(text).topical, 'topical'))
    const level = subject.split('/').length as 1 | 2 | 3
    let [predicted, confidence] = ['', 0]
    for (const [id, share] of subjects.shares(exhibit, level))
      if (share > confidence) [predicted, confidence] = [id, share]
    return { label: subject, predicted, confidence }
  })
  return scoresOfJudged(judged)
}

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
    ...(await readHistory(paths, content.subjects, options)),
    ...(args.corrections ? await correctedMessages(content) : []),
  ]
  refuseOneLabel(history, paths)
  const heldOut = history.filter(isHeldOut)
  if (heldOut.length < LEAST_HELD_OUT)
    throw new InputError(
      `${paths[0] ?? 'corrections'}: ${history.length} messages are too few to learn from and to compare with`,
    )
  const read = createReader(content.lexicon)
  progress(`${history.length} messages, ${heldOut.length} of them held out; training for the comparison`)
  const learned = await currentModel(dataDir)
  const shipped = () =>
    loadModel(join(root, 'build', 'model.bin'), content, createLogger({ level: 'silent' }))
  const latest = learned === null || learned === 'unreadable' ? null : learned
  const served = latest?.model ?? (await shipped())
  const placed = placeInLeaves(history, served, createSight(read))
  const trainOn = (isLearned: (message: PastMessage, index: number) => boolean) =>
    trainShipped(
      content,
      read,
      placed.filter((message, i) => !isHeldOut(message) && isLearned(message, i)),
    )
  const known = knownTo(latest, history)
  const before = scoresOf(known ? trainOn((_, i) => known.has(history[i]!)) : served, content, heldOut)
  const candidate = trainOn(() => true)
  const after = scoresOf(candidate, content, heldOut)
  process.stdout.write(`${line('before', before)}\n${line('after', after)}\n`)
  const isWorse = after.accuracy < before.accuracy
  const isPublished = !isWorse || args['even-if-worse']
  const published = isPublished ? await publish(dataDir, content, { history, placed }) : null
  process.stdout.write(
    published ? `published ${published}: served from the next start on\n` : 'not published: it is worse\n',
  )
  if (args.json) {
    const result = {
      messages: history.length,
      heldOut: heldOut.length,
      before: brief(before),
      after: brief(after),
      published,
    }
    process.stdout.write(`${JSON.stringify(result)}\n`)
  }
  return published ? 0 : NOT_PUBLISHED
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

/** What is published has learned from the held-out messages, too. */
function publish(
  dataDir: string,
  content: ShippedContent,
  { history, placed }: Record<'history' | 'placed', readonly PastMessage[]>,
): Promise<string> {
  progress('training on all messages')
  const model = trainShipped(content, createReader(content.lexicon), placed)
  const topical = { ...model, banks: { topical: model.banks.topical! } }
  return publishModel(dataDir, { model: topical, learnedFrom: history.map(printOf) }, new Date())
}

/** One label teaches a model to answer nothing else. */
function refuseOneLabel(history: readonly PastMessage[], [path]: readonly string[]): void {
  const labels = new Set(history.map(({ subject }) => subject))
  if (history.length > 1 && labels.size === 1)
    throw new InputError(
      `${path ?? 'corrections'}: all ${history.length} messages are labelled ${[...labels][0]}; two labels at least are needed`,
    )
}

/**
 * The messages that what is served has learned from, when some of the held-out are among them; null when none is, and it is compared as
 * it is. What it learned from and is no longer in the history cannot be learned anew; how much that is, is told.
 */
function knownTo(served: LearnedModel | null, history: readonly PastMessage[]): Set<PastMessage> | null {
  if (!served) return null
  const { learnedFrom } = served
  if (!learnedFrom) {
    progress('what is served does not say what it learned from: "before" may have seen the held-out messages')
    return null
  }
  const known = new Set(history.filter(message => learnedFrom.has(printOf(message))))
  const seen = [...known].filter(isHeldOut).length
  if (seen === 0) return null
  const gone = learnedFrom.size - new Set([...known].map(printOf)).size
  progress(
    `what is served has learned from ${seen} of the held-out messages: for "before" it is trained anew without them` +
      (gone > 0 ? ` (and without ${gone} that are no longer in the history)` : ''),
  )
  return known
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
