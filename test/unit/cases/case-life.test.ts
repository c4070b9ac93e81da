import { describe, expect, it } from 'vitest'
import { foldCase, promiseOf, stageOf } from '../../../src/cases/case.ts'
import { nextAlarms } from '../../../src/cases/case-alarms.ts'
import { offeredActions } from '../../../src/cases/decide.ts'
import type { Action } from '../../../src/cases/workflow.ts'
import { isPaused, isRunning, lightOf } from '../../../src/clocks/stage-clock.ts'
import { at, shown } from '../clocks/shenfu.ts'
import { actors, Life, noise, toEducation } from './sample-case.ts'

/** Filed on Tuesday 24 November 2026 at 10:00 and dispatched at 11:00 the same day. */
const dispatched = () =>
  new Life()
    .does('agent', 'accept', { at: '2026-11-24 10:20' })
    .does('agent', 'dispatch', { at: '2026-11-24 11:00' })
const signed = (when = '2026-11-24 14:00') => dispatched().does('lead', 'sign', { at: when })
const replied = () => signed().does('lead', 'reply', { at: '2026-11-30 11:00' })

const dueOf = (
  life: Life,
  kind: 'handle' | 'sign' | 'return' | 'acceptance' | 'dispatch' | 'follow-up' | 'supervision',
) => shown(life.case.clocks[kind]!.dueAt)
const promised = (life: Life) => {
  const promise = promiseOf(life.case)
  return promise && `${promise.kind} by ${shown(promise.dueAt)}`
}
const refusal = (code: string) => expect.objectContaining({ code })

describe('the nine-stage walk', () => {
  it('goes from acceptance to evaluation, and at each step the resident has a promise', () => {
    const life = new Life()
    const walk: string[] = []
    const look = () => walk.push(`${stageOf(life.case)}, ${life.case.state}: ${promised(life)}`)
    look() // 1 acceptance and 2 grading: the profile is chosen at filing
    life.does('agent', 'accept', { at: '2026-11-24 10:20' })
    look() // 3 disposal by class
    life.does('agent', 'dispatch', { at: '2026-11-24 11:00' })
    look() // 4 transfer
    life.does('lead', 'sign', { at: '2026-11-24 14:00' })
    look() // 5 coordination: housing owes its part
    life.does('partner', 'finish-part', { at: '2026-11-26 09:00' })
    look() // 6 feedback
    life.does('lead', 'reply', { at: '2026-11-30 11:00' })
    look() // 7 follow-up
    life.does('resident', 'follow-up', { at: '2026-12-01 09:00' })
    look() // 8 evaluation
    expect(walk).toEqual([
      'acceptance, received: acceptance by 2026-11-24 13:30 Tue',
      'disposal, accepted: dispatch by 2026-11-25 17:00 Wed',
      'transfer, dispatched: handle by 2026-12-08 17:00 Tue',
      'coordination, handling: handle by 2026-12-08 17:00 Tue',
      'feedback, handling: handle by 2026-12-08 17:00 Tue',
      'follow-up, replied: follow-up by 2026-12-01 17:00 Tue',
      'evaluation, closed: null',
    ])
  })

  it('9: supervision runs beside it with its own clock, moves nothing and ends when the supervisor is content', () => {
    const life = signed().does('supervisor', 'supervise', { at: '2026-11-25 09:00' })
    expect([life.case.state, stageOf(life.case), dueOf(life, 'handle')]).toEqual([
      'handling',
      'coordination',
      '2026-12-08 17:00 Tue',
    ])
    expect(life.case.supervision).toEqual({
      level: 'order',
      cause: 'returned-twice',
      openedAt: at('2026-11-25 09:00'),
      answer: null,
    })
    expect(dueOf(life, 'supervision')).toBe('2026-12-02 17:00 Wed')
    life.does('lead', 'answer-supervision')
    expect(life.case.supervision?.answer).toBe('已专人负责')
    life.does('supervisor', 'close-supervision')
    expect([life.case.supervision, life.case.clocks.supervision?.stoppedAt]).toEqual([
      null,
      at('2026-11-25 09:00'),
    ])
  })

  it.each<[state: string, life: () => Life]>([
    ['not-accepted', () => new Life().does('agent', 'refuse')],
    ['withdrawn', () => signed().does('resident', 'withdraw')],
    ['merged', () => signed().does('agent', 'merge')],
    ['closed', () => replied().does('resident', 'follow-up')],
  ])('%s: nothing is owed any more and no clock runs', (state, life) => {
    const { case: ended } = life()
    expect(ended.state).toBe(state)
    expect(promiseOf(ended)).toBeNull()
    expect(nextAlarms(ended)).toEqual([])
    expect(Object.values(ended.clocks).filter(clock => clock.stoppedAt === null)).toEqual([])
  })
})

