import { createDangerFinder } from './emergency.ts'
import { extractFeatures } from './features.ts'
import { createIntentJudge } from './intent-judge.ts'
import { evidenceFor, judge, noJudgement } from './judgement.ts'
import type { Model } from './model.ts'
import { createReader, type Reader, type Reading } from './reader.ts'
import type { EmergencyFile, IntentFile, Lexicon, Places, RequestTypes } from './schemas.ts'
import { findPersonName, findPhones, findReferences } from './slots/contacts.ts'
import { createPlaceFinder } from './slots/places.ts'
import { findTimes } from './slots/times.ts'
import { createMatterSplitter, tokensWithin } from './split-matters.ts'
import { createSubjectJudge, type Exhibit, ranking } from './subject-judge.ts'
import type { SubjectTree } from './subject-tree.ts'
import { classifierNames } from './train-shipped.ts'
import type { Judgement, Matter, SaidPlace, SaidTime, Span, Understanding } from './understanding.ts'

/** From which confidence on a judgement is given; below it the label is null and the candidates are offered. */
export interface Thresholds {
  intent: number
  subject: number
  requestType: number
}

export const defaultThresholds: Thresholds = { intent: 0.5, subject: 0.35, requestType: 0.4 }

/** All that understanding is made from. */
export interface UnderstanderParts {
  subjects: SubjectTree
  intents: readonly IntentFile[]
  requestTypes: RequestTypes
  lexicon: Lexicon
  emergency: EmergencyFile
  places: Places
  model: Model
  thresholds?: Partial<Thresholds>
  /** The reader used in training, to share its dictionary; made here when left out. */
  read?: Reader
}

/** Text in, meaning out. */
export interface Understander {
  understand(text: string, options: { now: Date }): Understanding
}

/** Puts the language room together. Building takes about 0.3 s; understanding is pure and keeps no state. */
export function createUnderstander(parts: UnderstanderParts): Understander {
  const thresholds = { ...defaultThresholds, ...parts.thresholds }
  const read = parts.read ?? createReader(parts.lexicon)
  const findDangers = createDangerFinder(parts.emergency)
  const findPlaces = createPlaceFinder(parts.places)
  const judgeIntent = createIntentJudge(parts.model, parts.intents, thresholds.intent)
  const judgeSubject = createSubjectJudge(parts.model, thresholds.subject)
  const splitMatters = createMatterSplitter(judgeSubject)
  const judgeType = createTypeJudge(parts.model, thresholds.requestType)

  const describe = (whole: Reading, span: Span, found: Found, pragmatic?: Exhibit): Matter => {
    const tokens = tokensWithin(whole.tokens, span)
    const original = whole.normalised.toOriginal(span)
    return {
      words: whole.normalised.original.slice(original.start, original.end),
      span: original,
      subject: judgeSubject.leaf({ tokens, features: extractFeatures(tokens, 'topical') }),
      requestType: judgeType(pragmatic ?? { tokens, features: extractFeatures(tokens, 'pragmatic') }),
      ...assign(found, original),
    }
  }

  return {
    understand(text, { now }) {
      const whole = read(text)
      const { normalised, tokens } = whole
      const common = {
        text,
        normalised: normalised.text,
        locale: normalised.locale,
        isBlank: normalised.isBlank,
      }
      if (normalised.isBlank) return { ...common, ...nothing(text) }
      const places = findPlaces(whole)
      const times = findTimes(normalised, now)
      const spans = splitMatters(whole)
      const found = { places, times, matters: spans.length }
      const pragmatic = { tokens, features: extractFeatures(tokens, 'pragmatic') }
      const personName = findPersonName(normalised)
      return {
        ...common,
        intent: judgeIntent(normalised.text, pragmatic),
        matters: spans.map(span => describe(whole, span, found, spans.length === 1 ? pragmatic : undefined)),
        dangers: findDangers(normalised),
        phones: findPhones(normalised),
        places,
        times,
        references: findReferences(normalised),
        ...(personName === undefined ? {} : { personName }),
      }
    },
  }
}

interface Found {
  places: SaidPlace[]
  times: SaidTime[]
  matters: number
}

function createTypeJudge(model: Model, threshold: number): (exhibit: Exhibit) => Judgement {
  const classifier = model.classifiers.get(classifierNames.requestType)
  if (!classifier) return noJudgement
  return exhibit => {
    const judgement = judge(ranking(classifier, exhibit.features), threshold)
    const best = judgement.candidates[0]
    return best ? { ...judgement, evidence: evidenceFor(classifier, best.label, exhibit) } : judgement
  }
}

/** Each matter gets what stands in its own words; one that names no place or time shares those of the others. */
function assign({ places, times }: Found, span: Span): Pick<Matter, 'places' | 'times'> {
  const inside = <T extends Span>(all: T[]) => {
    const own = all.filter(item => item.start >= span.start && item.end <= span.end)
    return own.length > 0 ? own : all
  }
  return { places: inside(places), times: inside(times) }
}

function nothing(text: string): Omit<Understanding, 'text' | 'normalised' | 'locale' | 'isBlank'> {
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
