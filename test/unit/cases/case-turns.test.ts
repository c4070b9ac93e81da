import { describe, expect, it } from 'vitest'
import { promiseOf, stageOf } from '../../../src/cases/case.ts'
import { recomputationOf } from '../../../src/cases/clock-changes.ts'
import { offeredActions } from '../../../src/cases/decide.ts'
import { isPaused } from '../../../src/clocks/stage-clock.ts'
import { WorkingCalendar } from '../../../src/clocks/working-calendar.ts'
import { at, calendarContent, hours, shown } from '../clocks/shenfu.ts'
import { actors, Life, noise, policy, toEducation, toUrbanManagement } from './sample-case.ts'

/** The harder turns in a case's life. Filed on Tuesday 24 November 2026, dispatched at 11:00, signed at 14:00. */
const accepted = () => new Life().does('agent', 'accept', { at: '2026-11-24 10:20' })
const dispatched = () => accepted().does('agent', 'dispatch', { at: '2026-11-24 11:00' })
const signed = () => dispatched().does('lead', 'sign', { at: '2026-11-24 14:00' })
const closed = () =>
  signed()
    .does('lead', 'reply', { at: '2026-11-30 11:00' })
    .does('resident', 'follow-up', { at: '2026-12-01 09:00' })

const refusal = (code: string) => expect.objectContaining({ code })
const issue = (text: string) =>
  expect.objectContaining({
    code: 'action-invalid',
    details: expect.objectContaining({ issues: [expect.stringContaining(text)] }),
  })
/** `part:x by 2026-12-01 17:00 Tue`, of every clock of a part that is open. */
const parts = (life: Life) =>
  Object.entries(life.case.clocks)
    .filter(([name, clock]) => name.startsWith('part:') && clock.stoppedAt === null)
    .map(([name, clock]) => `${name} by ${shown(clock.dueAt)}${isPaused(clock) ? ', paused' : ''}`)

describe('every co-handler has its own part and clock', () => {
  it('from the dispatch on, and each ends with its own department', () => {
    const life = dispatched().does('agent', 'add-co-handler', { at: '2026-11-25 09:00' })
    expect(parts(life)).toEqual([
      'part:housing-construction by 2026-12-01 17:00 Tue',
      'part:ecology-environment by 2026-12-02 17:00 Wed',
    ])
    life.does('partner', 'finish-part', { at: '2026-11-26 09:00' })
    expect(parts(life)).toEqual(['part:ecology-environment by 2026-12-02 17:00 Wed'])
    expect(life.case.clocks['part:housing-construction']?.stoppedAt).toEqual(at('2026-11-26 09:00'))
  })

  it('the lead cannot reply over their heads without saying why', () => {
    const life = signed()
    expect(() => life.does('lead', 'reply', { reason: null })).toThrow(refusal('parts-open'))
    life.does('lead', 'reply', { reason: '住建的整改通知已经下发' })
    expect([life.case.state, parts(life)]).toEqual(['replied', []])
  })

  it('what was not done when the lead replied is owed again after a "no", with a fresh clock', () => {
    const life = signed().does('lead', 'reply', { at: '2026-11-30 11:00' })
    life.does('resident', 'rework', { at: '2026-12-01 09:00' })
    expect(parts(life)).toEqual(['part:housing-construction by 2026-12-08 17:00 Tue'])
  })

  it('waits while the case is back at the centre or shelved', () => {
    const life = dispatched().does('lead', 'return', { at: '2026-11-25 10:00' })
    expect(parts(life)).toEqual(['part:housing-construction by 2026-12-01 17:00 Tue, paused'])
    life.does('agent', 'refuse-return', { at: '2026-11-26 10:00' })
    expect(parts(life)).toEqual(['part:housing-construction by 2026-12-02 17:00 Wed'])
    life.does('lead', 'sign').does('supervisor', 'suspend')
    expect(parts(life)).toEqual(['part:housing-construction by 2026-12-02 17:00 Wed, paused'])
  })

  it('ends when another department gets the case without them', () => {
    const life = dispatched().does('lead', 'return').does('arbiter', 'arbitrate')
    expect([parts(life), life.case.coHandlers]).toEqual([[], []])
  })

  it('nobody takes part twice, or helps itself', () => {
    const twice = { ...toUrbanManagement, coHandlers: ['urban-management', 'education', 'education'] }
    const life = accepted().does('agent', 'dispatch', { input: twice })
    expect(life.case.coHandlers.map(part => part.department)).toEqual(['education'])
    for (const department of ['education', 'urban-management'])
      expect(() => life.does('agent', 'add-co-handler', { input: { department, task: '看看' } })).toThrow(
        issue('department'),
      )
  })
})