describe('the case is the fold of its events', () => {
  it('begins with its filing', () => {
    expect(() => foldCase([])).toThrow('begins with its filing')
    expect(() => foldCase(signed().events.slice(1))).toThrow('begins with its filing')
  })

  it('has the version and the hash of its last event', () => {
    const life = signed()
    const last = life.events.at(-1)!
    expect([life.case.version, life.case.hash, life.case.changedAt]).toEqual([4, last.hash, last.at])
    expect(life.case.filedAt).toEqual(at('2026-11-24 10:00'))
  })

  it('keeps the caller’s words as they were said', () => {
    const words = '  人民路3号半夜施工，吵死了！！！\n😡  '
    expect(replied().case.words).toBe(noise.words)
    expect(new Life({ ...noise, words }).does('agent', 'accept').case.words).toBe(words)
  })

  it('remembers who sent it back, citing what', () => {
    const life = dispatched().does('lead', 'return', { at: '2026-11-24 16:00' })
    expect(life.case.returns).toEqual([
      { department: 'urban-management', clause: 'JY-01', at: at('2026-11-24 16:00') },
    ])
    life.does('agent', 'dispatch', { input: toEducation }).does('stranger', 'return', {
      input: { clause: 'CG-04' },
    })
    expect(life.case.returns.map(({ department, clause }) => [department, clause])).toEqual([
      ['urban-management', 'JY-01'],
      ['education', 'CG-04'],
    ])
  })

  it('a co-handler’s part is done when it was done first, also when the same department gets another', () => {
    const life = signed().does('partner', 'finish-part', { at: '2026-11-25 09:00' })
    life.does('agent', 'add-co-handler', { input: { department: 'housing-construction', task: '复查' } })
    expect(stageOf(life.case)).toBe('coordination')
    life.does('partner', 'finish-part', { at: '2026-11-27 09:00' })
    expect(life.case.coHandlers).toEqual([
      { department: 'housing-construction', task: null, finishedAt: at('2026-11-25 09:00') },
      { department: 'housing-construction', task: '复查', finishedAt: at('2026-11-27 09:00') },
    ])
  })

  it('counts how often the resident urged', () => {
    expect(signed().does('resident', 'urge').does('agent', 'urge').case.urgeCount).toBe(2)
  })

  it('keeps the reply with the department that gave it', () => {
    expect(replied().case.reply).toMatchObject({
      department: 'urban-management',
      at: at('2026-11-30 11:00'),
      solved: 'solved',
      whyNot: null,
    })
  })
})

describe('the handling clock starts at dispatch', () => {
  it('not at signing: a department that signs late has not won a day', () => {
    expect(dueOf(signed('2026-11-24 14:00'), 'handle')).toBe('2026-12-08 17:00 Tue')
    expect(dueOf(signed('2026-11-25 16:59'), 'handle')).toBe('2026-12-08 17:00 Tue')
    expect(dueOf(signed('2026-12-01 09:00'), 'handle')).toBe('2026-12-08 17:00 Tue')
  })

  it('a department that never signs is overdue all the same', () => {
    const { case: idle } = dispatched()
    expect(lightOf(idle.clocks.sign!, at('2026-11-25 17:01'))).toBe('red')
    expect(lightOf(idle.clocks.handle!, at('2026-12-08 17:01'))).toBe('red')
  })

  it('a new lead gets the whole time', () => {
    const life = dispatched().does('lead', 'return', { at: '2026-11-26 09:00' })
    life.does('agent', 'dispatch', { at: '2026-11-27 10:00', input: toEducation })
    expect(dueOf(life, 'handle')).toBe('2026-12-11 17:00 Fri')
    expect(life.case.dispatch?.lead).toBe('education')
  })
})

