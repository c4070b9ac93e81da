import type { Normalised } from '../normalise.ts'
import type { Places } from '../schemas.ts'
import type { SaidPlace, Span } from '../understanding.ts'
import { type KnownPlace, knownPlaces } from './gazetteer.ts'

/** Finds places in what English speakers write. */
export type EnglishPlaceFinder = (normalised: Normalised) => SaidPlace[]

const ROADS = 'road|rd|lu|street|st|dajie|jie|avenue|ave|boulevard|blvd|lane|alley|highway|expressway'
const COMMUNITIES = 'village|community|town|township|subdistrict'
const LANDMARKS =
  'bridge|square|plaza|guangchang|gardens?|huayuan|compound|residences?|estate|apartments?|mansions?|park|hospital|school|kindergarten|university|college|station|mall|market|supermarket|hotel|tower|cent(?:er|re)|hall'
const ENDING = new RegExp(`(?<![a-z])(?:${ROADS}|${COMMUNITIES}|${LANDMARKS})(?![a-z])\\.?`, 'giu')
const IS_ROAD = new RegExp(`^(?:${ROADS})$`, 'u')
const IS_COMMUNITY = new RegExp(`^(?:${COMMUNITIES})$`, 'u')
const PART =
  '(?:building|bldg\\.?|block|unit|room|rm\\.?|apartment|apt\\.?|flat|floor|entrance|gate|no\\.?|number|#) ?#?\\d{1,5}[a-z]?(?:-\\d{1,4}){0,2}(?![\\da-z])'
const PART_FOLLOWS = new RegExp(`,? ?${PART}`, 'iuy')
/** "Heping Road 12": a bare number behind a road, unless it counts something. */
const HOUSE_FOLLOWS = / \d{1,4}(?=\s*(?:$|[,.;!?]|(?:is|has|are|was|were|have|and|in|at|near)\b))/iuy
const PARTS_BEFORE = new RegExp(
  `(?:(?:${PART})(?: ?, ?| of | in | at | )(?:the )?){1,4}$|(?<![\\w.])\\d{1,4} $`,
  'iu',
)
const PARTS_ALONE = new RegExp(
  `(?<![a-z])(?:building|bldg\\.?|block|unit) ?#?\\d{1,4}(?![\\da-z])(?:,? ${PART}){0,3}`,
  'giu',
)
const RELATION_BEFORE =
  /(?<![a-z])(near|opposite|across (?:the road )?from|next to|behind|in front of|beside|outside|close to|around)(?: the)? $/iu
