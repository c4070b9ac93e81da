import type { ContentProblem } from './content-problem.ts'
import { missing } from './missing.ts'
import type { RawContent } from './raw-content.ts'

/** What `intents/elements.yaml` names must be there. */
export function checkElements(
  { elements: { file, value } }: RawContent,
  isSubject: (prefix: string) => boolean,
  isRequestType: (type: string) => boolean,
): ContentProblem[] {
  return [
    ...value.rules.flatMap((rule, i) =>
      missing(rule.when?.subject ?? [], isSubject).map(j =>
        file.problem(['rules', i, 'when', 'subject', j], `no subject "${rule.when!.subject![j]}"`),
      ),
    ),
    ...missing(value.shared.types, isRequestType).map(i =>
      file.problem(['shared', 'types', i], `no request type "${value.shared.types[i]}"`),
    ),
    ...(['place', 'building'] as const).flatMap(within =>
      missing(value.shared[within], isSubject).map(i =>
        file.problem(['shared', within, i], `no subject "${value.shared[within][i]}"`),
      ),
    ),
  ]
}
