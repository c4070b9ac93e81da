import type { ContentProblem } from './content-problem.ts'
import type { RawContent } from './raw-content.ts'

/** Desks are at places of the catalogue, each there once. */
export function checkAppointments({
  appointments: { file, value },
  catalogue,
}: Pick<RawContent, 'appointments' | 'catalogue'>): ContentProblem[] {
  const places = value.desks.map(({ place }) => place)
  const known = new Set(catalogue.value.places.map(({ id }) => id))
  return places.flatMap((place, i) => [
    ...(known.has(place) ? [] : [file.problem(['desks', i, 'place'], `no place "${place}"`)]),
    ...(places.indexOf(place) < i ? [file.problem(['desks', i, 'place'], `"${place}" is there twice`)] : []),
  ])
}
