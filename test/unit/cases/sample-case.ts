import { type Case, foldCase } from '../../../src/cases/case.ts'
import { type Actor, type CaseEvent, type CaseFact, chain } from '../../../src/cases/case-event.ts'
import type { FiledInput } from '../../../src/cases/case-inputs.ts'
import { type CasePolicy, decide, decideFiling } from '../../../src/cases/decide.ts'
import type { Action } from '../../../src/cases/workflow.ts'
import { at, calendar, levels } from '../clocks/shenfu.ts'

/** The shipped limits and days. */
export const policy: CasePolicy = { levels, calendar }

/** Everybody who may meet a case; `lead` and `partner` work for the departments of `toUrbanManagement`. */
export const actors = {
  resident: { role: 'resident', id: 'resident-1' },
  line: { role: 'line', id: 'line' },
  agent: { role: 'agent', id: 'agent-1' },
  lead: { role: 'handler', id: 'handler-1', department: 'urban-management' },
  partner: { role: 'handler', id: 'handler-2', department: 'housing-construction' },
  stranger: { role: 'handler', id: 'handler-3', department: 'education' },
  arbiter: { role: 'arbiter', id: 'arbiter-1' },
  supervisor: { role: 'supervisor', id: 'supervisor-1' },
  admin: { role: 'admin', id: 'admin-1' },
  clock: { role: 'clock', id: 'clock' },
} as const satisfies Record<string, Actor>
export type Who = keyof typeof actors

/** A complaint about building at night: standard limits, ten working days to handle. */
export const noise: FiledInput = {
  number: '261124000010',
  jurisdiction: '210-SF',
  channel: 'web',
  family: null,
  words: '人民路3号半夜施工太吵了',
  summary: '夜间施工噪声扰民',
  type: 'complaint',
  subject: 'environment/noise/construction-night',
  subjectCandidates: [{ label: 'environment/noise/construction-night', confidence: 0.91 }],
  evidence: [{ feature: '施工', weight: 1.2 }],
  elements: {
    time: '半夜',
    place: '人民路3号',
    street: 'lishi',
    community: null,
    at: [123.76, 41.82],
    wanted: null,
  },
  grade: 'normal',
  profile: 'standard',
  isEmergency: false,
  isConfidential: false,
  neighbourKey: null,
}

const duty = (clause: string) => ({ by: 'duty', clause, subject: noise.subject }) as const

export const toUrbanManagement = {
  lead: 'urban-management',
  coHandlers: ['housing-construction'],
  reason: duty('CG-04'),
  candidates: [{ department: 'urban-management', reason: duty('CG-04'), confidence: 0.91 }],
}
export const toEducation = {
  lead: 'education',
  coHandlers: [],
  reason: { by: 'ruling', clause: null },
  candidates: [],
}

/** What each action needs to be told, as somebody would say it. */
export const said: Partial<Record<Action, unknown>> = {
  'ask-more': { text: '请问是哪一栋楼？' },
  complete: { text: '3号楼' },
  answer: { text: '夜间22时至6时禁止施工。' },
  dispatch: toUrbanManagement,
  return: { clause: 'JY-01', suggested: 'education' },
  arbitrate: toEducation,
  'add-co-handler': { department: 'ecology-environment', task: '检测噪声' },
  'finish-part': { text: '已责令整改' },
  'remind-part': { department: 'housing-construction' },
  'ask-resident': { text: '方便什么时间上门？' },
  'resident-answer': { text: '晚上八点以后' },
  'request-extension': { by: '5wd' },
  'join-neighbours': { to: 'case-2' },
  'share-reply': { from: 'case-2', text: '已通知施工单位。', reply: null, dispatch: null },
  suspend: { reviewAt: '2027-03-01T09:00:00.000Z' },
  reply: {
    text: '已对施工单位立案处罚，夜间停工。',
    isTrue: true,
    isWithinDuty: true,
    // The moment of the filing, so that it fits a reply at any time.
    contact: { how: 'phone', at: '2026-11-24T02:00:00.000Z' },
    solved: 'solved',
  },
  'follow-up': { contacted: true, resolved: true, satisfied: 'satisfied' },
  rework: { contacted: true, resolved: false, satisfied: 'dissatisfied', text: '昨晚又施工了' },
  supervise: { level: 'order', cause: 'returned-twice' },
  'answer-supervision': { text: '已专人负责' },
  'add-information': { text: '昨晚又响到三点', attachments: ['a.jpg'] },
  note: { text: '已电话核实' },
  merge: { into: 'case-0' },
  join: { child: 'case-2' },
  split: { into: 'case-3', number: '261124000028', text: '楼道灯也坏了' },
  correct: {
    subject: 'environment/noise/construction-day',
    previous: 'environment/noise/construction-night',
  },
  warn: { clock: 'handle', dueAt: '2026-12-08T09:00:00.000Z', percent: 50 },
  breach: { clock: 'handle', dueAt: '2026-12-08T09:00:00.000Z' },
  chase: { clock: 'handle', dueAt: '2026-12-08T09:00:00.000Z', after: { amount: 1, unit: 'd' } },
}

/** A reply that wants to be left out of the scores. */
export const outOfDuty = {
  ...(said.reply as object),
  isWithinDuty: false,
  outOfDuty: { because: 'beyond-duty', text: '该路段由产权单位管养' },
}

/** A case and how it came about. Each step decides, chains and folds, as a use case does. */
export class Life {
  readonly events: CaseEvent[] = []
  #now: Date
  #policy = policy

  constructor(filed: FiledInput = noise, filedAt = '2026-11-24 10:00', by: Who = 'line') {
    this.#now = at(filedAt)
    this.#append(decideFiling(filed, actors[by], this.#now, policy))
  }

  get case(): Case {
    return foldCase(this.events)
  }

  /** Who does what, when (the moment of the last step when nothing is said), with which words and reason. */
  does(
    who: Who,
    action: Action,
    options: { at?: string; input?: unknown; reason?: string | null } = {},
  ): this {
    if (options.at) this.#now = at(options.at)
    this.#append(
      decide(
        this.case,
        {
          action,
          actor: actors[who],
          at: this.#now,
          reason: options.reason === undefined ? '按规定' : options.reason,
          input: options.input ?? said[action],
        },
        this.#policy,
      ),
    )
    return this
  }

  /** Goes on under other limits or days. */
  under(changed: CasePolicy): this {
    this.#policy = changed
    return this
  }

  #append(fact: CaseFact): void {
    this.events.push(chain('case-1', this.events.at(-1) ?? null, fact))
  }
}
