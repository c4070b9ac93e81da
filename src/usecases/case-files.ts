import { AppError } from '../kernel/errors.ts'
import type { FileShelf } from './handler-ports.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { maySee } from './work-at-desk.ts'

/** More than these belong into a folder of the department. */
export const MOST_CASE_FILES = 50

/**
 * Puts a file to a case, for its reply to name. What kind it is, its own first bytes say, as with residents' files.
 * @returns the name under which it lies
 * @throws AppError `case-not-found`, `upload-refused`
 */
export async function addCaseFile(
  line: Line,
  account: Account,
  caseId: string,
  bytes: Uint8Array,
  shelf: FileShelf,
): Promise<string> {
  await checkSight(line, account, caseId)
  if ((await line.store.caseFiles.namesOf(caseId)).length >= MOST_CASE_FILES)
    throw new AppError('upload-refused', { because: 'too-many', max: MOST_CASE_FILES })
  const name = await shelf.save(bytes)
  await line.store.caseFiles.add({ caseId, name, accountId: account.id, at: line.clock.now() })
  return name
}

/** A file of a case, for whoever may see the case. @throws AppError `case-not-found`, `file-not-found` */
export async function readCaseFile(
  line: Line,
  account: Account,
  caseId: string,
  name: string,
  shelf: FileShelf,
): Promise<{ bytes: Uint8Array; type: string }> {
  const attached = await checkSight(line, account, caseId)
  const isKnown = attached.includes(name) || (await line.store.caseFiles.namesOf(caseId)).includes(name)
  const file = isKnown ? await shelf.read(name) : null
  if (!file) throw new AppError('file-not-found')
  return file
}

/** Those that the reply names; a shared reply's lie with the case that was handled. */
async function checkSight(line: Line, account: Account, caseId: string): Promise<string[]> {
  const found = await line.store.transact(tx => tx.caseById(caseId))
  if (!found || !maySee(line, account, found.case)) throw new AppError('case-not-found')
  return (found.case.reply?.attachments ?? []).map(({ name }) => name)
}
