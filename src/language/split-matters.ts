import { type AnchorFinder, type Anchors, areApart } from './anchors.ts'
import { once } from './once.ts'
import { idAtLevel } from './subject-tree.ts'
import type { Span } from './understanding.ts'

/** A stretch of the text with what it seems to be about. */
interface Part extends Span {
  /** Subjects of a level with their shares. */
  about: Record<Level, () => About>
  /** The surest of the clauses that it is made of; what is said around it says little. */
  core: () => About
  anchors: () => Anchors
  /** Ends a sentence. */
  isClosed: boolean
  /** The writer announces another thing: firmly by 另外, 还有, a number …, weakly by a mere 也. */
  announced: 'firmly' | 'weakly' | undefined
  /** Starts as what goes on about the same: "so", "they", "please". */
  isContinued: boolean
}

/** Of subjects: second, or leaves. */
type Level = 2 | 3

interface About {
  shares: Map<string, number>
  best: string
  share: number
}

// Precision first: a matter wrongly parted annoys more than two filed as one, which an agent can still part.
const SURE_WHEN_ANNOUNCED = 0.6
const SURE_WHEN_ANNOUNCED_ELSEWHERE = 0.3
/** 也 joins what belongs together as often as what does not. */
const SURE_WHEN_WEAKLY = 0.85
const SURE = 0.99
const SURE_ELSEWHERE = 0.7
const SURE_IN_LETTER = 0.85
const SURE_BEFORE_CRY = 0.85
const LONGEST_CRY = 12
const DIM = 0.6
/** How much of the other part's subject a part may still hold. */
const MOST_OVERLAP = 0.12
const LEAST_CONTENT = 5
/** A longer text is a letter: it tells one story, and only announced or numbered parts are looked at. */
const LETTER = 160
const ENGLISH_LETTER = 480
const MOST_PARTS = 6

const CLAUSE =
  /(?:(?! \d{1,2}[、.)]|(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff\d]{4}))[^,。；;！!？?\n])+[,。；;！!？?\n]*|./gu
const SENTENCE = /(?:(?!(?:^|[^\d])\d{1,2}[、)])[^。；;！!？?\n])+[。；;！!？?\n]*|./gu
/** English sentences end with a full stop before a capital; "and the", "and my" go on to another thing as often as not. */
const ENGLISH_CLAUSE =
  /(?:(?!\.\s+[A-Z]| and (?:the|my|our|there|a)\b|(?<=\S) also )[^,;!?\n])+(?:\.(?=\s)|[,;!?\n])*|./gu
const CHINESE = /[\u4e00-\u9fff]/u
const ANNOUNCES =
  /^(?:\d{1,2}[、.．)）:：]|[一二三四五六][、.．]|[①②③④⑤⑥]|第[一二三四五六][,，、是个件]|[一二三四五六]是|其[一二三四]|另外|还有|再有|再就是|再一个|这还不算|这还没完|更气人的是|不光如此|同时|顺便|此外|除此之外|对了|另|还想|also |another |besides)/iu
const ANNOUNCES_LETTER =
  /^(?:\d{1,2}[、.．)）]|[一二三四五六][、.．]|[①②③④⑤⑥]|第[一二三四五六][,，、件]|[二三四五六]是|另外|还有(?:一[件个]|就是|个)|再有|再就是|再一个|这还不算|这还没完|更气人的是|不光如此|顺便|此外|对了)/u
const CONTINUES =
  /^(?:(?:我们?|咱们?|俺们?)(?:去|找|打|问|跑|向|跟|多次|已经|也)|需|带|多少|多久|多长|几|让|使|导致|造成|结果|所以|因此|因为|由于|但|可|而|并|且|要|能|会|该|应|希望|望|请|恳请|请问|盼|求|建议|这|那|其|他|她|它|人家|对方|谁|哪|咋|怎|什么|是|到|至|一直|现在|去|来|找|问|打|说|听|按|先|再|又|还|连|就|才|都|只|不|没|无|有|得|被|把|给|用|从|在|为|以|如|若|万一|否则|甚至|根本|为啥|为什么|多次|每|整|太|很|真|快|天天|晚上|白天|影响|严重|管|能不能|and (?!the |my |our |there |a )|but |so |because |it |they |he |she |please |now |which |that |this )/iu
