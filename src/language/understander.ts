import { createAnchorFinder, isToldAlone, placesFor } from './anchors.ts'
import { classifierIn, lookWithin, ranking } from './classifier-bank.ts'
import { classifierNames } from './classifier-names.ts'
import { createDangerSense } from './danger-sense.ts'
import { createDangerFinder } from './emergency.ts'
import { createIntentJudge } from './intent-judge.ts'
import { type Exhibit, evidenceFor, judge, noJudgement, show, showWithin, tokensWithin } from './judgement.ts'
import type { Model } from './model.ts'
import { once } from './once.ts'
import { createOutcomeFinder } from './outcome.ts'
import { createReader, type Reader } from './reader.ts'
import type { EmergencyFile, IntentFile, Lexicon, OutcomeFile, Places, RequestTypes } from './schemas.ts'
import { createPlaceFinder } from './slots/places.ts'
import { findTimes } from './slots/times.ts'
import { splitMatters } from './split-matters.ts'
import { createSubjectJudge } from './subject-judge.ts'
import type { SubjectTree } from './subject-tree.ts'
import type { Judgement, Matter, SaidPlace, SaidTime, Span, Understanding } from './understanding.ts'
import { findValues, hideValues, isBareValue } from './values.ts'

/** From which confidence on a judgement is given; below it the label is null and the candidates are offered. */
export interface Thresholds {
  intent: number
  subject: number
  requestType: number
}

export const defaultThresholds: Thresholds = { intent: 0.5, subject: 0.5, requestType: 0.4 }

/** Two subjects of nearly the same confidence are a question to the caller, whatever their height. */
const SUBJECT_LEAD = 1.5

/** All that understanding is made from. */
export interface UnderstanderParts {
  subjects: SubjectTree
  intents: readonly IntentFile[]
  requestTypes: RequestTypes
  lexicon: Lexicon
  emergency: EmergencyFile
  outcomes: OutcomeFile
  places: Places
  model: Model
  thresholds?: Partial<Thresholds>
  /** The reader used in training, to share its dictionary; made here when left out. */
  read?: Reader
}

/** "9" and "1 1 2" are answers, and nothing is guessed about them. */
const HAS_WORDS = /\p{L}/u

/** Text in, meaning out. */
export interface Understander {
  understand(text: string, options: { now: Date }): Understanding
}

/** Puts the language room together. Building takes about 0.3 s; understanding is pure and keeps no state. */
export function createUnderstander(parts: UnderstanderParts): Understander {
  const thresholds = { ...defaultThresholds, ...parts.thresholds }
  const { topical, pragmatic } = parts.model.banks
  const read = parts.read ?? createReader(parts.lexicon)
  const findDangers = createDangerFinder(parts.emergency)
  const senseDangers = createDangerSense(pragmatic, parts.emergency)
  const findOutcome = createOutcomeFinder(parts.outcomes)
  const findPlaces = createPlaceFinder(parts.places)
  const judgeIntent = createIntentJudge(parts.model, parts.intents, thresholds.intent)
  const judgeSubject = createSubjectJudge(parts.model, { threshold: thresholds.subject, lead: SUBJECT_LEAD })
  const judgeType = createTypeJudge(parts, thresholds.requestType)

  return {
    understand(text, { now }) {
      const whole = read(text)
      const { normalised } = whole
      const common = {
        text,
        normalised: normalised.text,
        locale: normalised.locale,
        isBlank: normalised.isBlank,
      }
      if (normalised.isBlank || !topical || !pragmatic) return { ...common, ...nothing(text) }
      const values = findValues(whole, findPlaces)
      const times = findTimes(normalised, now)
      const named = findDangers(normalised)
      const words = hideValues(whole, values)
      if (!HAS_WORDS.test(normalised.text) || isBareValue(whole, words, times))
        return { ...common, ...bareValue(text, { ...values, dangers: named, times }) }

      const said = show(pragmatic, words.pragmatic)
      const about = once(() => show(topical, words.topical))
      const wholeSubject = once(() => judgeSubject.leaf(about()))
      const judged = (isDangerous: boolean) => judgeIntent(normalised.text, said, { isDangerous })
      let intent = judged(named.length > 0)
      const sensed =
        named.length > 0 || intent.isBareAct
          ? []
          : senseDangers(said, normalised, () => sureSubject(wholeSubject()))
      if (sensed.length > 0) intent = judged(true)
      const found = { ...values, dangers: [...named, ...sensed], times }
      const spans = splitMatters(normalised.text, {
        sharesWithin: (span, level) => judgeSubject.shares(lookWithin(about(), span), level),
        ...createAnchorFinder(normalised, values.places),
      })
      const originals = spans.map(span => normalised.toOriginal(span))
      const assigned = assign(found, originals, normalised.original)
      const describe = (span: Span, i: number): Matter => {
        const original = originals[i]!
        const isWhole = spans.length === 1
        const exhibit = isWhole ? said : show(pragmatic, tokensWithin(words.pragmatic, span))
        return {
          words: normalised.original.slice(original.start, original.end),
          span: original,
          subject: intent.isBareAct
            ? noJudgement()
            : isWhole
              ? wholeSubject()
              : judgeSubject.leaf(showWithin(about(), span)),
          requestType: intent.isBareAct
            ? noJudgement()
            : judgeType(exhibit, normalised.text.slice(span.start, span.end)),
          ...assigned[i]!,
        }
      }
      const outcome = findOutcome(normalised.text)
      return {
        ...common,
        ...found,
        ...(outcome ? { outcome } : {}),
        intent: intent.judgement,
        matters: spans.map(describe),
      }
    },
  }
}

