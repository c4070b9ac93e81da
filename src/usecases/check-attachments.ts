import type { Case } from '../cases/case.ts'
import type { Action } from '../cases/workflow.ts'
import { AppError } from '../kernel/errors.ts'
import type { CaseFileStore } from './handler-ports.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { uploadsIn } from './sent-files.ts'

/**
 * A reply names files that were put to the case at the desk. All others that an account names with what it tells of a case must
 * be ones that were sent in the conversation in which the case was filed: a name that nobody uploaded, or that belongs to
 * somebody else, is refused.
 * @throws AppError `action-invalid`
 */
export async function checkAttachments(
  line: Line,
  tx: Transaction,
  { id }: Case,
  action: Action,
  input: unknown,
): Promise<void> {
  const { attachments } = (input ?? {}) as { attachments?: unknown }
  // What is no list is refused by the action's own schema.
  if (!Array.isArray(attachments) || attachments.length === 0) return
  if (action === 'reply') return checkReplyFiles(line.store.caseFiles, id, attachments)
  const conversationId = await tx.conversationOf(id)
  const uploads = conversationId === null ? [] : await uploadsIn(line, conversationId)
  const known = new Set<unknown>(uploads.map(({ name }) => name))
  const issues = attachments.flatMap((name, i) =>
    known.has(name) ? [] : [`attachments.${i}: not a file that was sent about this case`],
  )
  if (issues.length > 0) throw new AppError('action-invalid', { action, issues })
}

/** What a reply says it has attached must lie with the case. @throws AppError `action-invalid` */
async function checkReplyFiles(
  files: Pick<CaseFileStore, 'namesOf'>,
  caseId: string,
  attachments: readonly unknown[],
): Promise<void> {
  const known = await files.namesOf(caseId)
  const issues = attachments.flatMap((attachment, i) => {
    const { name } = (attachment ?? {}) as { name?: unknown }
    return typeof name === 'string' && known.includes(name)
      ? []
      : [`attachments.${i}: not a file that was put to this case`]
  })
  if (issues.length > 0) throw new AppError('action-invalid', { action: 'reply', issues })
}
