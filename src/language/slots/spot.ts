import type { SaidPlace } from '../understanding.ts'
import { NUMBER, numberOf } from './chinese-numbers.ts'

const HOUSE = new RegExp(
  `第?(${NUMBER})号(?![楼门])|\\b(?:no|number|#)\\.? ?#?(\\d{1,4})\\b|^(\\d{1,4})\\b`,
  'iu',
)
const BUILDING = new RegExp(
  `第?(${NUMBER}|[a-z])(?:号楼|栋|幢|座|楼(?![道梯上下层]))|\\b(?:building|bldg|block)\\.? ?#?(\\d{1,4}|[a-z])\\b|^(\\d{1,3})(?=-\\d)`,
  'iu',
)

/**
 * The spot that a place names, the same however it is said: a compound or another landmark, a house number on a road, a crossing, or a
 * village or community. Undefined for what is too wide (a town, a whole road) or hangs in the air (a bare building).
 */
export function spotOf(place: SaidPlace): SaidPlace['spot'] {
  const key = keyOf(place)
  if (key === undefined) return undefined
  const building = numberIn(BUILDING, place.detail)
  return { key, ...(building === undefined ? {} : { building }) }
}

function keyOf({ landmark, road, detail, community }: SaidPlace): string | undefined {
  if (landmark) return plain(landmark).replace(/(?<=..)小区$/u, '')
  const roads = road?.split('与') ?? []
  if (roads.length > 1) return roads.map(plain).toSorted().join('与')
  const house = road && numberIn(HOUSE, detail)
  if (house) return `${plain(road)}${house}号`
  return community && plain(community)
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
