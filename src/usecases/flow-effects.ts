import type { Case } from '../cases/case.ts'
import { isFinal } from '../cases/case-state.ts'
import type { Outcome } from '../conversation/engine-context.ts'
import { type MatterDraft, type Params, quotable } from '../conversation/reply.ts'
import type { Slots } from '../conversation/state.ts'
import { MINUTE } from '../kernel/clock.ts'
import { answerQuestion } from './answer-question.ts'
import { bookingEffects } from './booking-effects.ts'
import { leadOf } from './case-card.ts'
import { act, cardOf, type EffectContext, handledCase, residentOf } from './effect-context.ts'
import { emergencyDraft, fileCase, planFiling, promisedBy } from './file-case.ts'
import { findCase } from './find-case.ts'
import { findNeighbours } from './find-neighbours.ts'
import { findToldCase } from './find-told-case.ts'
import { guideEffects } from './guide-effects.ts'
import { hallEffects } from './hall-effects.ts'
import { handledFor } from './join-neighbours.ts'
import { noticeEffects } from './notice-wishes.ts'
import type { Person } from './ports.ts'
import { joinQueue, leaveQueue } from './queue-for-person.ts'
import { rateCase, ratingOutcome } from './rate-case.ts'
import { informationAction } from './resident-actions.ts'

/** Told again within this time, the same danger is the same emergency. */
const SAME_EMERGENCY_MS = 30 * MINUTE

/** The conversation's last emergency, among its facts. */
interface KnownEmergency {
  caseId: string
  service: string
  /** ISO 8601. */
  at: string
  isPlaced: boolean
}

/** What a flow can ask for with `do:`; the name is the one in the dialog. */
export const flowEffects: Readonly<
  Record<string, (context: EffectContext, slots: Slots, flow: string) => Promise<Outcome>>
