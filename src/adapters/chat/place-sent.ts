import { z } from 'zod'
import type { SentPlace } from '../../conversation/message.ts'
import { type CoordinateSystem, toWgs84 } from '../../language/coordinate-systems.ts'
import type { ChatEvent } from './hear-event.ts'

/** Where a point is, as a vendor writes it: numbers, or texts that hold them. */
interface Point {
  longitude?: unknown
  latitude?: unknown
}

/** A location as the maps of vendors in China tell it; without a name nobody finds it, and it is asked for. */
export function placeEvent(externalId: string, name: string | undefined, point: Point): ChatEvent {
  const text = (name ?? '').trim()
  return text === ''
    ? { kind: 'unnamed-place', externalId }
    : { kind: 'said', externalId, text, sentPlace: placeAt(point, 'GCJ-02') }
}

function placeAt({ longitude, latitude }: Point, system: CoordinateSystem): SentPlace {
  const [x, y] = [numberIn(longitude), numberIn(latitude)]
  const isPoint = x !== null && y !== null && Math.abs(x) <= 180 && Math.abs(y) <= 90
  return { at: isPoint ? toWgs84([x, y], system) : null }
}

function numberIn(value: unknown): number | null {
  const isSaid = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
  const number = isSaid ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : null
}

const text = z.string().max(500).nullish().catch(null)
const point = z
  .object({ longitude: z.unknown().optional(), latitude: z.unknown().optional() })
  .nullish()
  .catch(null)
const entitySchema = z.object({
  type: z.enum(['Place', 'GeoCoordinates']),
  name: text,
  address: text,
  geo: point,
  longitude: z.unknown().optional(),
  latitude: z.unknown().optional(),
})

/**
 * The location that an activity of the Bot Framework brings as an entity, with its label; null for what is said. Words that are not
 * that label stay words: some clients add where somebody is to all that they say. Source: `Place` and `GeoCoordinates` of the schema.
 */
export function placeInActivity(
  said: string,
  entities: readonly unknown[] | null | undefined,
): { text: string; sentPlace: SentPlace } | null {
  const found = (entities ?? []).map(each => entitySchema.safeParse(each)).find(({ success }) => success)
  if (!found?.data) return null
  const { name, address, geo, ...own } = found.data
  const labels = [address, name].filter(label => !!label?.trim()) as string[]
  const label = labels.join(' ')
  const words = said.trim()
  if (words !== '' && words !== label && !labels.includes(words)) return null
  return { text: words || label, sentPlace: placeAt(geo ?? own, 'WGS-84') }
}

/** The same, written: how a location goes through the bot's pipeline. */
export function placeEntity({ at }: SentPlace): { type: string; geo?: object } {
  return at
    ? { type: 'Place', geo: { type: 'GeoCoordinates', longitude: at[0], latitude: at[1] } }
    : { type: 'Place' }
}