describe('no ping-pong', () => {
  it('a department that has returned a case gets it back only by a ruling', () => {
    const life = dispatched().does('lead', 'return', { at: '2026-11-25 10:00' })
    expect(() => life.does('agent', 'dispatch')).toThrow(issue('it takes a ruling'))
    life.does('arbiter', 'arbitrate', {
      input: { ...toUrbanManagement, reason: { by: 'ruling', clause: 'CG-04' } },
    })
    expect([life.case.state, life.case.dispatch?.lead]).toEqual(['dispatched', 'urban-management'])
    expect(() => life.does('lead', 'return')).toThrow(refusal('action-not-now'))
    life.does('lead', 'sign').does('lead', 'reply').does('resident', 'rework')
    expect(() => life.does('lead', 'return')).toThrow(refusal('action-not-now'))
  })
})

describe('what is missing', () => {
  it('can still be asked for when the case was accepted at once; then the dispatch waits', () => {
    const life = accepted().does('agent', 'ask-more', { at: '2026-11-24 11:00' })
    expect([life.case.state, isPaused(life.case.clocks.dispatch!)]).toEqual(['incomplete', true])
    life.does('resident', 'complete', { at: '2026-11-26 09:00' })
    expect(life.case.state).toBe('accepted')
    // Wednesday's close is given back.
    expect(shown(promiseOf(life.case)!.dueAt)).toBe('2026-11-26 17:00 Thu')
  })

  it('when nobody answers the centre goes on with what it has', () => {
    const life = new Life().does('agent', 'ask-more', { at: '2026-11-24 11:00' })
    life.does('clock', 'complete', { at: '2026-11-29 11:00', input: { text: '—' } })
    expect([life.case.state, life.case.clocks.resident?.stoppedAt]).toEqual([
      'received',
      at('2026-11-29 11:00'),
    ])
  })
})

describe('an extension', () => {
  it.each(['6wd', '30d', '9999h'])('of %s is more than one may be', by => {
    expect(() => signed().does('lead', 'request-extension', { input: { by } })).toThrow(
      expect.objectContaining({ code: 'extension-too-long', details: { allowed: '5wd' } }),
    )
  })

  it('may be shorter, in other units too', () => {
    const life = signed().does('lead', 'request-extension', { input: { by: '3d' } })
    life.does('agent', 'approve-extension')
    // The close of Tuesday 8 December and three days.
    expect(shown(life.case.clocks.handle!.dueAt)).toBe('2026-12-11 17:00 Fri')
  })

  it('is not asked for again before the first is decided', () => {
    const life = signed().does('lead', 'request-extension')
    expect(() => life.does('lead', 'request-extension')).toThrow(refusal('action-not-now'))
  })
})

describe('a suspension', () => {
  it('has a review date in the future, on which a clock rings', () => {
    const until = (local: string) => ({ reviewAt: at(local).toISOString() })
    expect(() => signed().does('supervisor', 'suspend', { input: until('2026-11-24 14:00') })).toThrow(
      issue('reviewAt'),
    )
    const life = signed().does('supervisor', 'suspend', { input: until('2027-03-01 09:00') })
    expect(shown(life.case.clocks.review!.dueAt)).toBe('2027-03-01 09:00 Mon')
    life.does('clock', 'resume', { at: '2027-03-01 09:00' })
    expect([life.case.state, life.case.clocks.review?.stoppedAt]).toEqual([
      'handling',
      at('2027-03-01 09:00'),
    ])
  })

  it('has a review date of any offset', () => {
    const life = signed().does('supervisor', 'suspend', { input: { reviewAt: '2027-03-01T09:00:00+08:00' } })
    expect(life.case.clocks.review!.dueAt).toEqual(at('2027-03-01 09:00'))
  })
})

