import { describe, expect, it } from 'vitest'
import { applyEvent, type Case } from '../../../src/cases/case.ts'
import { chain } from '../../../src/cases/case-event.ts'
import { type CaseState, STATES } from '../../../src/cases/case-state.ts'
import { decide, offeredActions } from '../../../src/cases/decide.ts'
import { type Action, transitionOf, workflow } from '../../../src/cases/workflow.ts'
import { WorkingCalendar } from '../../../src/clocks/working-calendar.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { at, calendarContent, hours, levels } from '../clocks/shenfu.ts'
import {
  actors,
  Life,
  outOfDuty,
  policy,
  said,
  toEducation,
  toUrbanManagement,
  type Who,
} from './sample-case.ts'

/**
 * Who may do what in which state, written from the point of view of people, not of actions. `lead` is a handler of the
 * lead department, `partner` one of a co-handling department that still owes its part, `stranger` one of another department.
 * A question mark: only when an extension was asked for, when a supervision order is open, or when the reply says that it is out of
 * duty; an exclamation mark: only then not.
 */
const MAY: Record<CaseState, Partial<Record<Who, string>>> = {
  received: {
    resident: 'urge add-information withdraw merge join join-neighbours',
    line: 'accept ask-more answer merge join join-neighbours refuse',
    agent:
      'accept refuse ask-more answer urge add-information note withdraw merge join split correct join-neighbours',
    arbiter: 'accept refuse ask-more answer note split correct',
    supervisor: 'accept ask-more answer note correct',
    clock: 'warn breach chase recompute',
  },
  // The resident is asked for what is missing; when no answer comes, the clock brings it back.
  incomplete: {
    resident: 'complete urge add-information withdraw merge join join-neighbours',
    line: 'merge join join-neighbours refuse',
    agent: 'complete refuse urge add-information note withdraw merge join split correct join-neighbours',
    arbiter: 'refuse note split correct',
    supervisor: 'note correct',
    clock: 'complete warn breach chase recompute',
  },
  accepted: {
    resident: 'urge add-information withdraw merge join join-neighbours',
    line: 'ask-more answer dispatch merge join join-neighbours refuse',
    agent:
      'ask-more answer dispatch refuse urge add-information note withdraw merge join split correct join-neighbours',
    arbiter: 'ask-more answer dispatch refuse note split correct',
    supervisor: 'ask-more answer dispatch note correct',
    clock: 'warn breach chase recompute',
  },
  // With the department, which has not signed yet. A partner may be done before the lead has signed.
  dispatched: {
    resident: 'urge add-information withdraw merge join join-neighbours!',
    line: 'merge join supervise join-neighbours!',
    agent:
      'remind-part add-co-handler urge add-information note withdraw merge join split correct join-neighbours!',
    lead: 'remind-part sign return add-co-handler note answer-supervision?',
    partner: 'finish-part',
    arbiter: 'remind-part add-co-handler note split correct',
    supervisor: 'remind-part add-co-handler supervise note correct close-supervision?',
    clock: 'supervise warn breach chase recompute',
  },
  // Back at the centre: send it elsewhere, insist, or rule.
  returned: {
    resident: 'urge add-information withdraw merge join join-neighbours!',
    line: 'dispatch merge join supervise join-neighbours!',
    agent:
      'dispatch refuse-return urge add-information note withdraw merge join split correct join-neighbours!',
    lead: 'note answer-supervision?',
    arbiter: 'dispatch refuse-return arbitrate note split correct',
    supervisor: 'dispatch arbitrate supervise note correct close-supervision?',
    clock: 'supervise warn breach chase recompute',
  },
  // Suspending is for those who rule, extending for the centre; a handler can only ask, once at a time.
  handling: {
    resident: 'urge add-information withdraw merge join join-neighbours!',
    line: 'merge join supervise join-neighbours!',
    agent:
      'remind-part add-co-handler approve-extension? refuse-extension? urge add-information note withdraw merge join split correct join-neighbours!',
    lead: 'remind-part return add-co-handler ask-resident request-extension! reply note answer-supervision?',
    partner: 'finish-part',
    arbiter: 'remind-part add-co-handler suspend approve-extension? refuse-extension? note split correct',
    supervisor:
      'remind-part add-co-handler suspend approve-extension? refuse-extension? supervise note correct close-supervision?',
    clock: 'supervise warn breach chase recompute',
  },
  // The lead cannot reply over the head of the resident it has just asked.
  'waiting-resident': {
    resident: 'resident-answer urge add-information withdraw join',
    line: 'join supervise',
    agent:
      'remind-part resident-answer approve-extension? refuse-extension? urge add-information note withdraw join split correct',
    lead: 'remind-part note answer-supervision?',
    partner: 'finish-part',
    arbiter: 'remind-part approve-extension? refuse-extension? note split correct',
    supervisor: 'remind-part approve-extension? refuse-extension? supervise note correct close-supervision?',
    clock: 'resident-answer supervise warn breach chase recompute',
  },
  suspended: {
    resident: 'urge add-information withdraw join',
    line: 'join supervise',
    agent: 'urge add-information note withdraw join split correct',
    lead: 'note answer-supervision?',
    arbiter: 'resume note split correct',
    supervisor: 'resume supervise note correct close-supervision?',
    clock: 'resume supervise warn breach chase recompute',
  },
  // It waits for the answer of the one that it joined.
  joined: {
    resident: 'urge add-information withdraw join-neighbours',
    line: 'refuse join-neighbours leave-neighbours share-reply',
    agent: 'refuse urge add-information note withdraw join-neighbours leave-neighbours',
    arbiter: 'refuse note',
    supervisor: 'note',
  },
  // The resident is asked; a "no" goes back. A case that was replied to cannot be withdrawn out of the scores.
  replied: {
    resident: 'follow-up rework urge add-information join',
    line: 'join supervise approve-out-of-duty? refuse-out-of-duty?',
    agent: 'follow-up rework urge add-information note join correct',
    lead: 'note answer-supervision?',
    arbiter: 'note correct approve-out-of-duty? refuse-out-of-duty?',
    supervisor: 'rework supervise note correct close-supervision? approve-out-of-duty? refuse-out-of-duty?',
    clock: 'follow-up supervise warn breach chase recompute',
  },
  // Only an order that is still open has a clock.
  closed: {
    resident: 'rework add-information',
    line: 'supervise approve-out-of-duty? refuse-out-of-duty?',
    agent: 'rework add-information note correct',
    lead: 'note answer-supervision?',
    arbiter: 'note correct approve-out-of-duty? refuse-out-of-duty?',
    supervisor: 'rework supervise note correct close-supervision? approve-out-of-duty? refuse-out-of-duty?',
    clock: 'supervise warn breach chase recompute?',
  },
  'not-accepted': {},
  withdrawn: {},
  merged: {},
}

