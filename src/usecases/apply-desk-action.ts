import type { Case } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import { actionOfAnswers } from '../cases/follow-up-answers.ts'
import type { Action } from '../cases/workflow.ts'
import type { Locale } from '../language/understanding.ts'
import { actOnCase } from './act-on-case.ts'
import { withAuthority } from './authorise-step.ts'
import { checkAttachments } from './check-attachments.ts'
import { completeInput } from './complete-input.ts'
import { concludeIfDone } from './conclude-application.ts'
import { checkJoining, joinEarlierRework } from './join-neighbours.ts'
import type { Line } from './line.ts'
import { mergeCase, splitCase } from './link-cases.ts'
import type { Transaction } from './ports.ts'

/** What follows from an action at the desk is the line's doing. */
const LINE: Actor = { role: 'line', id: 'line' }

/** Actions that need an authority. */
const STEPS: readonly Action[] = ['pass-step', 'decide-application']

/** What an account wants done to a case that it has on the screen. */
export interface DeskCommand {
  action: Action
  actor: Actor
  input: unknown
  reason: string | null
  expectedVersion: number
  /** Posts that the account holds. */
  posts: readonly string[]
  locale: Locale
}

/**
 * An action of the desk on one case, or on two when it links them. A follow-up that tells of a "no" is a rework, as it is when the
 * resident says so themselves.
 * @throws AppError what `completeInput`, `withAuthority`, `checkJoining`, `checkAttachments` and `actOnCase` refuse
 */
export async function applyDeskAction(
  line: Line,
  tx: Transaction,
  current: Case,
  command: DeskCommand,
): Promise<{ case: Case }> {
  const { reason, actor, expectedVersion } = command
  const action = actionMeant(command)
  if (action === 'merge' || action === 'split') {
    const { into, text, subject } = (command.input ?? {}) as Record<string, unknown>
    const link = { actor, reason, expectedVersion }
    if (action === 'merge') return mergeCase(line, tx, current, String(into ?? ''), link)
    const part = { text: String(text ?? ''), subject: subject == null ? null : String(subject) }
    return splitCase(line, tx, current, part, link)
  }
  if (action === 'join-neighbours') await checkJoining(tx, current, command.input)
  await checkAttachments(line, tx, current, action, command.input)
  const input = STEPS.includes(action)
    ? withAuthority(line, current, command)
    : completeInput(line, current, action, command.input, reason)
  const acted = actOnCase(line, tx, current, { action, actor, reason, input, expectedVersion })
  if (STEPS.includes(action)) return { case: concludeIfDone(line, tx, acted.case) }
  return action === 'rework' ? joinEarlierRework(line, tx, acted.case, LINE) : acted
}

function actionMeant({ action, input }: DeskCommand): Action {
  return action === 'follow-up' ? actionOfAnswers((input ?? {}) as { resolved?: unknown }) : action
}