const CLOSES = /(?:[。；;！!？?\n]|[a-z]\.)\s*$/u
const ONLY_ANNOUNCES =
  /^\s*(?:.{0,12}[:：])?(?:第[一二三四五六][个件点]?|其[一二三四五六]|[一二三四五六]是|另外|还有|再有|再就是|再一个|这还不算|这还没完|更气人的是|不光如此|同时|顺便|此外|除此之外|对了|also|besides)[\s,，、.:：]*$/iu
/** "我是康宁家园业主,", "反映两个情况:": who tells, and how many things will follow. */
const INTRODUCES =
  /^\s*(?:(?:我们?|本人|俺们?)是[^,，。;；:：!！?？]{2,16}(?:业主|住户|居民|村民|租户|家长|市民|老百姓)|[^,，。;；:：!！?？]{0,10}[两二三四五六几2-6][个件点](?:情况|问题|事情?|诉求))[\s,，。.:：]*$/u
const ALSO = /^[^也还]{1,8}[也还](?!没|不|是|在|要|有人|说|叫|让)/u

/** What of a stretch is asked, as seldom as can be. */
export interface StretchReader extends AnchorFinder {
  /** Subjects of a level with their shares. */
  sharesWithin(span: Span, level: Level): Map<string, number>
}

/** Parts of a normalised text, each about one thing; the whole text when it is about one. */
export function splitMatters(text: string, { sharesWithin, anchorsIn, isBare }: StretchReader): Span[] {
  const whole = [{ start: 0, end: text.length }]
  const isEnglish = !CHINESE.test(text)
  const isLetter = text.length > (isEnglish ? ENGLISH_LETTER : LETTER)
  if (text.length < 2 * LEAST_CONTENT || text.length > 4000) return whole
  const stretches = isLetter
    ? announcedStretches(text)
    : clausesOf(text, isEnglish ? ENGLISH_CLAUSE : CLAUSE, isBare)
  if (stretches.length < 2) return whole
  const describe = (span: Span): Part => {
    const about = {
      2: once(() => bestOf(sharesWithin(span, 2))),
      3: once(() => bestOf(sharesWithin(span, 3))),
    }
    return {
      ...span,
      about,
      core: about[2],
      isClosed: CLOSES.test(text.slice(span.start, span.end)),
      anchors: once(() => anchorsIn(span)),
      announced: announced(text.slice(span.start, span.end)),
      isContinued: CONTINUES.test(text.slice(span.start, span.end).trimStart()),
    }
  }
  const parts = gather(stretches.map(describe), describe, isLetter ? SURE_IN_LETTER : SURE_WHEN_ANNOUNCED)
  return parts.length > 1 && parts.length <= MOST_PARTS ? spread(parts, text) : whole
}

