import { describe, expect, it } from 'vitest'
import { nextAlarms } from '../../../src/cases/case-alarms.ts'
import type { FiledInput } from '../../../src/cases/case-inputs.ts'
import {
  type CaseAlike,
  chaseTimes,
  crowdDays,
  orderAfter,
  orderForCrowd,
  supervisionSchema,
} from '../../../src/followup/supervision-rules.ts'
import { DAY, HOUR } from '../../../src/kernel/clock.ts'
import { Life, noise, policy, toEducation } from '../cases/sample-case.ts'
import { at, shenfuFile } from '../clocks/shenfu.ts'

const { rules } = supervisionSchema.parse(shenfuFile('supervision.yaml'))

const danger = { ...noise, grade: 'danger', profile: 'danger', isEmergency: true } as const
const dispatched = (filed: FiledInput = noise) =>
  new Life(filed)
    .under({ ...policy, chaseAfter: chaseTimes(rules) })
    .does('agent', 'accept')
    .does('agent', 'dispatch', { at: '2026-11-24 11:00' })

/** The order that the last event demands. */
function orderOf(life: Life) {
  return orderAfter(rules, life.case, life.events.at(-1)!)
}

/** Rings the alarms of one clock until a moment and returns every order on the way, as `level cause`. */
function ordersUntil(life: Life, moment: string, clock: string): string[] {
  const orders: string[] = []
  for (;;) {
    const alarm = nextAlarms(life.case).find(each => each.clock === clock && each.at <= at(moment))
    if (!alarm) return orders
    const { percent, after } = alarm
    const action = after ? 'chase' : percent === 100 ? 'breach' : 'warn'
    const input = { clock, percent, ...(after ? { after } : {}), dueAt: alarm.dueAt.toISOString() }
    life.does('clock', action, { at: moment, input })
    const order = orderOf(life)
    if (!order) continue
    life.does('line', 'supervise', { input: order })
    orders.push(`${order.level} ${order.cause}`)
  }
}

describe('the shipped rules open an order', () => {
  it('when a department does not sign: the more urgent, the graver', () => {
    expect(ordersUntil(dispatched(), '2026-11-26 09:00', 'sign')).toEqual(['remind unsigned'])
    const utility = { ...noise, grade: 'utility', profile: 'utility' } as const
    expect(ordersUntil(dispatched(utility), '2026-11-24 12:00', 'sign')).toEqual(['order utility-unsigned'])
    expect(ordersUntil(dispatched(danger), '2026-11-24 11:16', 'sign')).toEqual(['notice danger-unsigned'])
  })

  it('when it is overdue, and a graver one when it stays so', () => {
    expect(ordersUntil(dispatched(), '2026-12-08 17:00', 'handle')).toEqual(['remind overdue'])
    expect(ordersUntil(dispatched(), '2026-12-15 16:59', 'handle')).toEqual([
      'remind overdue',
      'order overdue-a-day',
    ])
    expect(ordersUntil(dispatched(), '2027-01-01 00:00', 'handle')).toEqual([
      'remind overdue',
      'order overdue-a-day',
      'notice overdue-a-week',
    ])
  })

  it('when departments send it back twice', () => {
    const life = dispatched().does('lead', 'return')
    expect(orderOf(life)).toBeNull()
    life.does('agent', 'dispatch', { input: toEducation }).does('stranger', 'return')
    expect(orderOf(life)).toEqual({
      level: 'order',
      cause: 'returned-twice',
      answerWithin: { amount: 1, unit: 'wd' },
    })
  })

  it('when the resident is not content for the second time, whether it was closed or reworked', () => {
    const life = dispatched().does('lead', 'sign').does('lead', 'reply').does('resident', 'rework')
    expect(orderOf(life)).toBeNull()
    life.does('lead', 'sign').does('lead', 'reply')
    const content = { contacted: true, resolved: true, satisfied: 'neutral' }
    const neutral = dispatched().does('lead', 'sign').does('lead', 'reply')
    // Found bad by the centre, without a word of the resident's.
    neutral
      .does('supervisor', 'rework', { input: { ...content, resolved: null } })
      .does('lead', 'sign')
      .does('lead', 'reply')
    expect(orderOf(neutral.does('resident', 'follow-up', { input: content }))).toBeNull()
    expect(
      orderOf(life.does('resident', 'follow-up', { input: { ...content, satisfied: 'dissatisfied' } })),
    ).toMatchObject({
      cause: 'dissatisfied-twice',
    })
  })
})

