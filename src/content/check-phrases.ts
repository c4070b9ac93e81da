import type { ContentProblem } from './content-problem.ts'
import { missing } from './missing.ts'
import type { RawContent } from './raw-content.ts'

/** Phrases must be for subjects and types that there are, each under an id of its own. */
export function checkPhrases(
  { phrases: { file, value } }: Pick<RawContent, 'phrases'>,
  isSubject: (prefix: string) => boolean,
  isType: (type: string) => boolean,
): ContentProblem[] {
  return (['replies', 'questions'] as const).flatMap(kind => {
    const ids = value[kind].map(({ id }) => id)
    return value[kind].flatMap(({ id, subjects = [], types = [] }, i) => [
      ...(ids.indexOf(id) < i ? [file.problem([kind, i, 'id'], 'this id is used twice')] : []),
      ...missing(subjects, isSubject).map(j =>
        file.problem([kind, i, 'subjects', j], `no subject "${subjects[j]}"`),
      ),
      ...missing(types, isType).map(j =>
        file.problem([kind, i, 'types', j], `there is no request type ${types[j]}`),
      ),
    ])
  })
}
