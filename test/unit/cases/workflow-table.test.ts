import { describe, expect, it } from 'vitest'
import { applyEvent, type Case } from '../../../src/cases/case.ts'
import { chain } from '../../../src/cases/case-event.ts'
import { type CaseState, STATES } from '../../../src/cases/case-state.ts'
import { decide, offeredActions } from '../../../src/cases/decide.ts'
import { type Action, workflow } from '../../../src/cases/workflow.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { actors, Life, policy, said, toUrbanManagement, type Who } from './sample-case.ts'

/**
 * Who may do what in which state, written from the point of view of people, not of actions. `lead` is a handler of the
 * lead department, `partner` one of a co-handling department that still owes its part, `stranger` one of another department.
 * A question mark: only when an extension was asked for, or when a supervision order is open.
 */
const MAY: Record<CaseState, Partial<Record<Who, string>>> = {
  received: {
    resident: 'urge add-information withdraw merge',
    line: 'accept ask-more answer merge',
    agent: 'accept refuse ask-more answer urge add-information note withdraw merge',
    arbiter: 'accept refuse ask-more answer note',
    supervisor: 'accept ask-more answer note',
    clock: 'warn breach',
  },
  // The resident is asked for what is missing.
  incomplete: {
    resident: 'complete urge add-information withdraw merge',
    line: 'merge',
    agent: 'complete refuse urge add-information note withdraw merge',
    arbiter: 'refuse note',
    supervisor: 'note',
    clock: 'warn breach',
  },
  accepted: {
    resident: 'urge add-information withdraw merge',
    line: 'answer dispatch merge',
    agent: 'answer dispatch refuse urge add-information note withdraw merge',
    arbiter: 'answer dispatch refuse note',
    supervisor: 'answer dispatch note',
    clock: 'warn breach',
  },
  // With the department, which has not signed yet. A partner may be done before the lead has signed.
  dispatched: {
    resident: 'urge add-information withdraw merge',
    line: 'merge',
    agent: 'add-co-handler urge add-information note withdraw merge',
    lead: 'sign return add-co-handler note answer-supervision?',
    partner: 'finish-part',
    arbiter: 'add-co-handler note',
    supervisor: 'add-co-handler supervise note close-supervision?',
    clock: 'supervise warn breach',
  },
  // Back at the centre: send it elsewhere, insist, or rule.
  returned: {
    resident: 'urge add-information withdraw merge',
    line: 'dispatch merge',
    agent: 'dispatch refuse-return urge add-information note withdraw merge',
    lead: 'note answer-supervision?',
    arbiter: 'dispatch refuse-return arbitrate note',
    supervisor: 'dispatch arbitrate supervise note close-supervision?',
    clock: 'supervise warn breach',
  },
  // Suspending is for those who rule, extending for the centre; a handler can only ask.
  handling: {
    resident: 'urge add-information withdraw merge',
    line: 'merge',
    agent: 'add-co-handler approve-extension? refuse-extension? urge add-information note withdraw merge',
    lead: 'return add-co-handler ask-resident request-extension reply note answer-supervision?',
    partner: 'finish-part',
    arbiter: 'add-co-handler suspend approve-extension? refuse-extension? note',
    supervisor:
      'add-co-handler suspend approve-extension? refuse-extension? supervise note close-supervision?',
    clock: 'supervise warn breach',
  },
  // The lead cannot reply over the head of the resident it has just asked.
  'waiting-resident': {
    resident: 'resident-answer urge add-information withdraw',
    agent: 'resident-answer approve-extension? refuse-extension? urge add-information note withdraw',
    lead: 'note answer-supervision?',
    partner: 'finish-part',
    arbiter: 'approve-extension? refuse-extension? note',
    supervisor: 'approve-extension? refuse-extension? supervise note close-supervision?',
    clock: 'resident-answer supervise warn breach',
  },
  suspended: {
    resident: 'urge add-information withdraw',
    agent: 'urge add-information note withdraw',
    lead: 'note answer-supervision?',
    arbiter: 'resume note',
    supervisor: 'resume supervise note close-supervision?',
    clock: 'resume supervise warn breach',
  },
  // The resident is asked; a "no" goes back. A case that was replied to cannot be withdrawn out of the scores.
  replied: {
    resident: 'follow-up rework urge add-information',
    agent: 'follow-up rework urge add-information note',
    lead: 'note answer-supervision?',
    arbiter: 'note',
    supervisor: 'rework supervise note close-supervision?',
    clock: 'follow-up supervise warn breach',
  },
  closed: {
    resident: 'rework',
    agent: 'rework note',
    lead: 'note answer-supervision?',
    arbiter: 'note',
    supervisor: 'rework supervise note close-supervision?',
    clock: 'supervise warn breach',
  },
  'not-accepted': {},
  withdrawn: {},
  merged: {},
}