function stretchesOf(text: string, pattern: RegExp): Span[] {
  return Array.from(text.matchAll(pattern), match => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** What only announces ("第二,"), introduces or only says where belongs to what follows. */
function clausesOf(text: string, pattern: RegExp, isBare: AnchorFinder['isBare']): Span[] {
  const clauses: Span[] = []
  let start: number | undefined
  for (const clause of stretchesOf(text, pattern)) {
    start ??= clause.start
    const words = text.slice(clause.start, clause.end)
    if (ONLY_ANNOUNCES.test(words) || INTRODUCES.test(words) || isBare(clause)) continue
    clauses.push({ start, end: clause.end })
    start = undefined
  }
  if (start !== undefined) clauses.push({ start, end: text.length })
  return clauses
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

function bestOf(shares: Map<string, number>): About {
  let best = ''
  let share = 0
  for (const [subject, value] of shares) if (value > share) [best, share] = [subject, value]
  return { shares, best, share }
}

function announced(said: string): Part['announced'] {
  const words = said.trimStart()
  if (ANNOUNCES.test(words)) return 'firmly'
  return ALSO.test(words) ? 'weakly' : undefined
}

/** Joins each clause to the part before it unless the two are clearly about different things. */
function gather(clauses: readonly Part[], describe: (span: Span) => Part, sure: number): Part[] {
  const parts: Part[] = []
  for (const clause of clauses) {
    const last = parts.at(-1)
    if (!last) parts.push(clause)
    else if (isOther(last, clause, sure) && !parts.some(part => isTakenUp(part, clause))) parts.push(clause)
    else
      parts[parts.length - 1] = {
        ...describe({ start: last.start, end: clause.end }),
        announced: last.announced,
        core: once(() => surer(last.core(), clause.about[2]())),
      }
  }
  return parts
}

/** "电梯什么时候修？" after all else was told asks once more for what was told first. */
function isTakenUp(part: Part, clause: Part): boolean {
  return part.about[2]().best === clause.about[2]().best && !areElsewhere(part, clause) && !clause.announced
}

function isOther(one: Part, other: Part, sureWhenAnnounced: number): boolean {
  if (Math.min(one.end - one.start, other.end - other.start) < LEAST_CONTENT) return false
  if (other.announced) return isAnnouncedOther(one, other, sureWhenAnnounced)
  if (other.isContinued) return false
  if (areSurelyDifferent(one, other)) return true
  // It begins with where it is, and that is somewhere else: then even what is near is another thing.
  if (other.about[2]().share < SURE_ELSEWHERE || !other.anchors().isLed) return false
  const bar = { before: SURE_ELSEWHERE, after: SURE_ELSEWHERE }
  return areElsewhere(one, other) && areDifferentAnyhow(one, other, bar)
}

/** What is announced must be clear itself; what came before may still be dim, as long as it is something else. */
function isAnnouncedOther(one: Part, other: Part, sureWhenAnnounced: number): boolean {
  if (other.announced === 'weakly')
    return areDifferent(one, other, 2, { before: SURE_WHEN_WEAKLY, after: SURE_WHEN_WEAKLY })
  if (areDifferent(one, other, 2, { before: sureWhenAnnounced * DIM, after: sureWhenAnnounced })) return true
  if (!areElsewhere(one, other)) return false
  const sure = Math.max(
    SURE_WHEN_ANNOUNCED_ELSEWHERE,
    sureWhenAnnounced === SURE_IN_LETTER ? SURE_IN_LETTER : 0,
  )
  return areDifferentAnyhow(one, other, { before: sure, after: sure })
}

function areDifferentAnyhow(one: Part, other: Part, bar: Bar): boolean {
  return areDifferent(one, other, 2, bar) || areDifferent(one, other, 3, bar)
}

function areElsewhere(one: Part, other: Part): boolean {
  return areApart(one.anchors(), other.anchors())
}

/** Of two top subjects, or in two sentences. */
function areSurelyDifferent(one: Part, other: Part): boolean {
  const after = other.about[2]()
  if (after.share < SURE) return false
  const before = one.isClosed ? one.core() : one.about[2]()
  // "垃圾没人收！自来水发黄！": what is listed in cries needs not be as sure before.
  const isCried = one.isClosed && other.end - other.start <= LONGEST_CRY
  if (before.share < (isCried ? SURE_BEFORE_CRY : SURE)) return false
  if (!one.isClosed && (isNear(before, after) || isWhatComesOf(one, other))) return false
  return (one.about[2]().shares.get(after.best) ?? 0) <= MOST_OVERLAP && areOther(before, after)
}

/** Of the same top subject. */
function isNear(before: About, after: About): boolean {
  return idAtLevel(before.best, 1) === idAtLevel(after.best, 1)
}

/** "和平路堵车，救护车都进不来": what says no place of its own behind one that does is what comes of it. */
function isWhatComesOf(one: Part, other: Part): boolean {
  return one.anchors().spots.length > 0 && other.anchors().spots.length === 0
}

/** How sure both must be. */
interface Bar {
  before: number
  after: number
}

/** Is each surely about something of which the other holds next to nothing? */
function areDifferent(one: Part, other: Part, level: Level, bar: Bar): boolean {
  const after = other.about[level]()
  if (after.share < bar.after) return false
  const before = one.about[level]()
  return before.share >= bar.before && areOther(before, after)
}

function areOther(before: About, after: About): boolean {
  return (
    before.best !== after.best &&
    (before.shares.get(after.best) ?? 0) <= MOST_OVERLAP &&
    (after.shares.get(before.best) ?? 0) <= MOST_OVERLAP
  )
}

function surer(one: About, other: About): About {
  return other.share > one.share ? other : one
}

/** Parts meet without gaps, so that no word of the person's is lost. */
function spread(parts: readonly Part[], text: string): Span[] {
  return parts.map((part, i) => ({
    start: i === 0 ? 0 : part.start,
    end: parts[i + 1]?.start ?? text.length,
  }))
}