/** No request has these: see `approval.test.ts`. */
const OF_APPLICATIONS = ['pass-step', 'decide-application', 'conclude'] as const
type OfApplications = (typeof OF_APPLICATIONS)[number]

/** What is recorded, and where the case goes; a blank: it stays where it is. */
const HAPPENS: Record<Exclude<Action, 'file' | OfApplications>, [event: string, to: CaseState | '']> = {
  accept: ['accepted', 'accepted'],
  refuse: ['not-accepted', 'not-accepted'],
  'ask-more': ['more-asked', 'incomplete'],
  complete: ['completed', 'received'],
  answer: ['answered', 'replied'],
  dispatch: ['dispatched', 'dispatched'],
  sign: ['signed', 'handling'],
  return: ['returned', 'returned'],
  'refuse-return': ['return-refused', 'dispatched'],
  arbitrate: ['ruled', 'dispatched'],
  'add-co-handler': ['co-handler-added', ''],
  'finish-part': ['part-finished', ''],
  'remind-part': ['part-reminded', ''],
  'ask-resident': ['resident-asked', 'waiting-resident'],
  'resident-answer': ['resident-answered', 'handling'],
  'request-extension': ['extension-requested', ''],
  'approve-extension': ['extension-approved', ''],
  'refuse-extension': ['extension-refused', ''],
  suspend: ['suspended', 'suspended'],
  resume: ['resumed', 'handling'],
  reply: ['replied', 'replied'],
  'approve-out-of-duty': ['out-of-duty-approved', ''],
  'refuse-out-of-duty': ['out-of-duty-refused', ''],
  'follow-up': ['followed-up', 'closed'],
  rework: ['reworked', 'dispatched'],
  supervise: ['supervision-ordered', ''],
  'answer-supervision': ['supervision-answered', ''],
  'close-supervision': ['supervision-closed', ''],
  urge: ['urged', ''],
  'add-information': ['information-added', ''],
  note: ['noted', ''],
  withdraw: ['withdrawn', 'withdrawn'],
  merge: ['merged', 'merged'],
  join: ['case-joined', ''],
  split: ['split-off', ''],
  correct: ['subject-corrected', ''],
  'join-neighbours': ['neighbours-joined', 'joined'],
  'leave-neighbours': ['neighbours-left', 'accepted'],
  'share-reply': ['reply-shared', 'replied'],
  warn: ['clock-warned', ''],
  breach: ['clock-breached', ''],
  chase: ['clock-chased', ''],
  recompute: ['clock-recomputed', ''],
}