describe('after closing', () => {
  it.each(['2026-12-01 09:01', '2026-12-15 09:00'])('it is taken up again at %s', when => {
    const life = closed().does('resident', 'rework', { at: when })
    expect([life.case.state, life.case.closedAt]).toEqual(['dispatched', null])
  })

  it.each(['resident', 'agent', 'supervisor'] as const)('not by a %s when fourteen days have passed', who => {
    expect(() => closed().does(who, 'rework', { at: '2026-12-15 09:00:01' })).toThrow(
      expect.objectContaining({ code: 'reopen-too-late', details: { allowed: '14d' } }),
    )
  })
})

describe('a correction', () => {
  const correct = (life: Life, change: object) =>
    life.does('agent', 'correct', {
      input: { previous: life.case.subject, subject: life.case.subject, ...change },
    })

  it('changes what the case is about, and sends it nowhere', () => {
    const life = signed()
    correct(life, { subject: 'environment/noise/construction-day', type: 'help', place: '人民路5号' })
    expect(life.events.at(-1)).toMatchObject({
      type: 'subject-corrected',
      data: { subject: 'environment/noise/construction-day', previous: noise.subject },
      clocks: [],
    })
    expect(life.case).toMatchObject({
      subject: 'environment/noise/construction-day',
      type: 'help',
      elements: { place: '人民路5号', street: 'lishi' },
      state: 'handling',
      dispatch: { lead: 'urban-management' },
    })
  })

  it('to a more urgent grade makes what runs due earlier, counted from its start', () => {
    const life = dispatched()
    correct(life, { grade: 'utility', profile: 'utility' })
    const { handle, sign } = life.case.clocks
    expect([shown(handle!.dueAt), shown(sign!.dueAt)]).toEqual([
      '2026-11-25 11:00 Wed',
      '2026-11-24 11:30 Tue',
    ])
    life.does('lead', 'sign').does('lead', 'reply').does('resident', 'rework', { at: '2026-11-28 10:00' })
    expect(shown(life.case.clocks.handle!.dueAt)).toBe('2026-11-29 10:00 Sun')
  })

  it('never makes a promise later', () => {
    const life = new Life({ ...noise, grade: 'utility', profile: 'utility' })
    life.does('agent', 'accept').does('agent', 'dispatch', { at: '2026-11-24 11:00' })
    correct(life, { grade: 'normal', profile: 'standard' })
    expect(shown(life.case.clocks.handle!.dueAt)).toBe('2026-11-25 11:00 Wed')
  })

  it('names the subject before, and corrects something', () => {
    const wrong = { previous: null, subject: 'environment/air/dust' }
    expect(() => signed().does('agent', 'correct', { input: wrong })).toThrow(issue('previous'))
    expect(() => correct(signed(), {})).toThrow(issue('nothing is corrected'))
    expect(() => correct(signed(), { type: 'complaint' })).toThrow(
      issue('nothing is corrected: subject, type'),
    )
  })
})

describe('joined and split', () => {
  it('both know of one another', () => {
    const child = signed().does('agent', 'merge', { input: { into: 'case-0' } })
    expect([child.case.state, child.case.mergedInto]).toEqual(['merged', 'case-0'])
    const parent = signed().does('agent', 'join', { input: { child: 'case-1' } })
    parent.does('agent', 'split')
    expect([parent.case.state, parent.case.children, parent.case.splitInto]).toEqual([
      'handling',
      ['case-1'],
      ['case-3'],
    ])
    expect(new Life({ ...noise, splitFrom: 'case-0' }).case.splitFrom).toBe('case-0')
  })

  it('nothing joins itself', () => {
    expect(() => signed().does('agent', 'merge', { input: { into: 'case-1' } })).toThrow(issue('into'))
  })
})

