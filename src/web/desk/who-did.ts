import { textOrNull } from '../shared/texts.ts'
import type { HistoryEntry } from './desk-api.ts'

/** Who did it: the role; of people at the desk their department and login, too. Of residents nothing more is shown. */
export function whoDid({ role, who: login, department }: HistoryEntry): string {
  const name = textOrNull(`desk.role.${role}`) ?? role
  if (role === 'line' || role === 'clock' || role === 'resident') return name
  return [name, department, login].filter(Boolean).join(' · ')
}