describe('a return', () => {
  it.each(['2026-11-24 11:00', '2026-11-26 17:00'])(
    'is in time at %s, two working days after dispatch',
    when => {
      expect(dispatched().does('lead', 'return', { at: when }).case.state).toBe('returned')
    },
  )

  it('also of what was signed: a department may find out on site', () => {
    expect(signed().does('lead', 'return', { at: '2026-11-26 16:00' }).case.state).toBe('returned')
  })

  it.each(['2026-11-26 17:00:01', '2026-11-27 09:00'])('comes too late at %s', when => {
    expect(() => dispatched().does('lead', 'return', { at: when })).toThrow(refusal('action-not-now'))
  })

  it('over 国庆 the two days are working days', () => {
    // Wed 30 September 2026; Thu 8 and Fri 9 October
    const life = () => new Life(noise, '2026-09-30 10:00').does('agent', 'accept').does('agent', 'dispatch')
    expect(dueOf(life(), 'return')).toBe('2026-10-09 17:00 Fri')
    expect(life().does('lead', 'return', { at: '2026-10-09 16:00' }).case.state).toBe('returned')
  })

  it('stops the handling clock while the centre decides; refused, it goes on', () => {
    const life = dispatched().does('lead', 'return', { at: '2026-11-25 10:00' })
    expect(isPaused(life.case.clocks.handle!)).toBe(true)
    expect(dueOf(life, 'handle')).toBe('2026-12-08 17:00 Tue')
    life.does('agent', 'refuse-return', { at: '2026-11-26 10:00' })
    expect(isRunning(life.case.clocks.handle!)).toBe(true)
    expect([dueOf(life, 'handle'), dueOf(life, 'sign')]).toEqual([
      '2026-12-09 17:00 Wed',
      '2026-11-27 17:00 Fri',
    ])
  })

  it('that was refused cannot be tried again: no ping-pong', () => {
    const life = dispatched()
      .does('lead', 'return', { at: '2026-11-25 10:00' })
      .does('agent', 'refuse-return')
    expect(offeredActions(life.case, actors.lead)).not.toContain('return')
    expect(() => life.does('lead', 'return')).toThrow(refusal('action-not-now'))
  })

  it('after a ruling the dispatch is forced', () => {
    const life = dispatched().does('lead', 'return', { at: '2026-11-25 10:00' })
    life.does('arbiter', 'arbitrate', { at: '2026-11-26 10:00' })
    expect([life.case.dispatch?.lead, dueOf(life, 'handle')]).toEqual(['education', '2026-12-10 17:00 Thu'])
    expect(() => life.does('stranger', 'return')).toThrow(refusal('action-not-now'))
    life.does('stranger', 'sign')
    expect(() => life.does('stranger', 'return')).toThrow(refusal('action-not-now'))
  })

  it('a new lead, dispatched to without a ruling, may return in its turn', () => {
    const life = dispatched().does('lead', 'return').does('agent', 'dispatch', { input: toEducation })
    expect(life.does('stranger', 'return', { input: { clause: 'CG-04' } }).case.returns).toHaveLength(2)
  })
})

