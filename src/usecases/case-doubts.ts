import { type Doubt, doubtsOf, REPEAT_DAYS } from '../followup/doubtful-closure.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { sightOf } from './role-views.ts'

/** What speaks against the reply of a case, for whoever may see it. @throws AppError `case-not-found` */
export function caseDoubts(line: Line, account: Account, caseId: string): Promise<Doubt[]> {
  return line.store.transact(async tx => {
    const stored = await tx.caseById(caseId)
    const sight = stored && sightOf(line, account, stored.case)
    if (!stored || !sight) throw new AppError('case-not-found')
    const { reply } = stored.case
    // Another case of a protected reporter would show who they are.
    const isAsked = reply && (sight.person === 'asked' || !stored.case.isConfidential)
    const repeats = isAsked ? await tx.notices.repeatsOf(caseId, reply.at, REPEAT_DAYS) : []
    return doubtsOf(stored.events, repeats)
  })
}
