import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { classifierIn, look, ranking } from '../language/classifier-bank.ts'
import { classifierNames } from '../language/classifier-names.ts'
import { type Judged, type Scores, scoresOfJudged } from '../language/evaluation.ts'
import { extractFeatures } from '../language/features.ts'
import { featuresOfMessage, type LabelledMessage } from '../language/labelled-message.ts'
import { createReader } from '../language/reader.ts'
import { createSubjectJudge } from '../language/subject-judge.ts'
import type { SubjectTree } from '../language/subject-tree.ts'
import { balanced, trainCalibrated } from '../language/train-bank.ts'
import { createSight, trainShipped } from '../language/train-shipped.ts'
import { naturalBaseline } from './natural-baseline.ts'
import { InputError, readMessages } from './read-messages.ts'
import { readShippedContent } from './shipped-content.ts'

const USAGE = `Usage: evaluate --train a.jsonl [b.jsonl …] --test c.jsonl [--json] [--baseline]
       evaluate --shipped --test c.jsonl [--json]

Rows: {"label", "subject"?, "text"} or {"label", "segmented"}. With --shipped the labels are top-level subjects,
by id or name. --json prints one JSON object as the last line; progress goes to stderr.`

/** What is tested, and what it took to make it. */
interface Candidate {
  /** Every label with its share. */
  judge(message: LabelledMessage): Iterable<[label: string, share: number]>
  trainSeconds: number
  /** The test's label as the classifier names it. */
  labelOf(message: LabelledMessage): string
}

interface Measured extends Scores {
  trainSeconds: number
  msPerMessage: number
}

function fromMessages(paths: readonly string[]): Candidate {
  const read = createReader({ words: [], dialect: {}, typos: {}, synonyms: [] })
  const messages = paths.flatMap(readMessages)
  progress(`${messages.length} messages to learn from`)
  const started = performance.now()
  const lessons = messages.map(({ label }, document) => ({ document, label }))
  const { bank } = trainCalibrated(
    messages.map(message => featuresOfMessage(message, read)),
    [{ name: classifierNames.top, lessons: balanced(lessons), cost: 2 }],
    { view: 'topical', folds: 2, isEmphasised: true },
  )
  const classifier = classifierIn(bank, classifierNames.top)!
  return {
    judge: message => ranking(classifier, look(bank, featuresOfMessage(message, read))),
    trainSeconds: secondsSince(started),
    labelOf: message => message.label,
  }
}

function fromShipped(): Candidate {
  const content = readShippedContent(join(import.meta.dirname, '../..'))
  const read = createReader(content.lexicon)
  const started = performance.now()
  const model = trainShipped(content, read)
  const ids = idsByName(content.subjects)
  const bank = model.banks.topical!
  const subjects = createSubjectJudge(model, { threshold: 0 })
  // The city is not part of what is measured: places go by their endings.
  const see = createSight(read)
  return {
    judge: ({ subject = '', text = '' }) =>
      subjects.shares(look(bank, extractFeatures(see(`${subject}\n${text}`).topical, 'topical')), 1),
    trainSeconds: secondsSince(started),
    labelOf: message => {
      const id = ids.get(message.label)
      if (id === undefined) throw new InputError(`label "${message.label}" is no top-level subject`)
      return id
    },
  }
}

function idsByName({ tops }: SubjectTree): Map<string, string> {
  return new Map(tops.flatMap(({ id, name }) => [[id, id] as const, [name, id] as const]))
}

function measure({ judge, trainSeconds, labelOf }: Candidate, test: LabelledMessage[]): Measured {
  const started = performance.now()
  const judged = test.map((message): Judged => {
    let [predicted, confidence] = ['', 0]
    for (const [label, share] of judge(message))
      if (share > confidence) [predicted, confidence] = [label, share]
    return { label: labelOf(message), predicted, confidence }
  })
  const msPerMessage = (performance.now() - started) / test.length
  return { ...scoresOfJudged(judged), trainSeconds, msPerMessage }
}

function report(scores: Measured): string {
  const rows = scores.perLabel.map(
    ({ label, n, precision, recall, f1 }) =>
      `  ${label.padEnd(20)} n ${String(n).padStart(5)}  P ${fixed(precision)}  R ${fixed(recall)}  F1 ${fixed(f1)}`,
  )
  const mistakes = scores.confusions.map(({ label, predicted, n }) => `  ${label} → ${predicted}: ${n}`)
  return [
    `n ${scores.n}  accuracy ${fixed(scores.accuracy)}  macro-F1 ${fixed(scores.macroF1)}`,
    `ECE ${fixed(scores.ece)}  coverage at 95 % precision ${fixed(scores.coverageAt95)}`,
    `training ${scores.trainSeconds.toFixed(1)} s  ${scores.msPerMessage.toFixed(3)} ms a message`,
    'per label:',
    ...rows,
    'most frequent mistakes (label → answer):',
    ...mistakes,
  ].join('\n')
}

function fixed(value: number): string {
  return value.toFixed(4)
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}

function asJson(scores: Measured, more: object): string {
  const { n, accuracy, macroF1, ece, coverageAt95, trainSeconds, msPerMessage, perLabel } = scores
  return JSON.stringify({
    n,
    accuracy,
    macroF1,
    ece,
    coverageAt95,
    trainSeconds,
    msPerMessage,
    perLabel,
    ...more,
  })
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      train: { type: 'string', multiple: true },
      test: { type: 'string' },
      shipped: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      baseline: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  // Further training files follow the first one without a flag of their own.
  const train = [...(values.train ?? []), ...positionals]
  return { ...values, train }
}

function run(): number {
  const args = readArguments()
  if (args.help || !args.test || args.train.length > 0 === args.shipped) {
    process.stdout.write(`${USAGE}\n`)
    return args.help ? 0 : 2
  }
  const test = readMessages(args.test)
  const candidate = args.shipped ? fromShipped() : fromMessages(args.train)
  progress(`${test.length} messages to judge`)
  const scores = measure(candidate, test)
  const baseline =
    args.baseline && !args.shipped ? naturalBaseline(args.train.flatMap(readMessages), test) : undefined
  process.stdout.write(`${report(scores)}\n`)
  if (baseline) process.stdout.write(`natural's Bayes classifier: ${JSON.stringify(baseline)}\n`)
  if (args.json) process.stdout.write(`${asJson(scores, baseline ? { baseline } : {})}\n`)
  return 0
}

// A reader that has seen enough, such as head, closes the pipe; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  process.exitCode = run()
} catch (error) {
  const isExpected =
    error instanceof InputError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  if (!isExpected) throw error
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 2
}
