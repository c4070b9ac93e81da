import type { SaidPlace } from '../understanding.ts'
import { NUMBER, numberOf } from './chinese-numbers.ts'
import { hasNoName } from './place-words.ts'

const HOUSE = new RegExp(
  `第?(${NUMBER})号(?![楼门])|\\b(?:no|number|#)\\.? ?#?(\\d{1,4})\\b|^(\\d{1,4})\\b`,
  'iu',
)
const BUILDING = new RegExp(
  `第?(${NUMBER}|[a-z])(?:号楼|#楼?|栋|幢|座|楼(?![道梯上下层]))|\\b(?:building|bldg|block)\\.? ?#?(\\d{1,4}|[a-z])\\b|^(\\d{1,3})(?=-\\d)`,
  'iu',
)

/** A part of a compound with buildings numbered anew, or a phase of it. */
const PHASES = ['期', '区'].map(word => [word, new RegExp(`第?(${NUMBER}|[a-z])${word}`, 'iu')] as const)
/** Of a bridge or a village one end is not the other. */
const END = /[东西南北]头/u

/**
 * The spot that a place names, the same however it is said: a house number on a road, a compound with its phase or another landmark, a
 * crossing, or a village or community. A landmark without a name of its own (工地, 饭店) only says what of a road or village is meant.
 * Undefined for what is too wide (a town, a whole road) or hangs in the air (a bare building).
 */
export function spotOf(place: Omit<SaidPlace, 'spot'>): SaidPlace['spot'] {
  const key = keyOf(place)
  if (key === undefined) return undefined
  const building = numberIn(BUILDING, place.detail)
  return { key, ...(building === undefined ? {} : { building }) }
}

function keyOf({ landmark, road, detail, community, relation }: SaidPlace): string | undefined {
  const isGeneric = landmark !== undefined && hasNoName(landmark)
  const end = END.exec(relation ?? '')?.[0] ?? ''
  if (landmark && !isGeneric) {
    return `${plain(landmark).replace(/(?<=..)小区$/u, '')}${phasesIn(detail)}${end}`
  }
  const roads = road?.split('与') ?? []
  if (roads.length > 1) return roads.map(plain).toSorted().join('与')
  const house = road && numberIn(HOUSE, detail)
  if (house) return `${plain(road)}${house}号`
  const wide = community ?? (isGeneric ? road : undefined)
  return wide && `${plain(wide)}${isGeneric ? plain(landmark) : end}`
}

function phasesIn(detail: string | undefined): string {
  return PHASES.map(([word, pattern]) => {
    const number = numberIn(pattern, detail)
    return number === undefined ? '' : `${number}${word}`
  }).join('')
}

const ENTRANCE = new RegExp(`(${NUMBER}|[a-z])单元`, 'iu')

/** Are two places of one building at different entrances (单元)? Not where only one of them says at which. */
export function areOtherEntrances(one: string | null | undefined, other: string | null | undefined): boolean {
  const [here, there] = [one, other].map(place => numberIn(ENTRANCE, place ?? ''))
  return here !== undefined && there !== undefined && here !== there
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\s+/gu, '')
}

/** The number that a pattern's one matching group holds, in digits; a building's letter as it is. */
function numberIn(pattern: RegExp, detail = ''): string | undefined {
  const written = pattern.exec(detail)?.slice(1).find(Boolean)
  if (written === undefined) return undefined
  return /^[a-z]$/iu.test(written) ? written.toLowerCase() : String(numberOf(written))
}
