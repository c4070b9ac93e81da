import { isVague } from '../conversation/elements.ts'
import { DAY } from '../kernel/clock.ts'
import type { Judgement, SaidPlace, SaidTime, Span } from '../language/understanding.ts'
import type { HeardMatter } from './hear-talk.ts'
import { poolJudgements } from './pool-judgements.ts'
import type { Ranked } from './steady.ts'
import type { Field, Suggested } from './suggestions.ts'
import { summarise } from './summarise.ts'
import { clausesOf, holdsOneOf, type TalkSpan, type TalkWords } from './talk.ts'

/** How sure a value must be to be shown; a person looks at it before it counts. */
const SUBJECT_BAR = { threshold: 0.4, lead: 1.25 }
const TYPE_BAR = { threshold: 0.4 }
const BAR = 0.4
/** One breath alone says less than all together; what the agent says back is meant to be exact. */
const PIECE = 0.5
const STATEMENT = 0.6
const PIECE_TYPE = 0.3
const MOST_EVIDENCE = 4
const LONGEST_WISH = 60
const SHORTEST_WISH = 4

/** What a matter is about and what is wanted of the line, pooled over all that was said of it. */
export interface Judged {
  subject: Judgement
  type: Judgement
}

export function judgeMatter({ whole, pieces, statements }: HeardMatter): Judged {
  const all = whole.matters[0]!
  const isOne = whole.matters.length === 1
  // A single breath is the whole: it is not counted twice.
  const breaths = isOne && pieces.length === 1 ? [] : pieces
  // Read as one it may fall apart; then the breaths speak for themselves.
  const together = isOne ? [{ judgement: all.subject, weight: 1 }] : []
  const restated = statements.filter(({ matter }) => matter.subject.label !== null)
  return {
    subject: poolJudgements(
      [
        ...together,
        ...breaths.map(({ matter }) => ({ judgement: matter.subject, weight: isOne ? PIECE : 1 })),
        ...restated.map(({ matter }) => ({ judgement: matter.subject, weight: STATEMENT })),
      ],
      SUBJECT_BAR,
    ),
    type: poolJudgements(
      [
        { judgement: all.requestType, weight: 1 },
        ...breaths.map(({ matter }) => ({ judgement: matter.requestType, weight: PIECE_TYPE })),
      ],
      TYPE_BAR,
    ),
  }
}

/** All that speaks for a value of each field, the best first. */
export function readFields(
  heard: HeardMatter,
  { subject, type }: Judged,
  { words, now }: { words: TalkWords; now: Date },
): Record<Field, Ranked> {
  const decided = subject.evidence.filter(({ weight }) => weight > 0).map(({ feature }) => feature)
  const places = rankPlaces(heard)
  return {
    type: {
      candidates: valuesOf(type, evidence => findWords(heard, evidence.slice(0, 1))),
      bar: TYPE_BAR.threshold,
    },
    subject: {
      candidates: valuesOf(subject, evidence => findWords(heard, evidence)),
      bar: SUBJECT_BAR.threshold,
      lead: SUBJECT_BAR.lead,
    },
    place: {
      candidates: places.map(({ place, confidence }) => ({
        value: plainPlace(place.text),
        confidence,
        evidence: heard.joined.locate(place),
      })),
      bar: BAR,
    },
    time: { candidates: rankTimes(heard, subject, now), bar: BAR },
    wanted: { candidates: wishes(heard, words), bar: BAR },
    summary: {
      candidates: summarise(heard, { decided, places: places.map(({ place }) => place), words }),
      bar: BAR,
    },
  }
}

/** Candidates as values; the words that decided are those of the best. */
function valuesOf(
  { candidates, evidence }: Judgement,
  find: (words: readonly string[]) => TalkSpan[],
): Suggested[] {
  const telling = evidence.filter(({ feature, weight }) => weight > 0 && isTelling(feature))
  return candidates.map(({ label, confidence }, rank) => ({
    value: label,
    confidence,
    evidence: rank === 0 ? find(telling.map(({ feature }) => feature)) : [],
  }))
}

/** A single character, and a short English word, is seen to decide and tells nobody anything. */
function isTelling(word: string): boolean {
  return word.length > (/[a-z]/i.test(word) ? 3 : 1)
}

