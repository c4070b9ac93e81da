import { type Coordinates, kilometresBetween } from '../coordinate-systems.ts'
import type { Places } from '../schemas.ts'
import { type KnownPlace, knownPlaces } from './gazetteer.ts'

/** The known place that lies nearest to a point (WGS-84), and how far it is; undefined where the city's data knows no place at all. */
export function nearestPlace(
  places: Places,
  at: Coordinates,
): { place: KnownPlace; kilometres: number } | undefined {
  return knownPlaces(places)
    .flatMap(({ place }) => (place.at ? [{ place, kilometres: kilometresBetween(place.at, at) }] : []))
    .reduce<{ place: KnownPlace; kilometres: number } | undefined>(
      (best, next) => (best && best.kilometres <= next.kilometres ? best : next),
      undefined,
    )
}
