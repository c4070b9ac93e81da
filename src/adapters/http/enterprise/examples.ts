import type { z } from 'zod'
import type { EnterprisePayload } from '../../../usecases/notify-enterprise.ts'
import type * as applications from './application-schemas.ts'
import type * as schemas from './enterprise-schemas.ts'

/** What the description shows of each operation; none of it is anybody's. Tests send and check them. */

const row: z.input<typeof schemas.caseRow> = {
  number: '261124000010',
  externalId: 'PO-2026-0117',
  state: 'dispatched',
  isOpen: true,
  stage: { id: 'transfer', name: '按责转办' },
  status: '已派给城市管理综合执法局，12月8日周二 17:00前答复。',
  type: { id: 'help', name: '求助' },
  subject: { id: 'urban-construction/municipal-facilities/street-light', name: '路灯' },
  words: '厂门口人民路3号的路灯不亮了，晚班工人看不清路',
  place: '人民路3号',
  at: { latitude: 41.822, longitude: 123.757 },
  department: { id: 'urban-management', name: '城市管理综合执法局' },
  reason: '按职责：路灯维护由城市管理综合执法局负责。',
  helping: [],
  filedAt: '2026-11-24T02:00:00.000Z',
  changedAt: '2026-11-24T02:00:00.000Z',
  dueAt: '2026-12-08T09:00:00.000Z',
  reply: null,
  actions: ['add-information', 'urge', 'withdraw'],
}

const whole: z.input<typeof schemas.wholeCase> = {
  ...row,
  history: [
    { at: '2026-11-24T02:00:00.000Z', type: 'filed', text: '已登记' },
    { at: '2026-11-24T02:00:00.000Z', type: 'accepted', text: '已受理' },
    { at: '2026-11-24T02:00:00.000Z', type: 'dispatched', text: '已派单 · 城市管理综合执法局' },
  ],
}

const urged = { at: '2026-11-25T01:00:00.000Z', type: 'urged', text: '已催办' }
const added = { at: '2026-11-25T01:00:00.000Z', type: 'information-added', text: '补充了情况' }
const withdrawn = { at: '2026-11-25T01:00:00.000Z', type: 'withdrawn', text: '已撤回' }
const after = (last: typeof urged, changes: Partial<typeof whole> = {}): typeof whole => ({
  ...whole,
  changedAt: last.at,
  history: [...whole.history, last],
  ...changes,
})

const applied: z.input<typeof applications.application> = {
  ...row,
  number: '261124000028',
  externalId: 'PO-2026-0118',
  status: '正在办“受理”，应急管理局11月25日周三 10:00前办完；全部办好12月4日周五 10:00前。',
  type: { id: 'application', name: '申请' },
  subject: null,
  words: '申请办理“烟花爆竹零售许可”',
  at: null,
  department: { id: 'emergency-management', name: '应急管理局' },
  reason: '“烟花爆竹零售许可”由应急管理局办理',
  dueAt: '2026-12-04T02:00:00.000Z',
  item: { id: 'fireworks-retail', name: '烟花爆竹零售许可' },
  steps: [
    { name: '提交申请', state: 'done' },
    { name: '受理', state: 'now' },
    { name: '现场核查', state: 'ahead' },
    { name: '决定', state: 'ahead' },
    { name: '制证发证', state: 'ahead' },
    { name: '办结', state: 'ahead' },
  ],
  decision: null,
  certificate: null,
}

const hook: z.input<typeof schemas.webhook> = {
  id: '019aaf00-1c2d-7a3b-8c4d-5e6f70819203',
  url: 'https://erp.example.cn/yihao',
  events: ['case.replied', 'case.resident-asked'],
  createdAt: '2026-11-24T02:00:00.000Z',
}

/** By operation: a body that it takes, values of its parameters, and the answer. */
export const EXAMPLES: Readonly<
  Record<string, { request?: unknown; parameters?: Record<string, string>; answer: unknown }>
