import { type Case, foldCase } from '../cases/case.ts'
import type { Actor, CaseEvent } from '../cases/case-event.ts'
import { isAppError } from '../kernel/errors.ts'
import { actOnCase } from './act-on-case.ts'
import type { Job } from './job.ts'
import { joinableCase } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'

const LINE: Actor = { role: 'line', id: 'line' }
/** Cases of one job; the rest is the next one's. */
const PAGE = 100

/** What was made of the department's word that its reply is out of duty holds for all who have that reply. */
const CLAIM_DECIDED: readonly string[] = ['out-of-duty-approved', 'out-of-duty-refused']

/**
 * Those who joined a case follow it: its answer is theirs, with what is decided of it, or, when it is gone, they go on without it. Each in a transaction of its
 * own; who has followed does not wait for it any more, so that a job that is worked again goes on where it ended.
 */
export async function followNeighbours(
  line: Line,
  { key, data }: { key: string; data: Job['data'] },
): Promise<void> {
  const { caseId, seq, after = '' } = data
  const { joined, events } = await line.store.transact(async tx => ({
    joined: await (CLAIM_DECIDED.includes(data.event) ? tx.answeredWith : tx.joinedTo).call(tx, caseId, {
      after,
      limit: PAGE,
    }),
    events: (await tx.caseById(caseId))?.events.slice(0, seq) ?? [],
  }))
  const event = events.at(-1)
  if (!event || joined.length === 0) return
  // The case as it was then: what happened to it since has a job of its own.
  const then = foldCase(events)
  for (const { id } of joined) {
    const version = await tryFollowing(() => line.store.transact(tx => follow(line, tx, id, then, event)))
    if (version !== null) line.bus.publish([{ topic: 'case', caseId: id, version }])
  }
  if (joined.length < PAGE) return
  const last = joined.at(-1)!.id
  const next: Job = {
    name: 'follow-neighbours',
    key: `${key.split('/')[0]}/${last}`,
    data: { ...data, after: last },
  }
  await line.store.transact(async tx => tx.enqueue([next]))
}

/** Its teller may act at the same moment: then it is looked at anew. */
async function tryFollowing(work: () => Promise<number | null>): Promise<number | null> {
  try {
    return await work()
  } catch (error) {
    if (isAppError(error, 'version-conflict')) return work()
    throw error
  }
}

async function follow(
  line: Line,
  tx: Transaction,
  id: string,
  then: Case,
  event: CaseEvent,
): Promise<number | null> {
  const current = (await tx.caseById(id))?.case
  if (CLAIM_DECIDED.includes(event.type)) return current ? decideClaim(line, tx, current, then, event) : null
  // Whoever joined later waits for the next answer.
  if (current?.state !== 'joined' || current.joined!.to !== then.id || current.joined!.at > event.at)
    return null
  switch (event.type) {
    case 'replied':
    case 'answered': {
      const shared = act(line, tx, current, 'share-reply', sharedReply(then))
      // The decision may have been faster than this job.
      const decided = (await tx.caseById(then.id))?.events
        .slice(event.seq)
        .find(({ type }) => CLAIM_DECIDED.includes(type))
      return (decided && decideClaim(line, tx, shared, then, decided)) ?? shared.version
    }
    case 'not-accepted':
      return act(line, tx, current, 'refuse', {}, then.refusal).version
    default:
      return (await goOnWithout(line, tx, current, then)).version
  }
}

/** Null when this case has another reply by now, or somebody has decided of its own. */
function decideClaim(
  line: Line,
  tx: Transaction,
  current: Case,
  then: Case,
  event: CaseEvent,
): number | null {
  const isShared = current.joined?.to === then.id && current.reply?.text === then.reply?.text
  if (!isShared || current.dutyClaim?.decision !== null) return null
  const action = event.type === 'out-of-duty-approved' ? 'approve-out-of-duty' : 'refuse-out-of-duty'
  return act(line, tx, current, action, {}, event.reason).version
}

function sharedReply({ id, reply, answer, dispatch }: Case): object {
  if (!reply || !dispatch) return { from: id, text: answer, reply: null, dispatch: null }
  return { from: id, text: reply.text, reply, dispatch }
}

/** Withdrawn, merged or joined to another: they join that other, or the first of them takes its place. */
async function goOnWithout(line: Line, tx: Transaction, current: Case, gone: Case): Promise<Case> {
  const next = gone.state === 'joined' ? gone.joined!.to : (gone.mergedInto ?? (await tx.heirOf(gone.id)))
  const other = next === null ? null : await joinableCase(tx, next)
  if (other) return act(line, tx, current, 'join-neighbours', { to: other.id })
  const heir = act(line, tx, current, 'leave-neighbours', { isHeir: true })
  // Where that department has sent it back before, the centre decides.
  const isWelcome = gone.dispatch && heir.returns.every(each => each.department !== gone.dispatch!.lead)
  return isWelcome ? act(line, tx, heir, 'dispatch', gone.dispatch) : heir
}

function act(
  line: Line,
  tx: Transaction,
  current: Case,
  action: Parameters<typeof actOnCase>[3]['action'],
  input: unknown,
  reason: string | null = null,
): Case {
  return actOnCase(line, tx, current, { action, actor: LINE, input, reason }).case
}
