import { type Classifier, type ClassifierBank, classifierIn } from './classifier-bank.ts'
import { classifierNames, NOTHING } from './classifier-names.ts'
import { type Exhibit, evidenceFor, showWithin } from './judgement.ts'
import type { Normalised } from './normalise.ts'
import type { EmergencyFile } from './schemas.ts'
import type { Token } from './segment.ts'
import type { Danger, Span } from './understanding.ts'

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
/** Nobody in danger writes a letter. */
const LONGEST_CRY = 160
const ENDS = /^[。！？!?;；\n]+$/u

/** Makes the sense out of the model; the rules of `emergency.ts` find what is said in known words, this the rest. */
export function createDangerSense(bank: ClassifierBank | undefined, file: EmergencyFile): DangerSense {
  const classifier = bank && classifierIn(bank, classifierNames.danger)
  if (!classifier) return () => []
  const services = new Map(file.kinds.map(({ id, service }) => [id, service]))
  const nothing = classifier.first + classifier.labels.indexOf(NOTHING)
  return (whole, normalised, sureSubject) => {
    if (normalised.text.length < LEAST_CHARACTERS) return []
    const exhibit = alarming(whole, nothing, normalised.text.length <= LONGEST_CRY)
    if (!exhibit) return []
    const elsewhere = sureSubject()
    const isElsewhere = elsewhere !== undefined && !NEAR_DANGER.test(elsewhere)
    if (isElsewhere && exhibit.scores[nothing]! >= ALARMING.elsewhere) return []
    const kind = likeliestKind(classifier, exhibit)
    const cue = cueOf(classifier, kind, exhibit, normalised)
    return [{ kind, service: services.get(kind)!, cue, isSensed: true }]
  }
}

/** The text, or when it is short the first of its sentences that alarms. */
function alarming(whole: Exhibit, nothing: number, isShort: boolean): Exhibit | undefined {
  if (whole.scores[nothing]! < ALARMING.text) return whole
  if (!isShort) return undefined
  for (const sentence of sentencesOf(whole.tokens)) {
    const exhibit = showWithin(whole, sentence)
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
function sentencesOf(tokens: readonly Token[]): Span[] {
  const sentences: Span[] = []
  let first = 0
  for (let i = 0; i <= tokens.length; i++) {
    if (i < tokens.length && !ENDS.test(tokens[i]!.text)) continue
    if (i - first >= LEAST_TOKENS) {
      const { start, text } = tokens[i - 1]!
      sentences.push({ start: tokens[first]!.start, end: start + text.length })
    }
    first = i + 1
  }
  return sentences.length > 1 ? sentences : []
}
