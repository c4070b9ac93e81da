import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { bookingRoutes } from '../../src/wire-bookings.ts'
import { useTestLine } from '../support/use-test-line.ts'
import { call, type RunningLine, startLine } from './start-line.ts'

const lines = useTestLine()
let running: RunningLine
let made = 0

beforeAll(async () => {
  const { line } = lines.fresh()
  running = await startLine({
    server: { routes: [bookingRoutes(line, createRateLimiter({ clock: line.clock }))] },
  })
})
afterAll(() => running.stop())

const post = (path: string, body: unknown, language = 'zh-CN') =>
  call(running.url, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': language },
    body: JSON.stringify(body),
  })

/** It is Tuesday, 24 November 2026, ten o'clock. */
function wanted(changes: object = {}) {
  const n = ++made
  return {
    item: 'id-card',
    place: 'hall-police',
    startsAt: '2026-11-25T09:00:00+08:00',
    phone: `138${String(20_000_000 + n)}`,
    requestKey: n.toString(16).padStart(32, '0'),
    ...changes,
  }
}

interface Made {
  queryCode: string
  booking: { number: string; state: string; when: string; startsAt: string; bring: string[] }
}

async function booked(
  changes: object = {},
): Promise<{ key: { number: string; queryCode: string }; made: Made }> {
  const { status, json } = await post('/api/bookings', wanted(changes))
  expect(status).toBe(200)
  const answer = json as Made
  return { key: { number: answer.booking.number, queryCode: answer.queryCode }, made: answer }
}

describe('bookings by HTTP', () => {
  it('shows the days on which one may come, and why not on others', async () => {
    const { json } = await call(running.url, '/api/bookings/times/id-card?place=hall-police')
    const { days } = json as { days: { date: string; rest: string | null; times: { left: number }[] }[] }
    expect(days[0]!.date).toBe('2026-11-24')
    expect(days).toHaveLength(15)
    // Half past ten is half an hour away.
    expect(days[0]!.times).toHaveLength(10)
    expect(days[1]!.times[0]!.left).toBe(4)
    expect(days.find(({ date }) => date === '2026-11-29')).toMatchObject({ rest: null })
    const tax = await call(running.url, '/api/bookings/times/id-card?place=hall-tax')
    expect(tax.status).toBe(400)
  })

  it('is booked, found, moved and cancelled by number and code', async () => {
    const { key, made: first } = await booked()
    expect(first.booking).toMatchObject({ state: 'booked', when: '11月25日周三 09:00' })
    expect(first.booking.bring.length).toBeGreaterThan(0)
    expect((await post('/api/bookings/find', key)).status).toBe(200)
    const moved = await post('/api/bookings/move', { ...key, startsAt: '2026-11-27T10:00:00+08:00' }, 'en')
    expect(moved.json).toMatchObject({ when: 'Fri 27 Nov 10:00', state: 'booked' })
    const cancelled = await post('/api/bookings/cancel', key)
    expect(cancelled.json).toMatchObject({ state: 'cancelled' })
    expect((await post('/api/bookings/cancel', key)).json).toMatchObject({ error: { code: 'booking-gone' } })
  })

  it('is a file for calendars, in the local time', async () => {
    const { key } = await booked({ startsAt: '2026-11-26T14:00:00+08:00' })
    const response = await fetch(`${running.url}/api/bookings/calendar`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(key),
    })
    expect(response.headers.get('content-type')).toContain('text/calendar')
    const text = await response.text()
    expect(text).toContain('DTSTART;TZID=Asia/Shanghai:20261126T140000\r\n')
    expect(text).toContain('TZOFFSETTO:+0800')
  })

  it.each([
    ['in the past', { startsAt: '2026-11-24T09:00:00+08:00' }, 'booking-past', 'startsAt'],
    ['in a quarter of an hour', { startsAt: '2026-11-24T10:00:30+08:00' }, 'booking-no-slot', 'startsAt'],
    ['in a month', { startsAt: '2026-12-25T09:00:00+08:00' }, 'booking-too-far', 'startsAt'],
    ['at night', { startsAt: '2026-11-25T22:00:00+08:00' }, 'booking-no-slot', 'startsAt'],
    [
      'on a Sunday where nobody is there',
      { item: 'social-card', place: 'hall-social-insurance', startsAt: '2026-11-29T09:00:00+08:00' },
      'booking-weekend',
      'startsAt',
    ],
    ['where it is not done', { place: 'hall-tax' }, 'booking-elsewhere', 'place'],
    ['with a wrong phone', { phone: '12345' }, 'phone-invalid', 'phone'],
  ])('%s it is refused at its field', async (_what, changes, code, field) => {
    const { status, json } = await post('/api/bookings', wanted(changes))
    expect(status).toBe(400)
    expect(json).toMatchObject({ error: { code, details: { field } } })
  })

  it('refuses the same matter twice for one phone', async () => {
    const phone = '13700000001'
    await booked({ phone })
    const { json } = await post('/api/bookings', wanted({ phone, startsAt: '2026-11-26T09:00:00+08:00' }))
    expect(json).toMatchObject({ error: { code: 'booking-twice', details: { field: 'item' } } })
  })

  it('answers a repeated request with the same booking', async () => {
    const body = wanted({ startsAt: '2026-11-30T09:00:00+08:00' })
    const [first, second] = [await post('/api/bookings', body), await post('/api/bookings', body)] as {
      json: Made
    }[]
    expect(second!.json.booking.number).toBe(first!.json.booking.number)
  })

  it('lets people wait for a full time only when they say so', async () => {
    const startsAt = '2026-12-01T09:00:00+08:00'
    for (let i = 0; i < 4; i++) await booked({ startsAt })
    expect((await post('/api/bookings', wanted({ startsAt }))).json).toMatchObject({
      error: { code: 'booking-full', details: { field: 'startsAt' } },
    })
    const { made: waiting } = await booked({ startsAt, ifFull: 'wait' })
    expect(waiting.booking.state).toBe('waiting')
  })

  it('tells nobody whether a number is there who has not its code', async () => {
    const { key } = await booked({ startsAt: '2026-12-02T09:00:00+08:00' })
    const wrong = await post('/api/bookings/find', { ...key, queryCode: 'AAAAAAAA' })
    const none = await post('/api/bookings/find', { ...key, number: 'Y999999' })
    expect([wrong.status, none.status]).toEqual([404, 404])
    expect(wrong.json).toEqual(none.json)
  })

  it('writes neither phones nor codes into the log', async () => {
    const { key, made: answer } = await booked({
      phone: '13712345678',
      startsAt: '2026-12-03T09:00:00+08:00',
    })
    const logged = running.logged.join('')
    expect(logged).not.toContain('13712345678')
    expect(logged).not.toContain(answer.queryCode)
    expect(logged).not.toContain(key.number)
  })
})