> = {
  'find-neighbours': findNeighbours,

  'preview-filing': async (context, slots) => {
    const items = draftsOf(slots).map((draft, index, all) =>
      previewItem(context, slots, draft, all.length > 1 ? index + 1 : 0),
    )
    const contact = (slots.phone as string | null) ?? { is: 'text' as const, key: 'card.contact-none' }
    return { name: 'ready', params: { list: { is: 'list', items, separator: '\n' }, contact } }
  },

  'file-case': async (context, slots) => {
    const filed = await fileAll(context, slots, null)
    const first = context.cases.get(filed.cases![0]!.caseId)!
    const one = first.state === 'joined' ? 'filed-joined' : first.dispatch ? 'filed-one' : 'filed-unsure'
    return { ...filed, name: filed.cases!.length > 1 ? 'filed-many' : one }
  },

  'file-emergency': async (context, slots) => {
    const known = await knownEmergency(context, slots)
    if (known) {
      act(context, known, 'add-information', { text: String(slots.said) })
      const { isPlaced } = slots.emergency as KnownEmergency
      return {
        name: isPlaced ? 'known' : 'known-without-place',
        params: { department: department(context, known) },
        slots: { caseId: known.id },
      }
    }
    const drafts = draftsOf(slots)
    const filed = await fileAll(context, slots, String(slots.service))
    const hasPlace = drafts.some(draft => draft.place)
    return {
      ...filed,
      name: hasPlace ? 'filed' : 'filed-without-place',
      slots: { caseId: filed.cases![0]!.caseId },
      facts: {
        ...filed.facts,
        emergency: {
          caseId: filed.cases![0]!.caseId,
          service: String(slots.service),
          at: context.line.clock.now().toISOString(),
          isPlaced: hasPlace,
        } satisfies KnownEmergency,
      },
    }
  },

  'note-all-clear': async (context, slots) => {
    const known = slots.emergency as KnownEmergency | undefined
    if (!known) return { name: 'none' }
    const current = await knownCase(context, { caseId: known.caseId })
    if (isFinal(current.state) || current.state === 'replied') return { name: 'too-late' }
    act(context, current, 'add-information', { text: String(slots.said) })
    return {
      name: 'noted',
      slots: { caseId: current.id },
      params: { department: department(context, current) },
    }
  },

  'add-place': async (context, slots) => {
    const current = await knownCase(context, slots)
    act(context, current, 'add-information', { text: String(slots.place) })
    const known = slots.emergency as KnownEmergency
    return { name: 'added', facts: { emergency: { ...known, isPlaced: true } } }
  },

  'save-phone': async ({ tx }, slots) => {
    const caseId = String(slots.caseId)
    const person = await tx.personOf(caseId)
    // Told along with the emergency, it was filed with it.
    if (!person || person.phone) return { name: 'known' }
    tx.savePerson(caseId, { ...person, phone: String(slots.phone) })
    return { name: 'saved' }
  },

  'find-case': ({ line, tx, conversation, cases }, slots, flow) =>
    findCase(line, tx, conversation, slots, cases, flow),

  'find-told-case': findToldCase,

  'show-case': async (context, slots) => {
    const current = await knownCase(context, slots)
    const status = cardOf(context, current).statusText
    const question = await questionTo(context, current)
    return {
      name: current.state === 'replied' ? 'replied' : question === null ? 'shown' : 'asked',
      params: { status, question: question ?? '' },
      // Who asks where it stands has not answered yet what it waits for.
      slots: { isBare: true },
      cases: [{ caseId: current.id }],
    }
  },

  'urge-case': async (context, slots) => {
    const current = await knownCase(context, slots)
    if (isFinal(current.state)) return { name: 'too-late' }
    if (current.state === 'replied')
      return { name: 'replied', params: { answer: current.reply?.text ?? current.answer ?? '' } }
    // Who joined others urges the one that is worked on for all of them.
    const after = act(context, handledCase(context, current), 'urge', {})
    const status = cardOf(context, current).statusText
    return {
      name: 'urged',
      params: { department: department(context, after), count: after.urgeCount, status },
      cases: [{ caseId: current.id }],
    }
  },

  'add-information': async (context, slots) => {
    const current = await knownCase(context, slots)
    const text = String(slots.information ?? slots.said)
    act(context, current, informationAction(current.state), { text })
    return { name: 'added' }
  },

  'add-remark': async (context, slots) => {
    if (typeof slots.remark !== 'string') return { name: 'nothing' }
    act(context, await knownCase(context, slots), 'add-information', { text: slots.remark })
    return { name: 'added' }
  },

  'check-open': async (context, slots) => {
    const { state } = await knownCase(context, slots)
    return { name: isFinal(state) ? 'too-late' : 'open' }
  },

  'check-withdrawal': async (context, slots) => {
    const { state } = await knownCase(context, slots)
    if (state === 'replied') return { name: slots.resolved === 'resolved-yes' ? 'solved' : 'too-late' }
    return { name: isFinal(state) ? 'too-late' : 'open' }
  },

  'withdraw-case': async (context, slots) => {
    if (slots.withdrawing !== 'withdraw') return { name: 'kept' }
    const current = await knownCase(context, slots)
    act(context, current, 'withdraw', {})
    return { name: 'withdrawn', endsCase: current.id }
  },

  'check-rating': async (context, slots) => ratingOutcome(context, await knownCase(context, slots)),
  'rate-case': async (context, slots) => rateCase(context, await knownCase(context, slots), slots),

  ...noticeEffects,
  ...hallEffects,

  'find-guidance': async ({ line }, slots) => answerQuestion(line, String(slots.question ?? slots.said)),
  ...guideEffects,
  ...bookingEffects,

  'join-queue': joinQueue,
  'leave-queue': leaveQueue,

  'request-callback': async (context, slots) => {
    if (!slots.phone) return { name: 'call-us' }
    const told = [...((slots.unfinished as string[] | undefined) ?? []), slots.said]
    return { ...(await fileRequest(context, slots, told)), name: 'requested', settles: true }
  },

  'request-appointment': async (context, slots) => ({
    ...(await fileRequest(context, slots, [slots.said, slots.information, slots.time])),
    name: 'requested',
  }),
}

async function fileAll(context: EffectContext, slots: Slots, service: string | null): Promise<Outcome> {
  const drafts = draftsOf(slots)
  const family = drafts.length > 1 ? `${context.conversation.id}:${context.conversation.lastSeq}` : null
  const shown: NonNullable<Outcome['cases']> = []
  for (const draft of drafts) {
    const request = {
      draft: service === null ? draft : emergencyDraft(draft),
      person: personOf(context, slots),
      actor: residentOf(context),
      conversationId: context.conversation.id,
      family,
      service,
      joins: draft.joining === 'join' && draft.neighbours ? draft.neighbours.caseId : null,
    }
    const { case: current, queryCode, joined } = await fileCase(context.line, context.tx, request)
    for (const each of joined ? [current, joined] : [current]) context.cases.set(each.id, each)
    shown.push({ caseId: current.id, queryCode })
  }
  const first = context.cases.get(shown[0]!.caseId)!
  const params: Params = {
    department: department(context, first),
    due: dueOf(context, first),
    count: drafts.length,
  }
  return { name: 'filed', params, cases: shown, facts: { lastCaseId: shown.at(-1)!.caseId } }
}