describe('an order', () => {
  it('is opened by a rule once in a case, and never goes down', () => {
    const life = dispatched()
    ordersUntil(life, '2026-12-10 09:00', 'handle')
    life.does('lead', 'answer-supervision').does('supervisor', 'close-supervision')
    expect(life.case.supervisionCauses).toEqual(['overdue', 'overdue-a-day'])
    life.does('lead', 'sign').does('lead', 'request-extension', { at: '2026-11-25 09:00' })
    // The due time moves, passes again, and no rule opens its order a second time.
    life.does('agent', 'approve-extension')
    expect(ordersUntil(life, '2026-12-17 09:00', 'handle')).toEqual([])
  })

  it('that is not answered in time goes up a step, as far as its rule says', () => {
    const life = dispatched()
    expect(ordersUntil(life, '2026-11-25 17:00', 'sign')).toEqual(['remind unsigned'])
    expect(ordersUntil(life, '2026-11-26 17:00', 'supervision')).toEqual(['order unsigned'])
    expect(ordersUntil(life, '2026-11-27 17:00', 'supervision')).toEqual(['notice unsigned'])
    expect(ordersUntil(life, '2026-12-27 17:00', 'supervision')).toEqual([])
    const short = rules.map(rule => ({ ...rule, upTo: rule.level }))
    const other = dispatched()
    ordersUntil(other, '2026-11-25 17:00', 'sign')
    const dueAt = other.case.clocks.supervision!.dueAt.toISOString()
    other.does('clock', 'breach', { input: { clock: 'supervision', dueAt, percent: 100 } })
    expect(orderAfter(short, other.case, other.events.at(-1)!)).toBeNull()
  })

  it('that was answered waits for the supervisor, not for the ladder', () => {
    const life = dispatched()
    ordersUntil(life, '2026-11-25 17:00', 'sign')
    life.does('lead', 'answer-supervision')
    expect(ordersUntil(life, '2026-12-27 17:00', 'supervision')).toEqual([])
  })

  it('of a supervisor goes up, too', () => {
    const life = dispatched().does('supervisor', 'supervise', {
      input: { level: 'remind', cause: '领导交办' },
    })
    expect(ordersUntil(life, '2026-12-01 17:00', 'supervision')).toEqual(['order 领导交办'])
    expect(ordersUntil(life, '2026-12-27 17:00', 'supervision')).toEqual(['notice 领导交办'])
  })
})

describe('many cases of one subject at one place', () => {
  const now = at('2026-11-24 11:00')
  const first = dispatched().case
  const crowd = (count: number, persons: number, age = HOUR): CaseAlike[] =>
    Array.from({ length: count }, (_, i) => ({
      id: `case-${i}`,
      person: `person-${i % persons}`,
      filedAt: new Date(now.getTime() - age),
      isOpen: true,
    }))

  it.each<[cases: number, people: number, age: number, cause: string | undefined]>([
    [4, 4, HOUR, undefined],
    [5, 1, HOUR, 'repeated-place'], // one person, again and again
    [5, 1, 30 * DAY, 'repeated-place'],
    [5, 1, 30 * DAY + 1, undefined],
    [9, 9, HOUR, 'repeated-place'],
    [10, 9, HOUR, 'repeated-place'],
    [10, 10, HOUR, 'hot-issue'], // the gravest of the two
    [10, 10, 8 * DAY, 'repeated-place'],
  ])('%i cases of %i people, %i ms ago: %s', (cases, persons, age, cause) => {
    expect(orderForCrowd(rules, first, crowd(cases, persons, age), now)?.cause).toBe(cause)
  })

  it('are counted as far back as the longest rule looks', () => {
    expect([crowdDays(rules), crowdDays([])]).toEqual([30, 0])
  })
})
