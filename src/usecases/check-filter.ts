import { CHANNELS } from '../cases/channels.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'

/** What cases are filtered by and only content, or the list of channels, knows. */
interface KnownByContent {
  department?: string | undefined
  subject?: string | undefined
  subjectPrefix?: string | undefined
  street?: string | undefined
  community?: string | undefined
  channel?: string | undefined
}

/**
 * Refuses to filter by what there is not: an empty list would look like an answer.
 * @throws AppError `body-invalid` that names each such field
 */
export function checkFilter({ content }: Pick<Line, 'content'>, filter: KnownByContent): void {
  const { departments, subjects, places } = content
  const isSubject = (id: string) => subjects.byId(id) !== undefined
  const isKnown: Record<keyof KnownByContent, (value: string) => boolean> = {
    department: id => departments.has(id),
    subject: isSubject,
    subjectPrefix: isSubject,
    street: id => places.streets.some(street => street.id === id),
    community: name => places.streets.some(({ communities }) => communities.some(each => each.name === name)),
    channel: name => CHANNELS.some(channel => channel === name),
  }
  const problems = (Object.keys(isKnown) as (keyof KnownByContent)[])
    .filter(field => filter[field] !== undefined && !isKnown[field](filter[field]))
    .map(field => ({ path: `/${field}`, message: `there is no such ${field}` }))
  if (problems.length > 0) throw new AppError('body-invalid', { problems })
}
