import { type ClassifierBank, classifierIn, look, type Ranked, ranking } from './classifier-bank.ts'
import { classifierNames } from './classifier-names.ts'
import { extractMessageFeatures } from './features.ts'
import { type LabelledMessage, tokensOfMessage } from './labelled-message.ts'
import type { Reader } from './reader.ts'
import { balanced, trainCalibrated } from './train-bank.ts'

/** What was learned from a city's labelled messages. */
export interface MessageClassifier {
  bank: ClassifierBank
  /** Every label with its share. */
  rank(message: Omit<LabelledMessage, 'label'>): Ranked[]
}

/** Learns the labels of messages, and how sure it may be. Deterministic; seconds for thousands of messages. */
export function trainOnMessages(messages: readonly LabelledMessage[], read: Reader): MessageClassifier {
  const cut = (text: string) => read(text).tokens
  const lessons = messages.map(({ label }, document) => ({ document, label }))
  const { bank } = trainCalibrated(
    messages.map(message => extractMessageFeatures(tokensOfMessage(message, cut))),
    [{ name: classifierNames.top, lessons: balanced(lessons), cost: 2 }],
    { view: 'topical', folds: 2, isEmphasised: true },
  )
  const classifier = classifierIn(bank, classifierNames.top)!
  return {
    bank,
    rank: message => ranking(classifier, look(bank, extractMessageFeatures(tokensOfMessage(message, cut)))),
  }
}