describe('an extension', () => {
  it('is asked for before the due time and moves it when approved', () => {
    const life = signed().does('lead', 'request-extension', { at: '2026-12-08 16:59' })
    expect(life.case.extensionRequest).toEqual({ amount: 5, unit: 'wd' })
    expect(dueOf(life, 'handle')).toBe('2026-12-08 17:00 Tue') // asking alone moves nothing
    life.does('agent', 'approve-extension', { at: '2026-12-09 09:00' }) // the centre may take its time
    expect(dueOf(life, 'handle')).toBe('2026-12-15 17:00 Tue')
    expect([life.case.extensionsUsed, life.case.extensionRequest]).toEqual([1, null])
  })

  it('is not given to whiten what is overdue', () => {
    expect(() => signed().does('lead', 'request-extension', { at: '2026-12-08 17:01' })).toThrow(
      refusal('action-not-now'),
    )
  })

  it('is given twice, not three times', () => {
    const life = signed()
    for (const due of ['2026-12-15 17:00 Tue', '2026-12-22 17:00 Tue']) {
      life.does('lead', 'request-extension').does('supervisor', 'approve-extension')
      expect(dueOf(life, 'handle')).toBe(due)
    }
    expect(() => life.does('lead', 'request-extension')).toThrow(
      expect.objectContaining({ code: 'extension-exhausted', details: { allowed: 2 } }),
    )
  })

  it('in danger to life there is none', () => {
    const danger = { ...noise, grade: 'danger', profile: 'danger', isEmergency: true } as const
    const life = new Life(danger).does('agent', 'accept').does('agent', 'dispatch').does('lead', 'sign')
    expect(() => life.does('lead', 'request-extension')).toThrow(refusal('extension-exhausted'))
  })

  it('that was refused costs nothing and can be asked again', () => {
    const life = signed().does('lead', 'request-extension').does('agent', 'refuse-extension')
    expect([life.case.extensionsUsed, life.case.extensionRequest, dueOf(life, 'handle')]).toEqual([
      0,
      null,
      '2026-12-08 17:00 Tue',
    ])
    expect(life.does('lead', 'request-extension').case.extensionRequest).not.toBeNull()
  })

  it('cannot be decided when nobody asked', () => {
    expect(() => signed().does('agent', 'approve-extension')).toThrow(refusal('action-not-now'))
    const decided = signed().does('lead', 'request-extension').does('agent', 'approve-extension')
    expect(() => decided.does('agent', 'approve-extension')).toThrow(refusal('action-not-now'))
  })

  it('asked for by one lead is not given to the next', () => {
    const life = signed().does('lead', 'request-extension').does('lead', 'return')
    life.does('agent', 'dispatch', { input: toEducation }).does('stranger', 'sign')
    expect(life.case.extensionRequest).toBeNull()
    expect(() => life.does('agent', 'approve-extension')).toThrow(refusal('action-not-now'))
  })
})

describe('waiting for the resident', () => {
  it('pauses the handling clock and starts the resident’s own', () => {
    const life = signed().does('lead', 'ask-resident', { at: '2026-11-26 10:00' })
    expect(isPaused(life.case.clocks.handle!)).toBe(true)
    expect(shown(life.case.clocks.resident!.dueAt)).toBe('2026-12-01 10:00 Tue') // five calendar days
    expect(promised(life)).toBe('handle by 2026-12-08 17:00 Tue')
    life.does('resident', 'resident-answer', { at: '2026-12-01 09:00' })
    // closes of Thu 26, Fri 27 and Mon 30 November given back
    expect(promised(life)).toBe('handle by 2026-12-11 17:00 Fri')
    expect(life.case.clocks.resident?.stoppedAt).toEqual(at('2026-12-01 09:00'))
  })

  it('ends by the clock when no answer comes', () => {
    const life = signed().does('lead', 'ask-resident', { at: '2026-11-26 10:00' })
    life.does('clock', 'resident-answer', { at: '2026-12-01 10:00', input: { text: '逾期未答复' } })
    expect(life.case.state).toBe('handling')
  })

  it('for what is missing at the start pauses acceptance', () => {
    const life = new Life().does('agent', 'ask-more', { at: '2026-11-24 11:00' })
    expect(isPaused(life.case.clocks.acceptance!)).toBe(true)
    life.does('resident', 'complete', { at: '2026-11-24 15:00' })
    expect(promised(life)).toBe('acceptance by 2026-11-24 16:00 Tue')
  })

  it('a suspended case waits too', () => {
    const life = signed().does('supervisor', 'suspend', { at: '2026-11-26 10:00' })
    expect(isPaused(life.case.clocks.handle!)).toBe(true)
    life.does('supervisor', 'resume', { at: '2027-03-01 09:00' })
    // One of ten days has closed, Wed 25 November; nine more from Mon 1 March 2027 on.
    expect(promised(life)).toBe('handle by 2027-03-11 17:00 Thu')
  })
})

