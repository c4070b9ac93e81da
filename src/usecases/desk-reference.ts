import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'

/** What the desk's forms choose from: departments with the duty clauses that a return may cite, and what cases are about. */
export function deskReference(
  line: Line,
  locale: Locale,
): {
  departments: { id: string; name: string; duties: { clause: string; text: string }[] }[]
  subjects: { id: string; name: string }[]
} {
  const departments = [...line.content.departments.values()].map(({ id, duties }) => ({
    id,
    name: line.names.department(id, locale),
    duties: duties.map(duty => ({
      clause: duty.clause,
      text: line.names.text({ zh: duty.text, en: duty.en }, locale),
    })),
  }))
  const subjects = line.content.subjects.leaves.map(({ id }) => ({
    id,
    name: line.names.subjectPath(id, locale),
  }))
  return { departments, subjects }
}