const WORDS_BEFORE = /(?:[a-z][a-z'’-]{0,20} ){1,4}$/iu
const MOST_WORDS = 4
/** How far before an ending its name, its number and its relation are looked for. */
const REACH = 120
const MOST_CHARACTERS = 4000

/** Capitalised like names, but naming nothing. */
const NO_NAMES = new Set(
  `the a an my our your his her their this that these those in on at to from of near by and or is are was it i we you no not every each all some any one two
  bus train police fire gas petrol railway subway metro service primary middle high elementary public private local new old main side city district shopping wet
  car parking street road there please hello dear when where why how what who`.split(/\s+/u),
)
/** The same ending in other words. */
const SAME_ENDING: Record<string, string> = {
  rd: 'road',
  lu: 'road',
  st: 'street',
  jie: 'street',
  dajie: 'street',
  ave: 'avenue',
  square: 'plaza',
  guangchang: 'plaza',
  gardens: 'garden',
  huayuan: 'garden',
  centre: 'center',
}

interface Found extends Span {
  name: Span & { said: string; ending: string }
  known: KnownPlace | undefined
  detail: string
  relation: string | undefined
}

/** Known by the English names in the city's data; what is unknown by its ending and its capital letters. */
export function createEnglishPlaceFinder(places: Places): EnglishPlaceFinder {
  const known = new Map(
    knownPlaces(places).flatMap(({ english, place }) => english.map(name => [keyOf(name), place] as const)),
  )
  return normalised => {
    const text = normalised.text.slice(0, MOST_CHARACTERS)
    const found = chained(Array.from(namesIn(text, known)), text)
    const taken = found.map(parts => ({ start: parts[0]!.start, end: parts.at(-1)!.end }))
    const alone = Array.from(text.matchAll(PARTS_ALONE), match => ({
      start: match.index,
      end: match.index + match[0].length,
    })).filter(span => taken.every(other => span.end <= other.start || other.end <= span.start))
    const said = (span: Span) => {
      const { start, end } = normalised.toOriginal(span)
      return { start, end, text: normalised.original.slice(start, end) }
    }
    return [
      ...found.map((parts, i) => ({ ...said(taken[i]!), ...address(parts) })),
      ...alone.map(span => ({ ...said(span), detail: text.slice(span.start, span.end) })),
    ].sort((a, b) => a.start - b.start)
  }
}

/** "Jin Xiu Gardens" and "jinxiu garden" are one name. */
function keyOf(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[.'’-]/gu, '')
    .split(/\s+/u)
  const ending = words.at(-1)!
  return [...words.slice(0, -1), SAME_ENDING[ending] ?? ending].join('')
}

function* namesIn(text: string, known: Map<string, KnownPlace>): Generator<Found> {
  let free = 0
  for (const match of text.matchAll(ENDING)) {
    const at = match.index
    const before = text.slice(Math.max(free, at - REACH), at)
    const words = WORDS_BEFORE.exec(before)?.[0].split(' ').slice(0, -1)
    if (!words) continue
    const ending = match[0].replace('.', '').toLowerCase()
    const name = longestKnown(words, match[0], known) ?? capitalised(words)
    if (!name) continue
    const start = at - name.words.join(' ').length - 1
    const said = text.slice(start, at + match[0].length)
    const found = withSurroundings(text, { start, end: start + said.length, said, ending }, free)
    free = found.end
    yield { ...found, known: name.known }
  }
}

interface Name {
  words: string[]
  known: KnownPlace | undefined
}

function longestKnown(words: string[], ending: string, known: Map<string, KnownPlace>): Name | undefined {
  for (let count = Math.min(MOST_WORDS, words.length); count >= 1; count--) {
    const own = words.slice(-count)
    const place = known.get(keyOf([...own, ending].join(' ')))
    if (place) return { words: own, known: place }
  }
  return undefined
}

function capitalised(words: string[]): Name | undefined {
  let count = 0
  while (count < words.length && count < 3 && /^[A-Z]/u.test(words.at(-count - 1)!)) count++
  const own = words.slice(words.length - count)
  while (own[0] !== undefined && /^(?:The|My|Our|In|On|At|Near|From|To|This|That|And)$/u.test(own[0]))
    own.shift()
  if (own.every(word => NO_NAMES.has(word.toLowerCase()))) return undefined
  return { words: own, known: undefined }
}

/** Number and building before or behind the name, and what is near what. */
function withSurroundings(text: string, name: Found['name'], free: number): Omit<Found, 'known'> {
  let { start, end } = name
  const before = PARTS_BEFORE.exec(text.slice(Math.max(free, start - REACH), start))?.[0] ?? ''
  start -= before.length
  const relation = RELATION_BEFORE.exec(text.slice(Math.max(free, start - REACH), start))
  if (relation) start -= relation[0].length
  const isRoad = IS_ROAD.test(name.ending) && before === ''
  let behind = ''
  for (;;) {
    const part = readAt(PART_FOLLOWS, text, end) ?? (isRoad ? readAt(HOUSE_FOLLOWS, text, end) : undefined)
    if (!part) break
    behind += part
    end += part.length
  }
  const detail = `${before} ${behind}`
    .replace(/\b(?:of|in|at|the)\b/giu, ' ')
    .replace(/[\s,]+/gu, ' ')
    .trim()
  return { start, end, name, detail, relation: relation?.[1]?.toLowerCase() }
}

function readAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** "Jinxiu Garden, Lishi Street" is one address. */
function chained(found: readonly Found[], text: string): Found[][] {
  const chains: Found[][] = []
  for (const next of found) {
    const last = chains.at(-1)?.at(-1)
    if (last && next.relation === undefined && /^,? ?$/u.test(text.slice(last.end, next.start)))
      chains.at(-1)!.push(next)
    else chains.push([next])
  }
  return chains
}

function address(parts: readonly Found[]): Omit<SaidPlace, 'text' | 'start' | 'end'> {
  const most = parts.find(part => part.known?.at) ?? parts.find(part => part.known)
  const named = (isKind: (part: Found) => boolean) => {
    const part = parts.find(isKind)
    return part && (part.known?.name ?? part.name.said)
  }
  const isKnownStreet = ({ known }: Found) => known?.kind === 'street'
  const isRoad = (part: Found) => (part.known ? part.known.kind === 'road' : IS_ROAD.test(part.name.ending))
  const isCommunity = (part: Found) =>
    part.known ? part.known.kind === 'community' : IS_COMMUNITY.test(part.name.ending)
  const road = named(isRoad)
  const community = named(isCommunity)
  const landmark = named(part => !isKnownStreet(part) && !isRoad(part) && !isCommunity(part))
  const detail = parts
    .map(part => part.detail)
    .filter(Boolean)
    .join(' ')
  const relation = parts[0]!.relation
  return {
    ...(most?.known ? { street: most.known.street } : {}),
    ...(community === undefined ? {} : { community }),
    ...(road === undefined ? {} : { road }),
    ...(detail ? { detail } : {}),
    ...(landmark === undefined ? {} : { landmark }),
    ...(relation === undefined ? {} : { relation }),
    ...(most?.known?.at ? { at: most.known.at } : {}),
  }
}
