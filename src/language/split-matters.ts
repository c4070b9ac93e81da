import type { ClassifierBank } from './classifier-bank.ts'
import { show } from './judgement.ts'
import type { Token } from './segment.ts'
import type { SubjectJudge } from './subject-judge.ts'
import { idAtLevel } from './subject-tree.ts'
import type { Span } from './understanding.ts'

/** Parts of a normalised text, each about one thing; the whole text when it is about one. */
export type MatterSplitter = (text: string, tokens: readonly Token[]) => Span[]

/** A stretch of the text with what it seems to be about. */
interface Part extends Span {
  /** Second-level subjects with their shares. */
  groups: Map<string, number>
  best: string
  share: number
  /** Starts with 另外, 还有 …, or says 也: the writer announces another thing. */
  isAnnounced: boolean
}

// Precision first: a matter wrongly parted annoys more than two filed as one, which an agent can still part.
const SURE_WHEN_ANNOUNCED = 0.6
const SURE = 0.97
const SURE_IN_LETTER = 0.85
const DIM = 0.6
/** How much of the other part's subject a part may still hold. */
const MOST_OVERLAP = 0.12
const LEAST_CONTENT = 4
/** A longer text is a letter: it tells one story, and only announced or numbered parts are looked at. */
const LETTER = 160
const MOST_PARTS = 6

const CLAUSE = /(?:(?! \d{1,2}[、.)])[^,。；;！!？?\n])+[,。；;！!？?\n]*|./gu
const SENTENCE = /(?:(?!(?:^|[^\d])\d{1,2}[、)])[^。；;！!？?\n])+[。；;！!？?\n]*|./gu
const ANNOUNCES =
  /^(?:\d{1,2}[、.．)）:：]|[一二三四五六][、.．]|[①②③④⑤⑥]|第[一二三四五六][,，、是个件]|其[一二三四]|另外|还有|再有|再就是|同时|顺便|此外|除此之外|对了|另|还想|also |another |besides)/iu
const ANNOUNCES_LETTER =
  /^(?:\d{1,2}[、.．)）]|[一二三四五六][、.．]|[①②③④⑤⑥]|第[一二三四五六][,，、件]|另外|还有(?:一[件个]|就是|个)|再有|再就是|顺便|此外|对了)/u
const ALSO = /^[^也还]{1,8}[也还](?!没|不|是|在|要|有人|说|叫|让)/u

/** Makes a splitter that asks the judge clause by clause, about the topical words. */
export function createMatterSplitter(bank: ClassifierBank | undefined, judge: SubjectJudge): MatterSplitter {
  return (text, tokens) => {
    if (!bank) return [{ start: 0, end: text.length }]
    const whole = [{ start: 0, end: text.length }]
    const isLetter = text.length > LETTER
    if (text.length < 2 * LEAST_CONTENT || text.length > 4000) return whole
    const stretches = isLetter ? announcedStretches(text) : stretchesOf(text, CLAUSE)
    if (stretches.length < 2) return whole
    const describe = (span: Span): Part => {
      const groups = judge.groups(show(bank, tokensWithin(tokens, span)))
      return {
        ...span,
        ...bestOf(groups),
        groups,
        isAnnounced: isAnnounced(text.slice(span.start, span.end)),
      }
    }
    const parts = gather(stretches.map(describe), describe, isLetter ? SURE_IN_LETTER : SURE_WHEN_ANNOUNCED)
    return parts.length > 1 && parts.length <= MOST_PARTS ? spread(parts, text) : whole
  }
}

function stretchesOf(text: string, pattern: RegExp): Span[] {
  return Array.from(text.matchAll(pattern), match => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** The sentences of a letter, those that announce nothing joined to the one before. */
function announcedStretches(text: string): Span[] {
  const joined: Span[] = []
  for (const sentence of stretchesOf(text, SENTENCE)) {
    const last = joined.at(-1)
    if (last && !ANNOUNCES_LETTER.test(text.slice(sentence.start, sentence.end).trimStart()))
      last.end = sentence.end
    else joined.push({ ...sentence })
  }
  return joined
}

function bestOf(groups: Map<string, number>): { best: string; share: number } {
  let best = ''
  let share = 0
  for (const [group, value] of groups) if (value > share) [best, share] = [group, value]
  return { best, share }
}

function isAnnounced(said: string): boolean {
  const words = said.trimStart()
  return ANNOUNCES.test(words) || ALSO.test(words)
}

/** The tokens that lie in a span; they are sorted, so the first is found by halving. */
export function tokensWithin(tokens: readonly Token[], { start, end }: Span): Token[] {
  let low = 0
  let high = tokens.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (tokens[middle]!.start < start) low = middle + 1
    else high = middle
  }
  let last = low
  while (last < tokens.length && tokens[last]!.start < end) last++
  return tokens.slice(low, last)
}

/** Joins each clause to the part before it unless the two are clearly about different things. */
function gather(clauses: readonly Part[], describe: (span: Span) => Part, sure: number): Part[] {
  const parts: Part[] = []
  for (const clause of clauses) {
    const last = parts.at(-1)
    if (!last) parts.push(clause)
    else if (isOther(last, clause, sure)) parts.push(clause)
    else
      parts[parts.length - 1] = {
        ...describe({ start: last.start, end: clause.end }),
        isAnnounced: last.isAnnounced,
      }
  }
  return parts
}

function isOther(before: Part, after: Part, sureWhenAnnounced: number): boolean {
  if (Math.min(before.end - before.start, after.end - after.start) < LEAST_CONTENT) return false
  if (before.best === after.best || before.best === '' || after.best === '') return false
  const sure = after.isAnnounced ? sureWhenAnnounced : SURE
  // What is announced must be clear itself; what came before may still be dim, as long as it is something else.
  if (after.share < sure || before.share < (after.isAnnounced ? sure * DIM : sure)) return false
  const isNear = idAtLevel(before.best, 1) === idAtLevel(after.best, 1)
  if (isNear && !after.isAnnounced) return false
  return (
    (before.groups.get(after.best) ?? 0) <= MOST_OVERLAP &&
    (after.groups.get(before.best) ?? 0) <= MOST_OVERLAP
  )
}

/** Parts meet without gaps, so that no word of the person's is lost. */
function spread(parts: readonly Part[], text: string): Span[] {
  return parts.map((part, i) => ({
    start: i === 0 ? 0 : part.start,
    end: parts[i + 1]?.start ?? text.length,
  }))
}
