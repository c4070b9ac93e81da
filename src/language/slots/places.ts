import type { Reading } from '../reader.ts'
import type { Places } from '../schemas.ts'
import type { SaidPlace } from '../understanding.ts'
import { createEnglishPlaceFinder } from './english-places.ts'
import { createGazetteer, type Gazetteer, type KnownPlace } from './gazetteer.ts'
import { GENERIC_PATTERN, mayHoldHomes, readEstate, readNamed } from './place-words.ts'
import { spotOf } from './spot.ts'

/** Finds places named in a text, in the order in which they stand. */
export type PlaceFinder = (reading: Reading) => SaidPlace[]

/** A part of an address: 李石街道 | 人民路 | 3号 | 对面. */
interface Piece {
  start: number
  end: number
  kind: 'street' | 'community' | 'road' | 'landmark' | 'detail' | 'relation'
  name: string
  known?: KnownPlace
}

/** Compiles the city's places. Known names come first; what is unknown is found by its ending and its numbers. */
export function createPlaceFinder(places: Places): PlaceFinder {
  const lookUp = createGazetteer(places)
  const findEnglish = createEnglishPlaceFinder(places)
  const find = (reading: Reading): SaidPlace[] => {
    const { normalised } = reading
    const english = LATIN.test(normalised.text) ? findEnglish(normalised) : []
    if (normalised.locale === 'en') return english
    const chinese = group(pieces(reading, lookUp), normalised.text).map(parts => {
      const span = normalised.toOriginal({ start: parts[0]!.start, end: parts.at(-1)!.end })
      return { ...span, text: normalised.original.slice(span.start, span.end), ...address(parts) }
    })
    if (english.length === 0) return chinese
    const more = english.filter(place =>
      chinese.every(one => place.end <= one.start || one.end <= place.start),
    )
    return [...chinese, ...more].sort((a, b) => a.start - b.start)
  }
  return reading =>
    withEstates(find(reading)).map(place => {
      const spot = spotOf(place)
      return spot ? { ...place, spot } : place
    })
}

/** "五号楼电梯不能用，锦绣花园的": a building that hangs in the air stands in the one compound that is named. */
function withEstates(places: readonly SaidPlace[]): SaidPlace[] {
  const isHanging = ({ landmark, road, community, detail }: SaidPlace) =>
    detail !== undefined && !landmark && !road && !community
  const estates = places.filter(place => mayHoldHomes(place) && place.detail === undefined)
  const [estate] = estates
  if (
    !estate ||
    estates.some(
      ({ landmark, community }) => (landmark ?? community) !== (estate.landmark ?? estate.community),
    )
  )
    return [...places]
  const { text, start: _start, end: _end, relation: _relation, ...rest } = estate
  const name = estate.relation
    ? text.slice(0, text.lastIndexOf(estate.relation)).replace(/的$/u, '') || text
    : text
  return places.map(place => (isHanging(place) ? { ...rest, ...place, text: `${name}${place.text}` } : place))
}

/** Words in Latin letters, more than a building's letter. */
const LATIN = /[a-z]{3}/iu

