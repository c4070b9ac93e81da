import { AppError } from '../kernel/errors.ts'
import type { FileShelf } from './handler-ports.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { maySee, sightIn, viewOf } from './role-views.ts'
import { sentFiles } from './sent-files.ts'

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

/**
 * A file of a case, for whoever may see the case; those that were sent about it, only for whoever may read its words.
 * @throws AppError `case-not-found`, `file-not-found`
 */
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

/** Those that were sent about the case, and those that the reply names; a shared reply's lie with the case that was handled. */
async function checkSight(line: Line, account: Account, caseId: string): Promise<string[]> {
  return line.store.transact(async tx => {
    const found = await tx.caseById(caseId)
    const handled = found && (await handledFor(tx, found.case))
    // Whoever handles it for others may see what they told.
    const isVisible = [found?.case, handled].some(each => each && maySee(line, account, each))
    if (!found || !isVisible) throw new AppError('case-not-found')
    const { words } = sightIn(viewOf(line, account), found.case)
    const sent = words === 'redacted' ? [] : (await sentFiles(line, tx, found)).all
    return [...sent, ...(found.case.reply?.attachments ?? []).map(each => each.name)]
  })
}