/** Where the words that decided stand first, once each. */
function findWords({ whole, joined }: HeardMatter, decided: readonly string[]): TalkSpan[] {
  const haystack = (
    whole.normalised.length === whole.text.length ? whole.normalised : whole.text
  ).toLowerCase()
  const spans = decided.slice(0, MOST_EVIDENCE).flatMap((word): Span[] => {
    const start = haystack.indexOf(word.toLowerCase())
    return start < 0 ? [] : [{ start, end: start + word.length }]
  })
  return spans.toSorted((a, b) => a.start - b.start).flatMap(span => joined.locate(span))
}

interface RankedPlace {
  place: SaidPlace
  confidence: number
}

/** The place that somebody could be sent to first. */
export function rankPlaces({ whole, pieces }: HeardMatter): RankedPlace[] {
  const own = whole.places.filter(place => !isVague(place.text))
  // "人民路3号半夜施工，楼道灯也坏了": told once for both.
  const shared = own.length > 0 ? [] : pieces.flatMap(({ matter }) => matter.places)
  return [...own.map(place => ({ place, confidence: exactness(place) })), ...shared.map(lend)]
    .filter(({ confidence }) => confidence > 0.3)
    .toSorted((a, b) => b.confidence - a.confidence)
}

function lend(place: SaidPlace): RankedPlace {
  // It stands in words of another matter, so nothing of these words can be shown for it.
  return { place: { ...place, start: 0, end: 0 }, confidence: exactness(place) * 0.8 }
}

/** A known spot and a building say where to go; a road says about where. */
function exactness({ spot, street, community, road, landmark, detail }: SaidPlace): number {
  const base = spot ? 0.82 : street || community || road ? 0.6 : landmark ? 0.4 : 0.2
  return Math.min(0.97, base + (detail && (spot || road) ? 0.12 : 0))
}

/** Without the pauses of speech. */
export function plainPlace(text: string): string {
  const isChinese = /\p{sc=Han}/u.test(text)
  return isChinese ? text.replace(/[\s，,、。.]+/gu, '') : text.trim().replace(/[\s,.]+$/u, '')
}

/** What happens again and again, or was, told near to what the matter is about; never what is still to come. */
function rankTimes(heard: HeardMatter, subject: Judgement, now: Date): Suggested[] {
  const about = subject.candidates[0]?.label
  const clauses = clausesOf(heard.whole.text)
  return heard.whole.times
    .filter(time => !isEmptyTime(time) && (time.kind === 'repeated' || time.from <= now))
    .map(time => {
      const evidence = heard.joined.locate(time)
      const piece = heard.pieces.find(each => each.utterance === evidence[0]?.utterance)
      const near = piece?.matter.subject.candidates.find(({ label }) => label === about)?.confidence ?? 0
      const clause = clauses.find(each => each.start <= time.start && each.end >= time.end)
      const telling = (clause?.text.length ?? 0) > time.text.length + 3 ? 0.05 : 0
      const isLongAgo = now.getTime() - time.to.getTime() > LONG_AGO_MS
      const base = isLongAgo ? 0.3 : 0.5
      const confidence = base + 0.25 * near + (time.kind === 'repeated' ? 0.15 : 0) + telling
      return { value: time.text, confidence, evidence }
    })
    .toSorted((a, b) => b.confidence - a.confidence)
}

const LONG_AGO_MS = 180 * DAY
const EMPTY_TIME = /^(?:现在|現在|长期|長期|临时|臨時|以前|以后|以後|马上|馬上|回头|now|later|soon|one)$/iu

function isEmptyTime({ text }: SaidTime): boolean {
  return EMPTY_TIME.test(text.trim())
}

/** What the caller hopes for; else what the agent said back of it. */
function wishes({ pieces, statements }: HeardMatter, { wanted, smallTalk }: TalkWords): Suggested[] {
  const from = (all: HeardMatter['pieces'], confidence: number): Suggested[] =>
    all.flatMap(({ utterance, start, text }) =>
      clausesOf(text)
        .filter(clause => holdsOneOf(clause.text, wanted) && !holdsOneOf(clause.text, smallTalk))
        .filter(clause => [...clause.text].length <= LONGEST_WISH && [...clause.text].length > SHORTEST_WISH)
        .map(clause => ({
          value: clause.text,
          confidence,
          evidence: [{ utterance, start: start + clause.start, end: start + clause.end }],
        })),
    )
  return [...from(pieces, 0.7), ...from(statements, 0.6)]
}