describe('supervision', () => {
  const order = (level: string, more: object = {}) => ({ input: { level, cause: 'overdue', ...more } })

  it('goes up step by step, each with a fresh clock, and no order goes down', () => {
    const life = signed().does('clock', 'supervise', { at: '2026-11-25 09:00', ...order('remind') })
    expect(() => life.does('supervisor', 'supervise', order('remind'))).toThrow(issue('level'))
    life.does('lead', 'answer-supervision')
    life.does('line', 'supervise', { at: '2026-11-26 09:00', ...order('order') })
    expect([life.case.supervision, shown(life.case.clocks.supervision!.dueAt)]).toEqual([
      { level: 'order', cause: 'overdue', openedAt: at('2026-11-26 09:00'), answer: null },
      '2026-12-03 17:00 Thu',
    ])
    life.does('supervisor', 'supervise', order('notice'))
    expect(offeredActions(life.case, actors.supervisor)).not.toContain('supervise')
    expect(() => life.does('supervisor', 'supervise', order('notice'))).toThrow(refusal('action-not-now'))
    expect(life.case.supervisionCauses).toEqual(['overdue'])
  })

  it('is answered within the time that its rule gives', () => {
    const within = order('notice', { answerWithin: { amount: 30, unit: 'min' } })
    const life = signed().does('clock', 'supervise', { at: '2026-11-28 23:45', ...within })
    expect(shown(life.case.clocks.supervision!.dueAt)).toBe('2026-11-29 00:15 Sun')
  })

  it('its clock runs on after the answer until the supervisor closes it, also when the case is closed', () => {
    const life = closed().does('supervisor', 'supervise', order('order')).does('lead', 'answer-supervision')
    expect(life.case.clocks.supervision?.stoppedAt).toBeNull()
    expect(stageOf(life.case)).toBe('evaluation')
    life.does('supervisor', 'close-supervision', { reason: null })
    expect(life.case.clocks.supervision?.stoppedAt).not.toBeNull()
  })
})

describe('a corrected calendar', () => {
  const extended = structuredClone(calendarContent)
  extended.version = '2026-12-1'
  extended.years['2026']!.holidays.push({ date: '2026-12-02', name: '临时放假' })
  const newer = { ...policy, calendar: new WorkingCalendar(extended, hours) }

  it('moves the clocks that count working time, once, and keeps what was promised before', () => {
    const life = signed()
    const recomputation = recomputationOf(life.case, newer.calendar)
    life.under(newer).does('clock', 'recompute', { input: recomputation, reason: null })
    expect(life.events.at(-1)!.data).toEqual({
      calendarVersion: '2026-12-1',
      clocks: ['return', 'handle', 'part:housing-construction'].map(clock =>
        expect.objectContaining({ clock, calendarVersion: calendarContent.version }),
      ),
    })
    expect(recomputation?.clocks[1]).toMatchObject({
      dueBefore: at('2026-12-08 17:00').toISOString(),
      dueAfter: at('2026-12-09 17:00').toISOString(),
    })
    expect(shown(life.case.clocks.handle!.dueAt)).toBe('2026-12-09 17:00 Wed')
    expect(recomputationOf(life.case, newer.calendar)).toBeNull()
    expect(() => life.does('clock', 'recompute', { input: recomputation })).toThrow(refusal('action-not-now'))
  })

  it('never goes back to an older one', () => {
    const life = new Life().under(newer).does('agent', 'accept')
    expect(recomputationOf(life.case, policy.calendar)).toBeNull()
  })

  it('leaves alone what counts round the clock', () => {
    const danger = { ...noise, grade: 'danger', profile: 'danger', isEmergency: true } as const
    const life = new Life(danger).does('agent', 'accept').does('agent', 'dispatch', { input: toEducation })
    expect(recomputationOf(life.case, newer.calendar)).toBeNull()
  })
})

describe('what is overdue is looked at again', () => {
  const chasing = {
    ...policy,
    chaseAfter: [
      { amount: 5, unit: 'wd' },
      { amount: 1, unit: 'd' },
    ] as const,
  }

  it('so long past the due time of handling, and later after an extension', () => {
    const life = accepted().under(chasing).does('agent', 'dispatch', { at: '2026-11-24 11:00' })
    const chases = () => life.case.clocks.handle!.chases!.map(chase => shown(chase.at))
    expect(chases()).toEqual(['2026-12-15 17:00 Tue', '2026-12-09 17:00 Wed'])
    expect(life.case.clocks.sign).not.toHaveProperty('chases')
    life.does('lead', 'sign').does('lead', 'request-extension').does('agent', 'approve-extension')
    expect(chases()).toEqual(['2026-12-22 17:00 Tue', '2026-12-16 17:00 Wed'])
  })
})