describe('rework', () => {
  it('goes back with fresh clocks', () => {
    const life = replied().does('resident', 'rework', { at: '2026-12-01 09:00' })
    expect([life.case.state, life.case.reworkCount, life.case.followUp?.resolved]).toEqual([
      'dispatched',
      1,
      false,
    ])
    const { handle, sign } = life.case.clocks
    expect([handle?.startedAt, handle?.pauses, handle?.extensions, handle?.stoppedAt]).toEqual([
      at('2026-12-01 09:00'),
      [],
      [],
      null,
    ])
    expect([shown(handle!.dueAt), shown(sign!.dueAt)]).toEqual([
      '2026-12-08 17:00 Tue', // five working days: it was late enough the first time
      '2026-12-02 17:00 Wed',
    ])
    expect(life.case.clocks['follow-up']?.stoppedAt).toEqual(at('2026-12-01 09:00'))
  })

  it('is put right in five working days, or sooner where the profile says so', () => {
    const danger = { ...noise, grade: 'danger', profile: 'danger' } as const
    const life = new Life(danger).does('agent', 'accept').does('agent', 'dispatch').does('lead', 'sign')
    life.does('lead', 'reply').does('resident', 'rework', { at: '2026-11-28 10:00' })
    expect(dueOf(life, 'handle')).toBe('2026-11-28 12:00 Sat')
  })

  it('also after closing, and again', () => {
    const life = replied().does('resident', 'follow-up', { at: '2026-12-01 09:00' })
    life.does('resident', 'rework', { at: '2026-12-03 09:00' })
    life.does('lead', 'sign').does('lead', 'reply', { at: '2026-12-04 09:00' }).does('agent', 'rework')
    expect(life.case.reworkCount).toBe(2)
  })

  it('really reaches the department: the lead can sign it', () => {
    const life = replied().does('resident', 'rework', { at: '2026-12-01 09:00' })
    expect(offeredActions(life.case, actors.lead)).toContain('sign')
    expect(life.does('lead', 'sign').case.state).toBe('handling')
  })

  it('of what the centre answered itself goes back to the centre, which can dispatch it', () => {
    const life = new Life().does('agent', 'answer', { at: '2026-11-24 10:30' })
    expect([life.case.answer, promised(life)]).toEqual([
      '夜间22时至6时禁止施工。',
      'follow-up by 2026-11-25 17:00 Wed',
    ])
    life.does('resident', 'rework', { at: '2026-11-24 12:00' })
    expect([life.case.state, stageOf(life.case), promised(life)]).toEqual([
      'accepted',
      'disposal',
      'dispatch by 2026-11-25 17:00 Wed',
    ])
    expect([life.case.clocks.handle, life.case.clocks.sign]).toEqual([undefined, undefined])
    expect(life.does('agent', 'dispatch').does('lead', 'sign').case.state).toBe('handling')
  })
})