> = {
  fileCase: {
    request: {
      words: row.words,
      externalId: row.externalId,
      place: row.place,
      at: { latitude: 41.82427, longitude: 123.76266, system: 'GCJ-02' },
      contact: { name: '王工', phone: '13800138000' },
    } satisfies z.input<typeof schemas.caseBody>,
    answer: { case: whole, danger: null } satisfies z.input<typeof schemas.filedCase>,
  },
  listCases: {
    parameters: { state: 'dispatched,handling', limit: '20' },
    answer: { rows: [row], nextCursor: null } satisfies z.input<typeof schemas.casePage>,
  },
  getCase: { parameters: { number: row.number }, answer: whole },
  getCaseByExternalId: { parameters: { externalId: row.externalId! }, answer: whole },
  addInformation: {
    request: { text: '从东边数第二盏' } satisfies z.input<typeof schemas.informationBody>,
    parameters: { number: row.number },
    answer: after(added),
  },
  urgeCase: { parameters: { number: row.number }, answer: after(urged) },
  withdrawCase: {
    parameters: { number: row.number },
    answer: after(withdrawn, { state: 'withdrawn', isOpen: false, dueAt: null, actions: [] }),
  },
  followUpCase: {
    request: { resolved: true, contacted: true, satisfied: 'very', text: '当天就修好了' } satisfies z.input<
      typeof schemas.followUpBody
    >,
    parameters: { number: row.number },
    answer: after(
      { at: '2026-11-26T01:00:00.000Z', type: 'followed-up', text: '已回访' },
      { state: 'closed', isOpen: false, dueAt: null, reply: '灯泡已经换好。', actions: ['follow-up'] },
    ),
  },
  keepFile: {
    request: {
      content:
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    } satisfies z.input<typeof applications.fileBody>,
    answer: { file: 'q1hV0p6kH0b2m9c4Zt7xWA.png' },
  },
  applyForItem: {
    request: {
      item: 'fireworks-retail',
      externalId: 'PO-2026-0118',
      documents: [
        { document: 'id-card', files: ['q1hV0p6kH0b2m9c4Zt7xWA.png'] },
        { document: 'premises-proof', files: ['q1hV0p6kH0b2m9c4Zt7xWA.png'] },
        { document: 'safety-plan', files: ['q1hV0p6kH0b2m9c4Zt7xWA.png'] },
      ],
      place: '人民路3号',
      name: '王工',
      phone: '13800138000',
    } satisfies z.input<typeof applications.applicationBody>,
    answer: applied,
  },
  listApplications: {
    parameters: { limit: '20' },
    answer: { rows: [applied], nextCursor: null } satisfies z.input<typeof applications.applicationPage>,
  },
  getApplication: { parameters: { number: applied.number }, answer: applied },
  listSubjects: {
    answer: {
      rows: [
        { id: 'urban-construction/municipal-facilities/street-light', name: '城乡建设 / 市政设施 / 路灯' },
      ],
    } satisfies z.input<typeof schemas.subjectList>,
  },
  listWebhooks: { answer: { rows: [hook] } satisfies z.input<typeof schemas.webhookList> },
  addWebhook: {
    request: {
      url: hook.url,
      events: ['case.replied', 'case.resident-asked'],
    } satisfies z.input<typeof schemas.webhookBody>,
    answer: { webhook: hook, secret: 'q1hV0p6kH0b2m9c4Zt7xW3s8Yd5fJ1rNa6uKe0oLg2Q' } satisfies z.input<
      typeof schemas.madeWebhook
    >,
  },
  removeWebhook: { parameters: { id: hook.id }, answer: null },
}

/** What a system is told of an event. */
export const DELIVERY: EnterprisePayload = {
  version: 1,
  id: '019aaf00-2b3c-7d4e-8f50-617283940a1b:9:019aaf00-1c2d-7a3b-8c4d-5e6f70819203',
  type: 'case.replied',
  at: '2026-11-25T08:30:00.000Z',
  case: {
    number: row.number,
    externalId: row.externalId,
    state: 'replied',
    stage: 'follow-up',
    requestType: 'help',
    subject: row.subject!.id,
    department: row.department.id,
    dueAt: '2026-11-26T09:00:00.000Z',
  },
}

/** Its signature, with the secret that `addWebhook` shows. */
export const SIGNATURE = 't=1795595400,v1=f9fb98281caaafcc0ae8b1dcf837122a12c063c6988e46237f775ce9a0e8a61e'
