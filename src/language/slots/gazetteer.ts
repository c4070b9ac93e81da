import { normalise } from '../normalise.ts'
import type { Places } from '../schemas.ts'

/** A place that the city's data knows. */
export interface KnownPlace {
  kind: 'street' | 'community' | 'road' | 'landmark'
  /** The official name. */
  name: string
  street: { id: string; name: string }
  at?: [longitude: number, latitude: number]
}

/** Looks up the longest known name that starts exactly at a place of the text. */
export type Gazetteer = (text: string, at: number) => { place: KnownPlace; length: number } | undefined

/** A known place with all that it is called. */
interface Names {
  names: string[]
  english: string[]
  place: KnownPlace
}

/** All places of the city's data: streets, their communities, landmarks. */
export function knownPlaces(places: Places): Names[] {
  const streetNames = new Map(places.streets.map(street => [street.id, street.name]))
  return [
    ...places.streets.flatMap(({ id, name, aliases, en, centre, communities }): Names[] => {
      const street = { id, name }
      return [
        { names: [name, ...aliases], english: [en], place: { kind: 'street', name, street, at: centre } },
        ...communities.map(
          ({ name: own, aliases: others }): Names => ({
            names: [own, ...others, ...shortened(own)],
            english: [],
            place: { kind: 'community', name: own, street },
          }),
        ),
      ]
    }),
    ...places.landmarks.map(
      ({ name, aliases, english, kind, street, at }): Names => ({
        names: [name, ...aliases],
        english,
        place: {
          kind: kind === 'road' ? 'road' : 'landmark',
          name,
          street: { id: street, name: streetNames.get(street) ?? street },
          at,
        },
      }),
    ),
  ]
}

/** Indexes all names and aliases of the city's places by their first two characters. */
export function createGazetteer(places: Places): Gazetteer {
  const byStart = new Map<string, [name: string, place: KnownPlace][]>()
  for (const { names, place } of knownPlaces(places)) {
    for (const name of names) {
      const key = normalise(name).text
      if (key.length < 2) continue
      const group = byStart.get(key.slice(0, 2)) ?? []
      group.push([key, place])
      byStart.set(key.slice(0, 2), group)
    }
  }
  // First come first served among equals: a street's own alias before a community's shortened name.
  for (const group of byStart.values()) group.sort((a, b) => b[0].length - a[0].length)
  return (text, at) => {
    const group = byStart.get(text.slice(at, at + 2))
    const found = group?.find(([name]) => text.startsWith(name, at))
    return found && { place: found[1], length: found[0].length }
  }
}

/** People say 青台子社区 of 青台子村, and the other way round. */
function shortened(name: string): string[] {
  const stem = name.replace(/(?:社区|村)$/u, '')
  if (stem === name || stem.length < 2) return []
  return name.endsWith('村') && stem.length >= 3 ? [stem, `${stem}社区`] : [`${stem}社区`]
}
