import { AppError, isAppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'

/**
 * Runs a change that was decided on a version of a case. Where somebody was faster, the refusal says what has changed since:
 * type, instant and role of every later event. Whoever decides again need not load the case to know whether it matters.
 * @throws AppError `version-conflict` with `version`, `state` and `changes`, and what the change itself refuses
 */
export async function tellingWhatChanged<T>(
  line: Line,
  seen: { caseId: string; version: number },
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!isAppError(error, 'version-conflict')) throw error
    const stored = await line.store.transact(tx => tx.caseById(seen.caseId))
    if (!stored) throw error
    const changes = stored.events
      .filter(({ seq }) => seq > seen.version)
      .map(({ type, at, actor }) => ({ type, at: at.toISOString(), role: actor.role }))
    const { version, state } = stored.case
    throw new AppError('version-conflict', { version, state, changes }, { cause: error })
  }
}
