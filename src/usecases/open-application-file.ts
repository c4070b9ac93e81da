import { AppError } from '../kernel/errors.ts'
import type { KeptFiles } from './kept-files.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { sightOf } from './role-views.ts'

/**
 * A document of an application, for whoever works on it. It tells who applied, so that it was opened is recorded like a look at the person.
 * @throws AppError `case-not-found`, `action-forbidden` for who sees no persons, `file-not-found` for one that was not handed in with it
 */
export async function openApplicationFile(
  line: Line,
  account: Account,
  { caseId, file }: { caseId: string; file: string },
  files: KeptFiles,
): Promise<Uint8Array> {
  const stored = await line.store.transact(tx => tx.caseById(caseId))
  const sight = stored && sightOf(line, account, stored.case)
  if (!sight) throw new AppError('case-not-found')
  // A document tells who applied.
  if (sight.person !== 'asked') throw new AppError('action-forbidden', { role: account.role })
  const { application } = stored.case
  const isHandedIn = application?.documents.some(({ attachments }) => attachments.includes(file))
  const bytes = isHandedIn ? await files.read(file) : null
  if (!bytes) throw new AppError('file-not-found')
  await line.store.accounts.recordLook(account.id, caseId, line.clock.now())
  return bytes
}
