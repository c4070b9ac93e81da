import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { InputError, type Placed } from '../adapters/disk/read-rows.ts'
import { look } from '../language/classifier-bank.ts'
import { classifierNames } from '../language/classifier-names.ts'
import { extractFeatures } from '../language/features.ts'
import { type LabelledMessage, tokensOfMessage } from '../language/labelled-message.ts'
import { trainOnMessages } from '../language/message-classifier.ts'
import { MODEL_VERSION, type Model, serialiseModel } from '../language/model.ts'
import { createReader } from '../language/reader.ts'
import { createSubjectJudge } from '../language/subject-judge.ts'
import { createSight, type ShippedContent, trainShipped } from '../language/train-shipped.ts'
import { readMessages } from './read-messages.ts'
import { readShippedContent } from './shipped-content.ts'

/** What is tested, and what it took to make it. */
export interface Candidate {
  /** Every label that it knows, with its share. */
  judge(message: LabelledMessage): Iterable<[label: string, share: number]>
  /** The label of a test row as the candidate names it; `place` is told when there is no such label. */
  labelOf(label: string, place: string): string
  trainSeconds: number
  /** The model card's first part: what it is and what it learned from. */
  card: [name: string, value: string][]
}

/** Learned from labelled messages alone. */
export function candidateFromMessages(paths: readonly string[], progress: (line: string) => void): Candidate {
  const read = createReader({ words: [], dialect: {}, typos: {}, synonyms: [] })
  const messages = paths.flatMap(readMessages)
  progress(`${messages.length} messages to learn from`)
  const labels = new Set(messages.map(({ label }) => label))
  if (labels.size < 2)
    throw new InputError(
      `${paths.join(', ')}: every message is labelled "${[...labels][0]}"; two labels at least are needed`,
    )
  const started = performance.now()
  const { bank, rank } = trainOnMessages(messages, read)
  const trainSeconds = secondsSince(started)
  if (bank.vocabulary.size === 0)
    throw new InputError(
      `${paths.join(', ')}: ${messages.length} messages are too few to learn from, no word is in two of them`,
    )
  return {
    judge: rank,
    labelOf: label => label,
    trainSeconds,
    card: [
      ['learned from', `${messages.length} messages with ${labels.size} labels: ${paths.join(', ')}`],
      ...describeModel({ contentHash: '', banks: { topical: bank } }),
    ],
  }
}

/** The line as shipped: learned from its own sentences. The city is not part of what is measured: places go by their endings. */
export function candidateAsShipped(test: readonly Placed<LabelledMessage>[]): Candidate {
  const content = readShippedContent(join(import.meta.dirname, '../..'))
  const { tops, byId } = content.subjects
  const ids = new Map(tops.flatMap(({ id, name }) => [[id, id] as const, [name, id] as const]))
  const labelOf = (label: string, place: string) => {
    const id = ids.get(label)
    if (id === undefined) throw new InputError(`${place}: label "${label}" is no top-level subject`)
    return id
  }
  // Told before the seconds that training takes.
  for (const { row, place } of test) labelOf(row.label, place)
  const read = createReader(content.lexicon)
  const started = performance.now()
  const model = trainShipped(content, read)
  const trainSeconds = secondsSince(started)
  const bank = model.banks.topical!
  const subjects = createSubjectJudge(model, { threshold: 0 })
  const see = createSight(read)
  return {
    judge: message => {
      const tokens = tokensOfMessage(message, text => see(text).topical)
      const shares = new Map<string, number>()
      for (const [leaf, share] of subjects.shares(look(bank, extractFeatures(tokens, 'topical')), 3)) {
        const top = byId(leaf)!.countedUnder
        shares.set(top, (shares.get(top) ?? 0) + share)
      }
      return shares
    },
    labelOf,
    trainSeconds,
    card: [['learned from', describeContent(content)], ...describeModel(model)],
  }
}

function describeContent({ subjects, intents, emergency }: ShippedContent): string {
  const sentences = subjects.leaves.flatMap(leaf => [...leaf.examples, ...leaf.english])
  const sayings = intents.flatMap(intent => [...intent.examples, ...intent.english])
  return [
    `its own sentences in intents/, no real message: ${sentences.length} of ${subjects.leaves.length} subjects`,
    `${sayings.length} of ${intents.length} intents, ${emergency.kinds.length} kinds of danger by rules`,
  ].join('; ')
}

function describeModel(model: Model): Candidate['card'] {
  const bytes = serialiseModel(model)
  const features = Object.values(model.banks).map(({ vocabulary }) => vocabulary.size)
  const labels = model.banks.topical!.classifiers.find(({ name }) => name === classifierNames.top)!.labels
  return [
    ['kind', 'linear classifiers on words, pairs of words and runs of one to three characters'],
    ['labels', `${labels.length}, features ${features.join(' and ')}`],
    ['size', `${(bytes.byteLength / 1e6).toFixed(1)} MB`],
    ['version', `${MODEL_VERSION}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`],
  ]
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000
}