describe('alarms', () => {
  /** Rings whatever is due now, as the sweep does, and says what rang. */
  function sweep(life: Life, now: string): string[] {
    const rang: string[] = []
    for (let alarm = due(life, now); alarm; alarm = due(life, now)) {
      rang.push(`${alarm.clock} ${alarm.percent}%`)
      const action: Action = alarm.percent === 100 ? 'breach' : 'warn'
      const { clock, percent, dueAt } = alarm
      life.does('clock', action, { at: now, input: { clock, percent, dueAt: dueAt.toISOString() } })
    }
    return rang
  }
  const due = (life: Life, now: string) => nextAlarms(life.case).find(alarm => alarm.at <= at(now))
  /** Only the lead has something to do any more. */
  const alone = () => signed().does('partner', 'finish-part')

  it('of every running clock the next one is known', () => {
    expect(
      nextAlarms(signed().case).map(({ clock, percent, at: when }) => [clock, percent, shown(when)]),
    ).toEqual([
      ['return', 50, '2026-11-25 14:45 Wed'], // half of 18.5 working hours from Tue 11:00
      ['handle', 50, '2026-12-01 14:45 Tue'], // half of 74.5
      ['part:housing-construction', 50, '2026-11-27 09:45 Fri'], // half of 38
    ])
  })

  it('ring once per due time', () => {
    const life = alone()
    sweep(life, '2026-11-27 09:00') // the time for returns has passed
    expect(sweep(life, '2026-12-01 14:44')).toEqual([])
    expect(sweep(life, '2026-12-01 14:45')).toEqual(['handle 50%'])
    expect(sweep(life, '2026-12-01 14:45')).toEqual([])
    expect(sweep(life, '2026-12-04 16:06')).toEqual(['handle 80%'])
  })

  it('all that were missed ring one after the other, warnings first', () => {
    const life = alone()
    sweep(life, '2026-11-27 09:00') // the time for returns has passed
    expect(sweep(life, '2026-12-09 09:00')).toEqual(['handle 50%', 'handle 80%', 'handle 100%'])
    expect(sweep(life, '2027-12-09 09:00')).toEqual([])
    expect(life.case.alarms.filter(alarm => alarm.clock === 'handle')).toEqual(
      [50, 80, 100].map(percent => ({
        clock: 'handle',
        percent,
        dueAt: at('2026-12-08 17:00').toISOString(),
      })),
    )
  })

  it('ring again for the new due time after an extension', () => {
    const life = alone().does('lead', 'request-extension', { at: '2026-12-08 16:00' })
    sweep(life, '2026-12-08 16:00')
    life.does('agent', 'approve-extension')
    expect(sweep(life, '2026-12-16 09:00')).toEqual(['handle 50%', 'handle 80%', 'handle 100%'])
  })

  it('are silent while the clock is paused', () => {
    const life = alone()
    sweep(life, '2026-11-30 09:00')
    life.does('lead', 'ask-resident', { at: '2026-11-30 10:00' })
    expect(nextAlarms(life.case).map(alarm => alarm.clock)).not.toContain('handle')
  })
})

describe('a filing', () => {
  it('by the line takes the profile’s limits and starts acceptance', () => {
    const utility = { ...noise, profile: 'utility', grade: 'utility', type: 'help' } as const
    expect(dueOf(new Life(utility), 'acceptance')).toBe('2026-11-24 10:30 Tue')
    expect(dueOf(new Life(), 'acceptance')).toBe('2026-11-24 13:30 Tue')
  })

  it.each<[profile: 'standard' | 'consultation' | 'utility' | 'danger', filedAt: string, due: string]>([
    // Two working hours: half an hour on Friday, the rest on Monday; lunch is no time.
    ['standard', '2026-11-27 16:30', '2026-11-30 10:00 Mon'],
    ['consultation', '2026-11-27 16:30', '2026-11-30 10:00 Mon'],
    ['standard', '2026-11-24 10:00', '2026-11-24 13:30 Tue'],
    ['standard', '2026-10-01 23:30', '2026-10-08 10:30 Thu'], // 国庆
    ['standard', '2026-10-09 16:30', '2026-10-10 10:00 Sat'], // a make-up workday
    // Urgent matters know neither night nor weekend.
    ['utility', '2026-11-27 16:30', '2026-11-27 17:00 Fri'],
    ['utility', '2026-10-01 23:45', '2026-10-02 00:15 Fri'],
    ['danger', '2026-10-01 23:50', '2026-10-02 00:05 Fri'],
  ])('of the profile %s at %s is accepted by %s', (profile, filedAt, due) => {
    expect(dueOf(new Life({ ...noise, profile }, filedAt), 'acceptance')).toBe(due)
  })

  it('holds nothing that was not asked for', () => {
    const spoken = { ...noise, phone: '13800000000' }
    expect(new Life(spoken).events[0]?.data).not.toHaveProperty('phone')
  })

  it('with a profile that content no longer has, the general one binds', () => {
    expect(dueOf(new Life({ ...noise, profile: 'abolished' }), 'acceptance')).toBe('2026-11-24 13:30 Tue')
  })
})
