import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  calendarSchema,
  localDateOf,
  localMinuteOf,
  WorkingCalendar,
} from '../../../src/clocks/working-calendar.ts'
import { MINUTE } from '../../../src/kernel/clock.ts'
import { mayContact } from '../../../src/stewards/may-contact.ts'
import { stewardsSchema } from '../../../src/stewards/steward-rules.ts'

const city = (name: string) => parse(readFileSync(`cities/shenfu/${name}.yaml`, 'utf8'))
const { quiet } = stewardsSchema.parse(city('stewards'))
const calendar = new WorkingCalendar(calendarSchema.parse(city('calendar')), quiet.hours)
const at = (local: string) => new Date(`${local}:00+08:00`)
const NOTHING = { unasked: [], quietSince: null, askedAt: null }

/** Minutes of 2026. */
const BEGIN = at('2026-01-01T00:00').getTime()
const moment = fc.integer({ min: 0, max: 364 * 1440 }).map(minute => new Date(BEGIN + minute * MINUTE))
/** A steward who tries at every one of these moments, and writes whenever it is allowed. */
const eager = (moments: readonly Date[], quietSince: Date | null = null) => {
  const unasked: Date[] = []
  for (const now of moments.toSorted((a, b) => a.getTime() - b.getTime())) {
    const isQuiet = quietSince !== null && now >= quietSince
    const contacts = { unasked, quietSince: isQuiet ? quietSince : null, askedAt: null }
    if (mayContact(now, contacts, quiet, calendar).may) unasked.push(now)
  }
  return unasked
}
const moments = fc.array(moment, { minLength: 50, maxLength: 300 })

describe('who did not ask', () => {
  test('is never written to more often in a month than the content says, nor twice within its days', () => {
    fc.assert(
      fc.property(moments, tried => {
        const sent = eager(tried)
        const months = Map.groupBy(sent, each => localDateOf(each).slice(0, 7))
        for (const inMonth of months.values()) expect(inMonth.length).toBeLessThanOrEqual(quiet.mostAMonth)
        for (const [i, each] of sent.slice(1).entries())
          expect(each.getTime() - sent[i]!.getTime()).toBeGreaterThanOrEqual(quiet.daysBetween * 86_400_000)
      }),
    )
  })

  test('is never written to at night, at noon or on a holiday', () => {
    fc.assert(
      fc.property(moments, tried => {
        for (const each of eager(tried)) {
          expect(calendar.isWorkingDay(each)).toBe(true)
          const time = localMinuteOf(each).slice(11)
          expect((time >= '09:00' && time < '11:30') || (time >= '13:30' && time < '16:30')).toBe(true)
        }
      }),
    )
  })

  test('is never written to after 不用了', () => {
    fc.assert(
      fc.property(moments, moment, (tried, quietSince) => {
        for (const each of eager(tried, quietSince)) expect(each.getTime()).toBeLessThan(quietSince.getTime())
      }),
    )
  })

  test('hears from when on it would be the time', () => {
    const night = at('2026-10-01T23:00')
    const answer = mayContact(night, NOTHING, quiet, calendar)
    expect(answer).toMatchObject({ may: false, because: 'outside-hours' })
    expect('from' in answer && localMinuteOf(answer.from)).toBe('2026-10-08 09:00')
  })
})

test('a question is always answered: at night, on holidays, after 不用了 and however often it was written before', () => {
  fc.assert(
    fc.property(moment, fc.array(moment), fc.option(moment), (now, unasked, quietSince) => {
      const contacts = { unasked, quietSince, askedAt: new Date(now.getTime() - MINUTE) }
      expect(mayContact(now, contacts, quiet, calendar)).toEqual({ may: true, because: 'asked' })
    }),
  )
})