/** A wish that is not a matter of a subject (a call back, an appointment): the duty desk gets it in the caller's words. */
async function fileRequest(context: EffectContext, slots: Slots, told: unknown[]): Promise<Outcome> {
  const words = told
    .filter((part): part is string => typeof part === 'string')
    .reduce((all, part) => (all.includes(part) ? all : all ? `${all}，${part}` : part), '')
  const draft: MatterDraft = {
    words,
    subject: null,
    subjectCandidates: [],
    evidence: [],
    type: 'help',
    time: (slots.time as string | undefined) ?? null,
    needsPlace: false,
    needsTime: false,
    needsDetail: false,
    placeKind: 'place',
  }
  return fileAll(context, { ...slots, matters: [draft] }, null)
}

function previewItem(context: EffectContext, slots: Slots, draft: MatterDraft, n: number) {
  const plan = planFiling(context.line, {
    draft,
    person: personOf(context, slots),
    family: null,
    service: null,
  })
  const joining = draft.joining === 'join' && draft.neighbours
  const own = plan.route.isCertain ? 'file-matter.confirm-item' : 'file-matter.confirm-item-unsure'
  return {
    is: 'text' as const,
    key: joining ? 'file-matter.confirm-item-joined' : own,
    params: {
      n: n > 0 ? `${n}. ` : '',
      words: quotable(draft.words),
      subject: draft.subject
        ? { is: 'subject' as const, id: draft.subject }
        : { is: 'text' as const, key: 'card.subject-unsure' },
      type: { is: 'type' as const, id: plan.type },
      place: draft.place ?? { is: 'text' as const, key: 'card.place-unknown' },
      department: { is: 'department' as const, id: plan.route.lead },
      due: { is: 'due' as const, at: promisedBy(context.line, plan).toISOString() },
      ...(joining ? joining.params : {}),
    },
  }
}

/** What the case's owner was asked and has not answered; null when nothing. */
async function questionTo({ tx }: EffectContext, { id, state }: Case): Promise<string | null> {
  if (state !== 'waiting-resident' && state !== 'incomplete') return null
  const stored = await tx.caseById(id)
  const asked = stored?.events.findLast(({ type }) => type === 'resident-asked' || type === 'more-asked')
  return (asked?.data as { text?: string } | undefined)?.text ?? null
}

async function knownCase({ tx, cases }: EffectContext, slots: Slots): Promise<Case> {
  const id = String(slots.caseId)
  const known = cases.get(id) ?? (await tx.caseById(id))?.case
  if (!known) throw new Error('a flow acts on a case that it has not found')
  cases.set(id, known)
  const handled = await handledFor(tx, known)
  if (handled) cases.set(handled.id, handled)
  return known
}

/** The emergency that this person told of a moment ago: said again in fear, it is not another one. */
async function knownEmergency(context: EffectContext, slots: Slots): Promise<Case | null> {
  const last = slots.emergency as KnownEmergency | undefined
  const age = last ? context.line.clock.now().getTime() - Date.parse(last.at) : Number.POSITIVE_INFINITY
  if (!last || last.service !== slots.service || age > SAME_EMERGENCY_MS) return null
  const current = await knownCase(context, { caseId: last.caseId })
  const place = draftsOf(slots).find(draft => draft.place)?.place
  const isElsewhere = place && current.elements.place && place !== current.elements.place
  return isElsewhere || isFinal(current.state) || current.state === 'replied' ? null : current
}

function draftsOf(slots: Slots): MatterDraft[] {
  return slots.matters as MatterDraft[]
}

function personOf({ conversation }: EffectContext, slots: Slots): Person {
  return {
    name: (slots.personName as string | undefined) ?? null,
    phone: (slots.phone as string | null | undefined) ?? null,
    channel: conversation.channel,
    channelUserId: conversation.userId,
  }
}

function department(context: EffectContext, current: Case): Params[string] {
  return { is: 'department', id: leadOf(context.line, handledCase(context, current)) }
}

function dueOf(context: EffectContext, current: Case): Params[string] {
  const { dueBy } = cardOf(context, current)
  return dueBy ? { is: 'due', at: dueBy } : { is: 'text', key: 'due.none' }
}
