import { Refused } from '../shared/http.ts'
import { t } from '../shared/texts.ts'

/** What the server says of why not, or that it cannot be reached. */
export function problemText(error: unknown): string {
  return (error instanceof Refused && error.message) || t('desk.error.unreachable')
}
