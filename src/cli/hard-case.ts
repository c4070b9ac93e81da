import type { Action } from '../cases/workflow.ts'
import type { ErrorCode } from '../kernel/errors.ts'

/** One step of a story: somebody at the desk does something at a moment, local time. */
export interface WalkStep {
  at: string
  /** `agent`, `arbiter`, `supervisor`, or the department whose handler it is. */
  by: string
  does: Action
  input?: Readonly<Record<string, unknown>>
  reason?: string
  /** What the reader is told, in the people's own language. */
  tells: string
  /** The line says no, with this code. */
  refused?: ErrorCode
}

export interface Story {
  /** When and how the resident tells it, message by message. */
  told: { at: string; says: readonly string[] }
  steps: readonly WalkStep[]
}

const SITE = 'housing-construction'
const CITY_OFFICE = 'urban-management'
const ENVIRONMENT = 'ecology-environment'

const contact = (at: string) => ({ how: 'phone', at: new Date(`${at}:00+08:00`).toISOString() })

/**
 * A hard case: noise of a building site before National Day 2026 (国庆, seven days off, with make-up workdays on Sunday 20
 * September and Saturday 10 October). Returned, arbitrated, co-handled, extended, answered too lightly twice, supervised, closed.
 */
export const hardCase: Story = {
  told: {
    at: '2026-09-18T22:40',
    says: ['人民路3号工地半夜施工太吵了，孩子睡不着觉', '不留电话', '没问题，提交'],
  },
  steps: [
    {
      at: '2026-09-20T09:30',
      by: CITY_OFFICE,
      does: 'return',
      input: { clause: 'ZJ-06' },
      reason: '工地夜间浇筑经住建批准，施工管理属于住建',
      tells: '周日是调休上班日。城管引用住建的职责条款退单，办理时限先停住。',
    },
    {
      at: '2026-09-21T10:00',
      by: 'arbiter',
      does: 'arbitrate',
      input: { lead: SITE, coHandlers: [CITY_OFFICE] },
      reason: '夜间施工许可由住建核发，住建主办，城管协办',
      tells: '中心裁定：住建主办，城管协办，各算各的时限。',
    },
    {
      at: '2026-09-21T14:00',
      by: SITE,
      does: 'return',
      input: { clause: 'CG-04' },
      reason: '噪声归城管',
      tells: '住建还想再退。裁定过的不能再退。',
      refused: 'action-not-now',
    },
    { at: '2026-09-21T15:00', by: SITE, does: 'sign', tells: '住建签收。办理时限从派单起算，不从签收起算。' },
    {
      at: '2026-09-22T10:00',
      by: SITE,
      does: 'add-co-handler',
      input: { department: ENVIRONMENT, task: '夜间到场检测噪声' },
      tells: '住建请生态环境一起办，又多一份协办。',
    },
    {
      at: '2026-09-24T11:00',
      by: CITY_OFFICE,
      does: 'finish-part',
      input: { text: '已责令工地22时后停止产生噪声的作业' },
      tells: '城管的一份办完了，只停自己的时限。',
    },
    {
      at: '2026-09-28T10:00',
      by: SITE,
      does: 'ask-resident',
      input: { text: '最近哪几天夜里最吵？' },
      tells: '要问诉求人，办理时限停住，等人的时限开始走。',
    },
    {
      at: '2026-09-29T09:00',
      by: 'agent',
      does: 'resident-answer',
      input: { text: '26号和27号，一直吵到凌晨两点' },
      tells: '诉求人打电话来答了，停掉的一个工作日补回来。',
    },
    {
      at: '2026-09-29T16:00',
      by: SITE,
      does: 'reply',
      input: {
        text: '已要求施工单位整改。',
        isTrue: true,
        isWithinDuty: true,
        contact: contact('2026-09-29T15:30'),
        solved: 'solved',
      },
      tells: '住建想先答复，可生态环境还没办完，又没说为什么不等。',
      refused: 'parts-open',
    },
    {
      at: '2026-09-30T10:00',
      by: ENVIRONMENT,
      does: 'finish-part',
      input: { text: '夜间检测63分贝，超标' },
      tells: '生态环境办完了自己的一份。',
    },
    {
      at: '2026-09-30T15:00',
      by: SITE,
      does: 'request-extension',
      input: { by: '9wd' },
      reason: '国庆停工，节后复测',
      tells: '住建申请延期9个工作日，一次最多5个。',
      refused: 'extension-too-long',
    },
    {
      at: '2026-09-30T15:05',
      by: SITE,
      does: 'request-extension',
      input: { by: '5wd' },
      reason: '国庆停工，节后复测',
      tells: '改为5个工作日，在到期之前提出。',
    },
    {
      at: '2026-09-30T16:00',
      by: 'agent',
      does: 'approve-extension',
      tells: '中心同意。国庆七天不算，10月10日周六调休上班要算。',
    },
    {
      at: '2026-10-15T10:00',
      by: SITE,
      does: 'reply',
      input: {
        text: '工地已调整工序，夜间不再浇筑。',
        isTrue: true,
        isWithinDuty: true,
        contact: contact('2026-10-15T09:30'),
        solved: 'solved',
      },
      tells: '住建答复，附联系记录。',
    },
    {
      at: '2026-10-16T10:00',
      by: 'agent',
      does: 'rework',
      input: { contacted: true, resolved: false, satisfied: 'dissatisfied', text: '昨晚又吵到一点' },
      tells: '回访：没解决，不满意。退回重办，时限重新算。',
    },
    { at: '2026-10-19T09:00', by: SITE, does: 'sign', tells: '住建再签收。' },
    {
      at: '2026-10-23T10:00',
      by: SITE,
      does: 'reply',
      input: {
        text: '已约谈施工单位。',
        isTrue: true,
        isWithinDuty: true,
        contact: contact('2026-10-23T09:00'),
        solved: 'partly',
        whyNot: '工期紧，个别夜间仍有作业',
      },
      tells: '第二次答复：部分解决。',
    },
    {
      at: '2026-10-26T10:00',
      by: 'agent',
      does: 'rework',
      input: {
        contacted: false,
        resolved: false,
        satisfied: 'very-dissatisfied',
        text: '没人联系我，还是吵',
      },
      tells: '回访第二次不满意，按规则自动发督办单，与工单并行。',
    },
    { at: '2026-10-27T09:00', by: SITE, does: 'sign', tells: '住建第三次签收。' },
    {
      at: '2026-10-28T15:00',
      by: SITE,
      does: 'answer-supervision',
      input: { text: '局领导包案，夜间施工许可已收回' },
      tells: '督办单限期内回复。',
    },
    {
      at: '2026-10-29T09:30',
      by: 'supervisor',
      does: 'close-supervision',
      tells: '督办员夜间去现场看过，督办了结。',
    },
    {
      at: '2026-11-02T10:00',
      by: SITE,
      does: 'reply',
      input: {
        text: '夜间施工许可已收回，连续一周夜间监测达标。',
        isTrue: true,
        isWithinDuty: true,
        contact: contact('2026-11-01T19:00'),
        solved: 'solved',
      },
      tells: '第三次答复。',
    },
    {
      at: '2026-11-03T10:00',
      by: 'agent',
      does: 'follow-up',
      input: { contacted: true, resolved: true, satisfied: 'satisfied', text: '这回是真安静了' },
      tells: '回访：联系过，解决了，满意。办结。',
    },
  ],
}
