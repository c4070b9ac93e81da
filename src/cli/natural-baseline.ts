import { createRequire } from 'node:module'
import { scoresOfJudged } from '../language/evaluation.ts'
import type { LabelledMessage } from '../language/labelled-message.ts'
import { createSegmenter } from '../language/segment.ts'

interface Bayes {
  addDocument(words: string[], label: string): void
  train(): void
  classify(words: string[]): string
}

/** `natural`'s Bayes classifier on the same rows: the yardstick that a library off the shelf gives. Slow. */
export function naturalBaseline(train: readonly LabelledMessage[], test: readonly LabelledMessage[]) {
  const BayesClassifier = createRequire(import.meta.url)(
    'natural/lib/natural/classifiers/bayes_classifier.js',
  ) as new () => Bayes
  const segmenter = createSegmenter()
  const words = ({ subject = '', text, segmented = '' }: LabelledMessage) =>
    text === undefined ? segmented.split(/\s+/u) : segmenter.cut(`${subject}${text}`).map(token => token.text)
  const started = performance.now()
  const bayes = new BayesClassifier()
  for (const message of train) bayes.addDocument(words(message), message.label)
  bayes.train()
  const trained = performance.now()
  const judged = test.map(message => ({
    label: message.label,
    predicted: bayes.classify(words(message)),
    confidence: 1,
  }))
  const { accuracy, macroF1 } = scoresOfJudged(judged)
  const msPerMessage = (performance.now() - trained) / test.length
  return { accuracy, macroF1, trainSeconds: (trained - started) / 1000, msPerMessage }
}
