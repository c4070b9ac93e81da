import { createRequire } from 'node:module'
import { scoresOfJudged } from '../language/evaluation.ts'
import type { LabelledMessage } from '../language/labelled-message.ts'
import { createSegmenter } from '../language/segment.ts'

interface Bayes {
  addDocument(words: string[], label: string): void
  train(): void
  classify(words: string[]): string
}

const TOLD_EVERY = 500

/**
 * `natural`'s Bayes classifier on the same rows: the yardstick that a library off the shelf gives. Slow, minutes for thousands of
 * messages, so it tells how far it is.
 */
export function naturalBaseline(
  train: readonly LabelledMessage[],
  test: readonly LabelledMessage[],
  progress: (line: string) => void,
) {
  const tell = (done: number, all: number, what: string) => {
    if (done % TOLD_EVERY === 0 && done > 0) progress(`baseline: ${what} ${done} of ${all} messages`)
  }
  const BayesClassifier = createRequire(import.meta.url)(
    'natural/lib/natural/classifiers/bayes_classifier.js',
  ) as new () => Bayes
  const segmenter = createSegmenter()
  const words = ({ subject = '', text, segmented = '' }: LabelledMessage) =>
    text === undefined ? segmented.split(/\s+/u) : segmenter.cut(`${subject}${text}`).map(token => token.text)
  const started = performance.now()
  const bayes = new BayesClassifier()
  for (const [i, message] of train.entries()) {
    bayes.addDocument(words(message), message.label)
    tell(i + 1, train.length, 'read')
  }
  progress(`baseline: learning from ${train.length} messages`)
  bayes.train()
  const trained = performance.now()
  const judged = test.map((message, i) => {
    const predicted = bayes.classify(words(message))
    tell(i + 1, test.length, 'judged')
    return { label: message.label, predicted, confidence: 1 }
  })
  const { accuracy, macroF1 } = scoresOfJudged(judged)
  const msPerMessage = (performance.now() - trained) / test.length
  return { accuracy, macroF1, trainSeconds: (trained - started) / 1000, msPerMessage }
}
