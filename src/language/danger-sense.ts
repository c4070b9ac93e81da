import { type Classifier, type ClassifierBank, classifierIn } from './classifier-bank.ts'
import { classifierNames, NOTHING } from './classifier-names.ts'
import { type Exhibit, evidenceFor, show } from './judgement.ts'
import type { Normalised } from './normalise.ts'
import type { EmergencyFile } from './schemas.ts'
import type { Token } from './segment.ts'
import type { Danger } from './understanding.ts'

/**
 * Senses a danger that no rule names. `sureSubject` is the subject of the text if the line is sure of one: who tells of cold radiators
 * in anger must sound more alarmed than that.
 */
export type DangerSense = (
  exhibit: Exhibit,
  normalised: Normalised,
  sureSubject: () => string | undefined,
) => Danger[]

/**
 * Below this score of the label NOTHING a text tells of danger: the border that was learned; one sentence of many must be clear, and what
 * is surely about something else clearer still.
 */
const ALARMING = { text: 0, sentence: -0.15, elsewhere: -0.25 }
/** Subjects that a danger may well be told under. */
const NEAR_DANGER = /^(?:emergency-safety|public-security)\//u
/** "清楚了", "没了": too short to tell of anything but what a rule names. */
const LEAST_CHARACTERS = 5
/** A sentence of less is no news. */
const LEAST_TOKENS = 3
/** A danger is named early or not at all. */
const MOST_SENTENCES = 24
const ENDS = /^[。！？!?;；\n]+$/u

/** Makes the sense out of the model; the rules of `emergency.ts` find what is said in known words, this the rest. */
export function createDangerSense(bank: ClassifierBank | undefined, file: EmergencyFile): DangerSense {
  const classifier = bank && classifierIn(bank, classifierNames.danger)
  if (!classifier) return () => []
  const services = new Map(file.kinds.map(({ id, service }) => [id, service]))
  const nothing = classifier.first + classifier.labels.indexOf(NOTHING)
  return (whole, normalised, sureSubject) => {
    if (normalised.text.length < LEAST_CHARACTERS) return []
    const exhibit = alarming(whole, nothing)
    if (!exhibit) return []
    const elsewhere = sureSubject()
    const isElsewhere = elsewhere !== undefined && !NEAR_DANGER.test(elsewhere)
    if (isElsewhere && exhibit.scores[nothing]! >= ALARMING.elsewhere) return []
    const kind = likeliestKind(classifier, exhibit)
    const cue = cueOf(classifier, kind, exhibit, normalised)
    return [{ kind, service: services.get(kind)!, cue, isSensed: true }]
  }
}

/** The text, or the first of its sentences that alarms. */
function alarming(whole: Exhibit, nothing: number): Exhibit | undefined {
  if (whole.scores[nothing]! < ALARMING.text) return whole
  for (const sentence of sentencesOf(whole.tokens)) {
    const exhibit = show(whole.bank, sentence)
    if (exhibit.scores[nothing]! < ALARMING.sentence) return exhibit
  }
  return undefined
}

function likeliestKind({ labels, first }: Classifier, { scores }: Exhibit): string {
  let best = 0
  labels.forEach((label, i) => {
    if (label !== NOTHING && (labels[best] === NOTHING || scores[first + i]! > scores[first + best]!))
      best = i
  })
  return labels[best]!
}

/** The word that speaks most for the danger, as the person wrote it. */
function cueOf(classifier: Classifier, kind: string, exhibit: Exhibit, normalised: Normalised): string {
  const word = evidenceFor(classifier, kind, exhibit)[0]?.feature
  const { text, start } = exhibit.tokens.find(token => token.text === word) ?? exhibit.tokens[0]!
  const span = normalised.toOriginal({ start, end: start + text.length })
  return normalised.original.slice(span.start, span.end)
}

/** None when the text is one sentence. */
function sentencesOf(tokens: readonly Token[]): Token[][] {
  const sentences: Token[][] = [[]]
  for (const token of tokens) {
    if (ENDS.test(token.text)) sentences.push([])
    else sentences.at(-1)!.push(token)
  }
  const told = sentences.filter(sentence => sentence.length >= LEAST_TOKENS)
  return told.length > 1 ? told.slice(0, MOST_SENTENCES) : []
}
