import { type Judged, scoresOfJudged } from '../language/evaluation.ts'
import type { LabelledMessage } from '../language/labelled-message.ts'
import { toTraditional } from '../language/to-traditional.ts'
import { type Candidate, candidateAsShipped, candidateFromMessages } from './evaluation-candidates.ts'
import { jsonOf, type Measured, modelCardOf, reportOf } from './evaluation-report.ts'
import { naturalBaseline } from './natural-baseline.ts'
import { readArguments } from './read-arguments.ts'
import { readMessages, readPlacedMessages } from './read-messages.ts'
import { progress, runCommand } from './run-command.ts'

const USAGE = `Usage: evaluate --train a.jsonl [b.jsonl …] --test c.jsonl [--json] [--traditional] [--baseline]
       evaluate --shipped --test c.jsonl [--json] [--traditional]

Rows: {"label", "subject"?, "text"} or {"label", "segmented"}, one JSON object a line, UTF-8.

--shipped      the line as shipped, learned from its own sentences only; labels are top-level subjects, by id or name.
               A class with "countedUnder" in intents/subjects counts under that subject, as the boards' statistics have it.
--traditional  judges the messages in Traditional characters as well
--baseline     trains natural's Bayes classifier on the same rows (slow)
--json         one JSON object as the last line

Figures are among the labels that occur in the test: others get no answer, their share goes to the rest. Among all labels that
the model knows they are printed beside, in JSON as "open". Progress goes to stderr. Exit code 2: bad arguments or input.`

interface Row {
  message: LabelledMessage
  label: string
}

function measure(candidate: Candidate, rows: readonly Row[], isTraditional: boolean): Measured {
  const started = performance.now()
  const judged = rows.map(({ message, label }) => ({ label, shares: [...candidate.judge(message)] }))
  const msPerMessage = (performance.now() - started) / rows.length
  const labels = new Set(rows.map(({ label }) => label))
  const known = new Set(judged.flatMap(({ shares }) => shares.map(([label]) => label)))
  const among = (isCandidate: (label: string) => boolean, all = judged) =>
    scoresOfJudged(
      all.map(({ label, shares }) =>
        answer(
          label,
          shares.filter(([one]) => isCandidate(one)),
        ),
      ),
    )
  const isInTest = (label: string) => labels.has(label)
  const inTraditional = () =>
    rows.map(({ message, label }) => ({ label, shares: [...candidate.judge(asTraditional(message))] }))
  return {
    closed: { ...among(isInTest), labels: labels.size },
    open: { ...among(() => true), labels: known.size },
    ...(isTraditional ? { traditional: among(isInTest, inTraditional()) } : {}),
    trainSeconds: candidate.trainSeconds,
    msPerMessage,
  }
}

/** The likeliest label, with its part of what these labels share. */
function answer(label: string, shares: readonly [string, number][]): Judged {
  const sum = shares.reduce((total, [, share]) => total + share, 0)
  let [predicted, most] = ['', 0]
  for (const [one, share] of shares) if (share > most) [predicted, most] = [one, share]
  return { label, predicted, confidence: sum > 0 ? most / sum : 0 }
}

function asTraditional({ label, ...said }: LabelledMessage): LabelledMessage {
  const converted = Object.entries(said).map(([name, text]) => [name, text && toTraditional(text)])
  return { label, ...Object.fromEntries(converted) }
}

function readPlan() {
  const { values, positionals } = readArguments(USAGE, {
    allowPositionals: true,
    options: {
      train: { type: 'string', multiple: true },
      test: { type: 'string' },
      shipped: { type: 'boolean', default: false },
      traditional: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      baseline: { type: 'boolean', default: false },
    },
  })
  // Further training files follow the first one without a flag of their own.
  const train = [...(values.train ?? []), ...positionals]
  return { ...values, train }
}

function run(): number {
  const args = readPlan()
  if (!args.test || args.train.length > 0 === args.shipped || (args.shipped && args.baseline)) {
    process.stdout.write(`${USAGE}\n`)
    return 2
  }
  const test = readPlacedMessages(args.test)
  const candidate = args.shipped ? candidateAsShipped(test) : candidateFromMessages(args.train, progress)
  const rows = test.map(({ row: message, place }) => ({
    message,
    label: candidate.labelOf(message.label, place),
  }))
  progress(`${rows.length} messages to judge`)
  const measured = measure(candidate, rows, args.traditional)
  if (args.baseline) {
    const messages = rows.map(({ message }) => message)
    measured.baseline = naturalBaseline(args.train.flatMap(readMessages), messages, progress)
  }
  process.stdout.write(`${reportOf(measured)}\n${modelCardOf(candidate.card, measured, new Date())}\n`)
  if (args.json) process.stdout.write(`${jsonOf(measured)}\n`)
  return 0
}

await runCommand(run)