/** From this confidence on a text is about one thing and hardly about another. */
const SURE_OF_SUBJECT = 0.9

function sureSubject({ label, confidence }: Judgement): string | undefined {
  return label !== null && confidence >= SURE_OF_SUBJECT ? label : undefined
}

interface Found {
  places: SaidPlace[]
  times: SaidTime[]
}

function createTypeJudge(
  { model, requestTypes }: UnderstanderParts,
  threshold: number,
): (exhibit: Exhibit, text: string) => Judgement {
  const bank = model.banks.pragmatic
  const bound = requestTypes.types.filter(({ onlyWith }) => onlyWith.length > 0)
  const classifier = bank && classifierIn(bank, classifierNames.requestType)
  if (!classifier) return noJudgement
  return (exhibit, text) => {
    const lower = text.toLowerCase()
    const barred = bound.filter(({ onlyWith }) => !onlyWith.some(word => lower.includes(word)))
    const judgement = judge(
      without(
        barred.map(({ id }) => id),
        ranking(classifier, exhibit),
      ),
      { threshold },
    )
    const best = judgement.candidates[0]
    return best ? { ...judgement, evidence: evidenceFor(classifier, best.label, exhibit) } : judgement
  }
}

/** The others, with the shares of those that are barred given to them. */
function without(barred: readonly string[], ranked: Iterable<readonly [string, number]>): [string, number][] {
  const left = [...ranked].filter(([label]) => !barred.includes(label)) as [string, number][]
  const sum = left.reduce((total, [, share]) => total + share, 0)
  return left.map(([label, share]) => [label, share / (sum || 1)])
}

/** Each matter gets what stands in its own words. One that names no time shares those of the others; of places, see `placesFor`. */
function assign(
  { places, times }: Found,
  spans: readonly Span[],
  text: string,
): Pick<Matter, 'places' | 'times'>[] {
  if (spans.length === 1) return [{ places, times }]
  const inside = <T extends Span>(all: T[], span: Span) =>
    all.filter(item => item.start >= span.start && item.end <= span.end)
  const own = spans.map(span => inside(places, span))
  const alone = places.filter(place => isToldAlone(text, place))
  return spans.map((span, i) => {
    const ownTimes = inside(times, span)
    return {
      places:
        own[i]!.length > 0
          ? own[i]!
          : placesFor(text.slice(span.start, span.end), { before: own.slice(0, i), alone }),
      times: ownTimes.length > 0 ? ownTimes : times,
    }
  })
}

type Meaning = Omit<Understanding, 'text' | 'normalised' | 'locale' | 'isBlank'>

/** A place, a phone or a time and nothing else: it answers a question, and nothing is guessed about it. */
function bareValue(text: string, found: Omit<Meaning, 'intent' | 'matters'>): Meaning {
  const [matter] = nothing(text).matters
  const { places, times } = found
  return { ...found, intent: noJudgement(), matters: [{ ...matter!, places, times }] }
}

function nothing(text: string): Meaning {
  const matter: Matter = {
    words: text,
    span: { start: 0, end: text.length },
    subject: noJudgement(),
    requestType: noJudgement(),
    places: [],
    times: [],
  }
  return {
    intent: noJudgement(),
    matters: [matter],
    dangers: [],
    phones: [],
    places: [],
    times: [],
    references: [],
  }
}