/** What is recorded, and where the case goes; a blank: it stays where it is. */
const HAPPENS: Record<Exclude<Action, 'file'>, [event: string, to: CaseState | '']> = {
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
  'ask-resident': ['resident-asked', 'waiting-resident'],
  'resident-answer': ['resident-answered', 'handling'],
  'request-extension': ['extension-requested', ''],
  'approve-extension': ['extension-approved', ''],
  'refuse-extension': ['extension-refused', ''],
  suspend: ['suspended', 'suspended'],
  resume: ['resumed', 'handling'],
  reply: ['replied', 'replied'],
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
  warn: ['clock-warned', ''],
  breach: ['clock-breached', ''],
}

/** A case in this state; an `eventful` one is supervised and its lead has asked for an extension. */
function caseIn(state: CaseState, isEventful: boolean): Life {
  const life = new Life()
  const dispatched = () => {
    life.does('agent', 'accept').does('agent', 'dispatch')
    return isEventful ? life.does('supervisor', 'supervise') : life
  }
  const handling = () => {
    dispatched().does('lead', 'sign')
    return isEventful ? life.does('lead', 'request-extension') : life
  }
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
    replied: () => handling().does('lead', 'reply'),
    closed: () => handling().does('lead', 'reply').does('resident', 'follow-up'),
    withdrawn: () => life.does('resident', 'withdraw'),
    merged: () => life.does('agent', 'merge'),
  }
  return reach[state]()
}

const WHO = Object.keys(actors) as Who[]
const ACTIONS = Object.keys(workflow) as Action[]

/** `accepted → accepted`, or the code of the refusal. */
function outcome(life: Life, current: Case, who: Who, action: Action): string {
  const command = { action, actor: actors[who], at: current.changedAt, reason: '按规定', input: said[action] }
  try {
    const fact = decide(current, command, policy)
    const after = applyEvent(current, chain(current.id, life.events.at(-1)!, fact))
    return `${fact.type} → ${after.state}`
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

function expected(state: CaseState, who: Who, action: Action, isEventful: boolean): string {
  const words = (someone: Who) => (MAY[state][someone] ?? '').split(' ')
  const isPossible = WHO.some(
    someone => words(someone).includes(action) || words(someone).includes(`${action}?`),
  )
  if (action === 'file' || !isPossible) return 'action-not-now'
  const [event, to] = HAPPENS[action]
  if (words(who).includes(action)) return `${event} → ${to || state}`
  if (!words(who).includes(`${action}?`)) return 'action-forbidden'
  return isEventful ? `${event} → ${to || state}` : 'action-not-now'
}

describe.each([false, true])(
  'who may do what (with an extension asked for and under supervision: %s)',
  isEventful => {
    it.each(STATES)('when the case is %s', state => {
      const life = caseIn(state, isEventful)
      const current = life.case
      expect(current.state).toBe(state)
      const table = (of: (who: Who, action: Action) => string) =>
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
          .filter(word => word && word !== 'warn' && word !== 'breach')
        const now = may.filter(word => isEventful || !word.endsWith('?')).map(word => word.replace('?', ''))
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
  ] as const

  it.each(NEEDED)('must be given when the case is %s and the %s wants to %s', (state, who, action) => {
    const current = caseIn(state, true).case
    const command = { action, actor: actors[who], at: current.changedAt, input: said[action] }
    for (const reason of [null, '', '  \n']) {
      expect(() => decide(current, { ...command, reason }, policy)).toThrow(
        expect.objectContaining({ code: 'reason-needed', details: { action } }),
      )
    }
    expect(decide(current, { ...command, reason: ' 不属于我局职责 ' }, policy).reason).toBe('不属于我局职责')
  })

  it('is needed for nothing else', () => {
    const needed: string[] = NEEDED.map(([, , action]) => action)
    for (const action of ACTIONS.filter(name => name !== 'file' && !needed.includes(name))) {
      const state = STATES.find(candidate =>
        WHO.some(who => expected(candidate, who, action, true).includes('→')),
      )!
      const who = WHO.find(someone => expected(state, someone, action, true).includes('→'))!
      const current = caseIn(state, true).case
      const command = { action, actor: actors[who], at: current.changedAt, input: said[action] }
      expect(decide(current, command, policy).reason, action).toBeNull()
    }
  })
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

  it('what was not asked is not recorded', () => {
    const current = caseIn('received', false).case
    const command = { action: 'note', actor: actors.agent, at: current.changedAt } as const
    const fact = decide(current, { ...command, input: { text: ' 已核实 ', phone: '13800000000' } }, policy)
    expect(fact.data).toEqual({ text: '已核实' })
  })
})