const COUNT = '(?:\\d{1,5}|[A-Za-z]|[一二三四五六七八九十百]{1,4})'
/** A distance. */
const COUNT_WORD = '(?:\\d{1,4}|[一二两三四五六七八九十百几]{1,5})'
const DETAIL = new RegExp(
  `(?:第?${COUNT}(?:-\\d{1,4})?(?:号院|#楼?|号楼(?![道梯上下])|号门(?![口前])|号|栋|幢|座|单元|室|层|楼(?![道梯上下])|组|队|弄|段|期|区|门(?![口前])|户)(?:之\\d)?|(?<=[楼栋幢座#])\\d{1,2}-\\d{3,4}(?!\\d)|(?<=\\d|[号楼栋幢座元层室#])\\d{3,4}(?!\\d|[年月元块])|\\d{1,3}(?:-\\d{1,4}){2})`,
  'uy',
)
const RELATION = new RegExp(
  `(?:的)?(?:[往向]?[东西南北](?:走|边|面)?(?:大概|大约|约)?${COUNT_WORD}多?米(?:左右|处|远)?|(?<=路)口|[东西南北]头|斜对面|正对面|对面|对过|旁边|旁|附近|门口|门前|后面|前面|后身|前身|楼下|楼上|边上|[东西南北]侧|[东西南北]边|[东西南北]门|以[东西南北]|[东西南北]面|交叉口|交汇处|交叉路口|十字路口|路口|交口|院内|里面|周边|一带|隔壁|拐角|之间|桥下|岔路口)`,
  'uy',
)
const GENERIC = new RegExp(`(?:的)?(?:${GENERIC_PATTERN})(?!的?(?:名|费))`, 'uy')
const CROSSING = /^(?:与|和|、|跟|同|及)$/u
/** 第三天, 5区别: a number with 号 or 组 alone is no address; a building or unit is. */
const STANDS_ALONE = /号楼|#楼|栋|幢|单元/u

function pieces({ normalised, tokens }: Reading, lookUp: Gazetteer): Piece[] {
  const { text } = normalised
  const lower = text.toLowerCase()
  const found: Piece[] = []
  let free = 0
  const take = (piece: Piece) => {
    // A longer name reaches back over a piece that it contains: 锦绣 + 花园.
    while (found.at(-1) && found.at(-1)!.start >= piece.start) found.pop()
    // 锦绣花园小区: the class after the name belongs to it.
    if (text.startsWith('小区', piece.end)) piece.end += 2
    if (piece.kind === 'street' && text.startsWith('办事处', piece.end)) piece.end += 3
    found.push(piece)
    free = Math.max(free, piece.end)
    const isWide = RANK[piece.kind] < RANK.landmark
    for (let next = follower(text, free, isWide); next; next = follower(text, free, isWide)) {
      found.push(next)
      free = next.end
    }
  }
  tokens.forEach((token, i) => {
    const end = token.start + token.text.length
    if (end <= free) return
    const known = token.start >= free ? lookUp(lower, token.start) : undefined
    const named = readNamed(tokens, i)
    const isLonger = named && named.start >= free && (!known || named.end > token.start + known.length)
    if (known && !isLonger) take(fromKnown(token.start, known))
    else if (named && named.start >= free) take(fromNamed(named, lookUp, lower))
    else if (token.start >= free) {
      const details = detailsAt(text, token.start)
      if (!details.some(detail => STANDS_ALONE.test(detail))) return
      const estate = readEstate(tokens, i, free)
      take(estate ? { ...estate, kind: 'landmark' } : piece('detail', token.start, details[0]!))
    }
  })
  return found
}

/** Phase, building, unit, room, one behind the other. */
function detailsAt(text: string, start: number): string[] {
  const details: string[] = []
  for (let at = start, next = readSticky(DETAIL, text, at); next; next = readSticky(DETAIL, text, at)) {
    details.push(next)
    at += next.length
  }
  return details
}

function fromKnown(start: number, { place, length }: { place: KnownPlace; length: number }): Piece {
  return { start, end: start + length, kind: place.kind, name: place.name, known: place }
}

/** 青台子社区 by its ending may still be known by its stem. */
function fromNamed(named: ReturnType<typeof readNamed> & object, lookUp: Gazetteer, text: string): Piece {
  const known = lookUp(text, named.start)
  const isWhole = known && named.start + known.length >= named.end
  return {
    ...named,
    ...(isWhole ? { name: known.place.name, kind: known.place.kind, known: known.place } : {}),
  }
}

