/**
 * What the line makes of one message. Everything downstream (conversation, routing, the desk) works on this
 * and never on raw text again.
 */

/** The three written languages the line answers in. */
export const LOCALES = ['zh-Hans', 'zh-Hant', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** A piece of a text by UTF-16 offsets, end exclusive, always into the text as the person wrote it. */
export interface Span {
  start: number
  end: number
}

/** A feature that spoke for a label, with its share of the score (positive: for, negative: against). */
export interface Evidence {
  feature: string
  weight: number
}

export interface Candidate {
  label: string
  /** Calibrated probability, 0 to 1. */
  confidence: number
}

/** A classifier's answer. `label` is null when it abstains: no candidate reaches the threshold. */
export interface Judgement {
  label: string | null
  confidence: number
  /** Best first, at most five. */
  candidates: Candidate[]
  /** The words that decided for the best candidate, strongest first, at most eight. */
  evidence: Evidence[]
}

/** What kind of danger is named, and who answers for it. */
export interface Danger {
  kind: string
  service: string
  /** The caller's own words that say so. */
  cue: string
  /** Only sensed, by no rule: whoever says so is asked before anybody is sent. */
  isSensed?: boolean
}

/** A time as said, with what it means; `from`/`to` are instants, equal for a moment. */
export interface SaidTime extends Span {
  text: string
  from: Date
  to: Date
  /** `repeated`: "每天晚上", "经常": no single moment. */
  kind: 'moment' | 'period' | 'repeated'
}

/** A place as said, normalised as far as the city's place data allows. */
export interface SaidPlace extends Span {
  text: string
  street?: { id: string; name: string }
  community?: string
  road?: string
  /** House number, building, unit, room: `3号`, `2栋1单元`. */
  detail?: string
  landmark?: string
  /** 对面, 旁边, 附近 … when the place is only near the landmark. */
  relation?: string
  at?: [longitude: number, latitude: number]
  /** The same for whoever means the same spot; none for a whole road or town. `building` where one is named. */
  spot?: { key: string; building?: string }
}

export interface SaidPhone extends Span {
  text: string
  /** Digits only, e.g. `13800000000`. */
  number: string
}

/** A case number (12 digits) or query code that stands in the text. */
export interface SaidReference extends Span {
  caseNumber?: string
  queryCode?: string
}

/** One of the things that a message is about. */
export interface Matter {
  /** The caller's own words of this matter, never edited. */
  words: string
  span: Span
  subject: Judgement
  requestType: Judgement
  places: SaidPlace[]
  times: SaidTime[]
}

/** How satisfied a resident may say that they are, best first. */
export const SATISFACTIONS = ['very', 'satisfied', 'neutral', 'dissatisfied', 'very-dissatisfied'] as const
export type Satisfaction = (typeof SATISFACTIONS)[number]

/** What a message says of how a case went, as far as it does. */
export interface SaidOutcome {
  resolved?: boolean
  contacted?: boolean
  satisfied?: Satisfaction
  /** Says more than that: "又堵了" is what is wrong. */
  isMoreTold: boolean
}

export interface Understanding {
  text: string
  /** NFKC, Simplified, half width, invisible characters removed; typos and dialect mapped. */
  normalised: string
  locale: Locale
  /** Nothing to read in it: empty, only emoji or punctuation, or not language at all. */
  isBlank: boolean
  /** Sent as a location, not said: nothing but a place, whatever the text is. */
  isSentPlace?: true
  intent: Judgement
  /** At least one; more when several separable matters are named. */
  matters: Matter[]
  dangers: Danger[]
  phones: SaidPhone[]
  places: SaidPlace[]
  times: SaidTime[]
  references: SaidReference[]
  outcome?: SaidOutcome
  /** A name the person gives as their own ("我姓王", "我叫李梅"). */
  personName?: string
}