const REMINDER = { level: 'remind', cause: '群众催办' }
/** The calendar has just been corrected, so that every clock of working time can be counted again. */
const corrected = { levels, calendar: new WorkingCalendar({ ...calendarContent, version: '9999-1' }, hours) }

/** What the action is told in this state: a return is not sent back to the department that it came from. */
function inputOf(state: CaseState, action: Action, who?: Who): unknown {
  if (action === 'recompute') return { calendarVersion: '9999-1', clocks: [] }
  // The clock closes what nobody has answered.
  if (action === 'follow-up' && who === 'clock') return { contacted: null, resolved: null, satisfied: null }
  return state === 'returned' && action === 'dispatch' ? toEducation : said[action]
}

/** A case in this state; an `eventful` one is supervised, its lead has asked for an extension and calls it out of duty. */
function caseIn(state: CaseState, isEventful: boolean): Life {
  const life = new Life()
  const dispatched = () => {
    life.does('agent', 'accept').does('agent', 'dispatch')
    return isEventful ? life.does('supervisor', 'supervise', { input: REMINDER }) : life
  }
  const handling = () => {
    dispatched().does('lead', 'sign')
    return isEventful ? life.does('lead', 'request-extension') : life
  }
  const replied = () => handling().does('lead', 'reply', { input: isEventful ? outOfDuty : said.reply })
  const reach: Record<CaseState, () => Life> = {
    received: () => life,
    incomplete: () => life.does('agent', 'ask-more'),
    'not-accepted': () => life.does('agent', 'refuse'),
    accepted: () => life.does('agent', 'accept'),
    dispatched,
    returned: () => dispatched().does('lead', 'return'),
    handling,
    'waiting-resident': () => handling().does('lead', 'ask-resident'),
    suspended: () => handling().does('supervisor', 'suspend'),
    joined: () => life.does('line', 'join-neighbours'),
    replied,
    closed: () => replied().does('resident', 'follow-up'),
    withdrawn: () => life.does('resident', 'withdraw'),
    merged: () => life.does('agent', 'merge'),
  }
  return reach[state]()
}

const WHO = Object.keys(actors) as Who[]
type OfRequests = Exclude<Action, OfApplications>
const ACTIONS = (Object.keys(workflow) as Action[]).filter(
  (action): action is OfRequests => !(OF_APPLICATIONS as readonly Action[]).includes(action),
)