/** House numbers, units and "opposite" stand right behind a name; behind a road or a village also what has no name of its own. */
function follower(text: string, at: number, isWide: boolean): Piece | undefined {
  const gap = text[at] === ' ' ? 1 : 0
  const detail = readSticky(DETAIL, text, at + gap)
  if (detail) return piece('detail', at + gap, detail)
  const relation = readSticky(RELATION, text, at)
  if (relation) return piece('relation', at, relation)
  const generic = isWide ? readSticky(GENERIC, text, at) : undefined
  return generic ? piece('landmark', at, generic) : undefined
}

function piece(kind: Piece['kind'], start: number, name: string): Piece {
  return { kind, start, end: start + name.length, name }
}

function readSticky(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

const RANK: Record<Piece['kind'], number> = {
  street: 0,
  community: 1,
  road: 2,
  landmark: 3,
  detail: 4,
  relation: 5,
}

/** Pieces that touch and go from large to small are one place; two roads with 与 between are a crossing. */
function group(all: readonly Piece[], text: string): Piece[][] {
  const groups: Piece[][] = []
  for (const next of all) {
    const current = groups.at(-1)
    const last = current?.at(-1)
    const gap = last ? text.slice(last.end, next.start) : undefined
    if (current && last && gap !== undefined && belongs(current, last, next, gap)) current.push(next)
    else groups.push([next])
  }
  return groups.reduce<Piece[][]>(joinCrossing, [])
}

const IS_CROSSING = /^(?:路?口|交叉路?口|交汇处|十字路口|交口)$/u

/** 人民路和平路口: two roads that touch are a crossing where the second says so. */
function joinCrossing(groups: Piece[][], next: Piece[]): Piece[][] {
  const last = groups.at(-1)
  const end = last?.at(-1)
  const [road, relation] = next
  const isTouching = end?.kind === 'road' && road!.kind === 'road' && end.end === road!.start
  if (isTouching && relation?.kind === 'relation' && IS_CROSSING.test(relation.name)) last!.push(...next)
  else groups.push(next)
  return groups
}

function belongs(current: readonly Piece[], last: Piece, next: Piece, gap: string): boolean {
  if (next.kind === 'detail' && CROSSING.test(gap)) return isPair(current, last, next)
  if (next.kind === 'detail' || next.kind === 'relation') return gap.length <= 1 && next.start - last.end <= 1
  if (CROSSING.test(gap)) return isPair(current, last, next)
  if (!/^(?:的|,|，| )?$/u.test(gap)) return false
  if (gap !== '' && next.known === undefined && next.kind === 'landmark' && last.kind === 'relation')
    return false
  return RANK[next.kind] > RANK[last.kind] || (last.kind === 'detail' && next.kind === 'landmark')
}

/** Two roads, or two buildings with something between them. */
function isPair(current: readonly Piece[], last: Piece, next: Piece): boolean {
  const isBuildings = next.kind === 'detail' && STANDS_ALONE.test(next.name)
  return last.kind === next.kind && ((next.kind === 'road' && current.length === 1) || isBuildings)
}

function address(parts: readonly Piece[]): Omit<SaidPlace, 'text' | 'start' | 'end'> {
  const names = (kind: Piece['kind'], by: string) =>
    parts
      .filter(part => part.kind === kind)
      .map(part => part.name)
      .join(by) || undefined
  // The most specific known part places the whole.
  const known = [...parts].reverse().find(part => part.known)?.known
  const at = [...parts].reverse().find(part => part.known?.at)?.known?.at
  const road = names('road', '与')
  const community = names('community', '')
  const landmark = names('landmark', '')?.replace(/^的/u, '')
  const detail = names('detail', '')
  const relation = names('relation', '')?.replace(/^的/u, '')
  return {
    ...(known ? { street: known.street } : {}),
    ...(community === undefined ? {} : { community }),
    ...(road === undefined ? {} : { road }),
    ...(detail === undefined ? {} : { detail }),
    ...(landmark === undefined ? {} : { landmark }),
    ...(relation === undefined ? {} : { relation }),
    ...(at ? { at } : {}),
  }
}
