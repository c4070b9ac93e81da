import type { Case } from '../cases/case.ts'
import type { Actor, CaseEvent } from '../cases/case-event.ts'
import type { MatterDraft } from '../conversation/reply.ts'
import { AppError } from '../kernel/errors.ts'
import { actOnCase } from './act-on-case.ts'
import { fileCase } from './file-case.ts'
import type { Line } from './line.ts'
import type { Person, Transaction } from './ports.ts'

/** Who links cases, and what they saw when they did. */
export interface LinkCommand {
  actor: Actor
  reason: string | null
  expectedVersion?: number
}

/**
 * A case joins another one of the same person that is open and goes on for both; each names the other. Somebody else's case is not
 * swallowed: whoever told of it would hear nothing more. It joins its neighbours, where each has the answer as their own.
 * @throws AppError `case-not-found`, `reporters-differ`, `action-not-now` when the other is at its end, and what `actOnCase` refuses
 */
export async function mergeCase(
  line: Line,
  tx: Transaction,
  child: Case,
  into: string,
  command: LinkCommand,
): Promise<{ case: Case; event: CaseEvent }> {
  const merged = actOnCase(line, tx, child, { ...command, action: 'merge', input: { into } })
  const parent = await tx.caseById(into)
  if (!parent) throw new AppError('case-not-found')
  const [own, others] = await Promise.all([tx.personOf(child.id), tx.personOf(into)])
  if (!own || !others || !isSamePerson(own, others))
    throw new AppError('reporters-differ', { action: 'merge', instead: 'join-neighbours' })
  const { actor } = command
  actOnCase(line, tx, parent.case, { action: 'join', actor, input: { child: child.id } })
  return merged
}

/** The same account of the same channel, or the same phone, by whatever ways they came. */
function isSamePerson(one: Person, other: Person): boolean {
  const isSameUser = one.channel === other.channel && one.channelUserId === other.channelUserId
  return isSameUser || (one.phone !== null && one.phone === other.phone)
}

/**
 * A part of a case becomes a case of its own, of the same person, with its own chain, clocks and department; each names the
 * other. Without a subject the line reads the words of the part.
 * @throws AppError `action-invalid` for a subject that there is not, and what `actOnCase` refuses
 */
export async function splitCase(
  line: Line,
  tx: Transaction,
  original: Case,
  part: { text: string; subject: string | null },
  command: LinkCommand,
): Promise<{ case: Case; event: CaseEvent; part: Case }> {
  if (part.subject !== null && !line.content.subjects.byId(part.subject))
    throw new AppError('action-invalid', { action: 'split', issues: ['subject: there is no such subject'] })
  const person = await tx.personOf(original.id)
  if (!person) throw new Error('a case is never without its person')
  const { case: filed } = await fileCase(line, tx, {
    draft: draftOf(line, original, part),
    person,
    actor: command.actor,
    conversationId: await tx.conversationOf(original.id),
    family: original.family,
    service: null,
    splitFrom: original,
  })
  const input = { into: filed.id, number: filed.number, text: part.text }
  return { ...actOnCase(line, tx, original, { ...command, action: 'split', input }), part: filed }
}

/** What was told of the whole holds for its part: where, when, and which kind of request. */
function draftOf(line: Line, original: Case, part: { text: string; subject: string | null }): MatterDraft {
  const { place, street, community, at, time } = original.elements
  const read = line.understander.understand(part.text, { now: line.clock.now() }).matters[0]!.subject
  return {
    words: part.text,
    subject: part.subject ?? read.label,
    subjectCandidates: read.candidates,
    evidence: read.evidence,
    type: original.type,
    place,
    street,
    community,
    at,
    time,
    needsPlace: false,
    needsTime: false,
    needsDetail: false,
    placeKind: 'place',
  }
}