/** `accepted → accepted`, or the code of the refusal. */
function outcome(life: Life, current: Case, who: Who, action: Action): string {
  const input = inputOf(current.state, action, who)
  const command = { action, actor: actors[who], at: current.changedAt, reason: '按规定', input }
  try {
    const fact = decide(current, command, corrected)
    const after = applyEvent(current, chain(current.id, life.events.at(-1)!, fact))
    return `${fact.type} → ${after.state}`
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

function expected(state: CaseState, who: Who, action: OfRequests, isEventful: boolean): string {
  const words = (someone: Who) => (MAY[state][someone] ?? '').split(' ')
  const isPossible = WHO.some(someone => ['', '?', '!'].some(mark => words(someone).includes(action + mark)))
  if (action === 'file' || !isPossible) return 'action-not-now'
  const [event, to] = HAPPENS[action]
  if (words(who).includes(action)) return `${event} → ${to || state}`
  const isWhenEventful = words(who).includes(`${action}?`)
  if (!isWhenEventful && !words(who).includes(`${action}!`)) return 'action-forbidden'
  return isEventful === isWhenEventful ? `${event} → ${to || state}` : 'action-not-now'
}

describe.each([false, true])(
  'who may do what (with an extension asked for and under supervision: %s)',
  isEventful => {
    it.each(STATES)('when the case is %s', state => {
      const life = caseIn(state, isEventful)
      const current = life.case
      expect(current.state).toBe(state)
      const table = (of: (who: Who, action: OfRequests) => string) =>
        WHO.flatMap(who => ACTIONS.map(action => `${who} ${action}: ${of(who, action)}`))
      expect(table((who, action) => outcome(life, current, who, action))).toEqual(
        table((who, action) => expected(state, who, action, isEventful)),
      )
    })

    it.each(STATES)('the desk offers exactly that when the case is %s', state => {
      const current = caseIn(state, isEventful).case
      for (const who of WHO) {
        const may = (MAY[state][who] ?? '')
          .split(' ')
          .filter(word => word && transitionOf(word.replace(/[?!]$/, '') as Action).isOffered)
        const now = may
          .filter(word => !word.endsWith(isEventful ? '!' : '?'))
          .map(word => word.replace(/[?!]$/, ''))
        expect(offeredActions(current, actors[who]).toSorted(), who).toEqual(now.toSorted())
      }
    })
  },
)

describe('a reason', () => {
  const NEEDED = [
    ['received', 'agent', 'refuse'],
    ['handling', 'lead', 'return'],
    ['returned', 'agent', 'refuse-return'],
    ['returned', 'arbiter', 'arbitrate'],
    ['handling', 'lead', 'request-extension'],
    ['handling', 'agent', 'refuse-extension'],
    ['handling', 'supervisor', 'suspend'],
    ['handling', 'supervisor', 'supervise'],
    ['closed', 'arbiter', 'refuse-out-of-duty'],
  ] as const

  it.each(NEEDED)('must be given when the case is %s and the %s wants to %s', (state, who, action) => {
    const current = caseWith(state, who, action)
    const command = { action, actor: actors[who], at: current.changedAt, input: said[action] }
    for (const reason of [null, '', '  \n']) {
      expect(() => decide(current, { ...command, reason }, policy)).toThrow(
        expect.objectContaining({ code: 'reason-needed', details: { action } }),
      )
    }
    expect(decide(current, { ...command, reason: ' 不属于我局职责 ' }, policy).reason).toBe('不属于我局职责')
  })

  /** A case in which this is possible. */
  const caseWith = (state: CaseState, who: Who, action: OfRequests) =>
    caseIn(state, expected(state, who, action, true).includes('→')).case

  it('must be given for not waiting for the partners, and for closing an order that nobody answered', () => {
    const { case: current, events } = caseIn('handling', true)
    const without = (who: Who, action: Action, on = current) =>
      decide(on, { action, actor: actors[who], at: on.changedAt, input: said[action] }, policy)
    expect(() => without('lead', 'reply')).toThrow(
      expect.objectContaining({ code: 'parts-open', details: { departments: ['housing-construction'] } }),
    )
    expect(() => without('supervisor', 'close-supervision')).toThrow(
      expect.objectContaining({ code: 'reason-needed' }),
    )
    const then = (who: Who, action: Action, on: Case) =>
      applyEvent(on, chain(on.id, { seq: on.version, hash: events.at(-1)!.hash }, without(who, action, on)))
    const done = then('lead', 'answer-supervision', then('partner', 'finish-part', current))
    expect(without('lead', 'reply', done).reason).toBeNull()
    expect(without('supervisor', 'close-supervision', done).reason).toBeNull()
  })

  it('is needed for nothing else', () => {
    const needed: string[] = [...NEEDED.map(([, , action]) => action), 'reply', 'close-supervision']
    for (const action of ACTIONS.filter(name => name !== 'file' && !needed.includes(name))) {
      const isPossible = (state: CaseState, who: Who) =>
        [true, false].some(isEventful => expected(state, who, action, isEventful).includes('→'))
      const state = STATES.find(candidate => WHO.some(who => isPossible(candidate, who)))!
      const who = WHO.find(someone => isPossible(state, someone))!
      const current = caseWith(state, who, action)
      const command = { action, actor: actors[who], at: current.changedAt, input: inputOf(state, action) }
      expect(decide(current, command, corrected).reason, action).toBeNull()
    }
  })
})

const NOTHING_SAID = { contacted: null, resolved: null, satisfied: null }
const contactedAt = (when: string) => ({
  ...(said.reply as object),
  contact: { how: 'phone', at: at(when).toISOString() },
})

describe('what an action must be told', () => {
  it.each<[CaseState, Who, Action, unknown, string]>([
    ['received', 'agent', 'ask-more', {}, 'text'],
    ['received', 'agent', 'ask-more', { text: '   ' }, 'text'],
    ['received', 'agent', 'answer', { text: '长'.repeat(4001) }, 'text'],
    ['accepted', 'agent', 'dispatch', { ...toUrbanManagement, lead: '' }, 'lead'],
    ['accepted', 'agent', 'dispatch', { lead: 'education', reason: { by: 'whim' } }, 'reason'],
    ['dispatched', 'lead', 'return', {}, 'clause'], // a return cites a clause
    ['handling', 'lead', 'request-extension', { by: '5 days' }, 'by'],
    ['handling', 'lead', 'request-extension', { by: { amount: -5, unit: 'wd' } }, 'by'],
    ['handling', 'lead', 'request-extension', { by: { amount: 0.5, unit: 'wd' } }, 'by'],
    ['handling', 'lead', 'request-extension', { by: { amount: 1e9, unit: 'wd' } }, 'by'],
    ['handling', 'supervisor', 'suspend', { reviewAt: 'next spring' }, 'reviewAt'], // 挂账 has a review date
    ['handling', 'lead', 'reply', { ...(said.reply as object), contact: undefined }, 'contact'], // evidence of contact
    ['handling', 'lead', 'reply', { ...(said.reply as object), solved: 'yes' }, 'solved'],
    ['handling', 'lead', 'reply', { ...outOfDuty, outOfDuty: null }, 'outOfDuty'], // no tick without a reason
    ['handling', 'lead', 'reply', { ...outOfDuty, isWithinDuty: true }, 'outOfDuty'],
    ['handling', 'lead', 'reply', { ...outOfDuty, outOfDuty: { because: 'by-law', text: ' ' } }, 'outOfDuty'],
    ['handling', 'lead', 'reply', { ...outOfDuty, outOfDuty: { because: 'busy', text: '忙' } }, 'outOfDuty'],
    ['handling', 'lead', 'reply', contactedAt('2026-11-24 09:54'), 'contact.at'], // before the filing
    ['handling', 'lead', 'reply', contactedAt('2026-11-30 11:06'), 'contact.at'], // in the future
    ['handling', 'supervisor', 'suspend', { reviewAt: '2099-12-31T00:00:00.000Z' }, 'reviewAt'],
    ['handling', 'supervisor', 'supervise', { ...REMINDER, answerWithin: '21wd' }, 'answerWithin'],
    ['handling', 'supervisor', 'supervise', { ...REMINDER, answerWithin: '9999wd' }, 'answerWithin'],
    ['replied', 'agent', 'follow-up', NOTHING_SAID, 'resolved'], // only the clock closes without an answer
    ['replied', 'agent', 'follow-up', { ...NOTHING_SAID, contacted: true, satisfied: 'very' }, 'resolved'],
    ['replied', 'agent', 'follow-up', { ...NOTHING_SAID, resolved: false }, 'rework'], // a "no" never closes
    ['replied', 'resident', 'follow-up', { ...NOTHING_SAID, resolved: false }, 'rework'],
    ['replied', 'clock', 'follow-up', { ...NOTHING_SAID, resolved: true }, 'clock'],
    ['replied', 'resident', 'rework', { ...NOTHING_SAID, resolved: true }, 'follow-up'],
    ['replied', 'resident', 'rework', { ...NOTHING_SAID, resolved: false, satisfied: 'very' }, 'satisfied'],
    ['closed', 'agent', 'rework', { ...NOTHING_SAID, resolved: false, satisfied: 'satisfied' }, 'satisfied'],
    ['replied', 'resident', 'follow-up', { contacted: true, resolved: true }, 'satisfied'],
    ['received', 'agent', 'merge', {}, 'into'],
  ])('when the case is %s, the %s cannot %s with %j', (state, who, action, input, field) => {
    const current = caseIn(state, false).case
    const command = { action, actor: actors[who], at: current.changedAt, reason: '按规定', input }
    expect(() => decide(current, command, policy)).toThrow(
      expect.objectContaining({
        code: 'action-invalid',
        details: { action, issues: [expect.stringContaining(field)] },
      }),
    )
  })

  it.each<[CaseState, Who, Action, object]>([
    ['replied', 'resident', 'follow-up', { ...NOTHING_SAID, resolved: true, satisfied: 'very-dissatisfied' }],
    ['replied', 'resident', 'rework', { ...NOTHING_SAID, resolved: false, satisfied: 'neutral' }],
    ['closed', 'supervisor', 'rework', NOTHING_SAID], // found bad without asking anybody
    ['handling', 'lead', 'reply', contactedAt('2026-11-24 09:56')], // a clock a little ahead of ours
    ['handling', 'supervisor', 'supervise', { ...REMINDER, answerWithin: '20wd' }],
  ])('when the case is %s, the %s may %s with %j', (state, who, action, input) => {
    const current = caseIn(state, false).case
    const command = { action, actor: actors[who], at: current.changedAt, reason: '按规定', input }
    expect(decide(current, command, policy).data).toMatchObject(
      action === 'supervise' ? { level: 'remind' } : input,
    )
  })

  it('whoever calls a reply out of duty does not approve it, in whatever role', () => {
    const life = caseIn('handling', false).does('lead', 'reply', { input: outOfDuty })
    const { case: current } = life
    const same = { role: 'supervisor', id: actors.lead.id } as const
    const command = { action: 'approve-out-of-duty', at: current.changedAt } as const
    expect(() => decide(current, { ...command, actor: same }, policy)).toThrow(
      expect.objectContaining({ code: 'action-forbidden' }),
    )
    expect(offeredActions(current, same)).not.toContain('approve-out-of-duty')
    const decided = life.does('supervisor', 'approve-out-of-duty').case
    expect(decided.dutyClaim).toEqual({ by: actors.lead.id, decision: 'approved' })
    expect(offeredActions(decided, actors.arbiter)).not.toContain('refuse-out-of-duty')
    expect(life.does('resident', 'rework').case.dutyClaim).toBeNull()
  })

  it('what was not asked is not recorded', () => {
    const current = caseIn('received', false).case
    const command = { action: 'note', actor: actors.agent, at: current.changedAt } as const
    const fact = decide(current, { ...command, input: { text: ' 已核实 ', phone: '13800000000' } }, policy)
    expect(fact.data).toEqual({ text: '已核实' })
  })
})
