import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import type { Slot } from '../../src/appointments/slots.ts'
import { DAY, HOUR, MINUTE } from '../../src/kernel/clock.ts'
import type { BookOutcome, WantedBooking } from '../../src/usecases/booking-ports.ts'
import type { TestServer } from '../support/database-server.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const NOW = new Date('2026-11-24T02:00:00Z')
const RULES = { mostOpen: 3, noShows: { times: 2, withinDays: 90, shutOutDays: 7 } }
const CODE = 'P2SZ9AZQ'

let made = 0
let places = 0

/** What every store must do with bookings, above all when everybody wants the same. */
export function bookingContract(name: string, server: () => TestServer): void {
  describe(`bookings on ${name}`, () => {
    let opened: TestStore
    let store: PostgresStore

    beforeAll(async () => {
      opened = await createTestStore(server())
      store = opened.store
    })
    afterAll(() => opened?.drop())

    /** Slots of a place of their own, one after the other. */
    function slots(count: number, capacity: number): Slot[] {
      const place = `place-${++places}`
      return Array.from({ length: count }, (_, i) => {
        const startsAt = new Date(NOW.getTime() + DAY + i * HOUR)
        return { place, startsAt, endsAt: new Date(startsAt.getTime() + HOUR), capacity }
      })
    }

    function wanted(slot: Slot, more: { phone?: string; item?: string; key?: string } = {}): WantedBooking {
      const number = ++made
      return {
        id: `booking-${number}`,
        slot,
        item: more.item ?? 'id-card',
        person: {
          name: '王女士',
          phone: more.phone ?? `138${String(10_000_000 + number)}`,
          channel: 'web-chat',
          channelUserId: `user-${number}`,
        },
        queryCode: CODE,
        caseId: null,
        locale: 'zh-Hans',
        requestKey: more.key ?? null,
        remindAt: null,
        now: NOW,
      }
    }

    const book = (slot: Slot, more?: Parameters<typeof wanted>[1]) =>
      store.bookings.book(wanted(slot, more), RULES)
    const takenOf = async ({ place, startsAt }: Slot) =>
      (await store.bookings.loads([place], startsAt, new Date(startsAt.getTime() + MINUTE)))[0]?.taken ?? 0
    const idOf = (outcome: BookOutcome) => (outcome as Extract<BookOutcome, { booking: unknown }>).booking.id
    async function booked(slot: Slot, more?: Parameters<typeof wanted>[1]): Promise<string> {
      const outcome = await book(slot, more)
      expect(outcome.is).toBe('booked')
      return idOf(outcome)
    }
    const count = (outcomes: readonly BookOutcome[], is: BookOutcome['is']) =>
      outcomes.filter(outcome => outcome.is === is).length

    test('of a thousand people who want the last fifty places at once fifty get one, and nobody two', async () => {
      const five = slots(5, 10)
      const all = Array.from({ length: 1000 }, (_, i) => five[i % 5]!)
      const outcomes = await Promise.all(all.map(slot => book(slot)))
      expect([count(outcomes, 'booked'), count(outcomes, 'full')]).toEqual([50, 950])
      expect(await Promise.all(five.map(takenOf))).toEqual([10, 10, 10, 10, 10])
      const rows = await store.bookings.between([five[0]!.place], NOW, new Date(NOW.getTime() + 9 * DAY))
      expect(new Set(rows.map(({ person }) => person.phone)).size).toBe(50)
      expect(rows).toHaveLength(50)
    })

    test('one person who asks twenty times at once gets one place', async () => {
      const [slot] = slots(1, 50)
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => book(slot!, { phone: '13900000001' })),
      )
      expect([count(outcomes, 'booked'), count(outcomes, 'twice')]).toEqual([1, 19])
      expect(await takenOf(slot!)).toBe(1)
    })

    test('nobody has more bookings open than the city allows, however fast they ask', async () => {
      const [slot] = slots(1, 50)
      const asked = Array.from({ length: 12 }, (_, i) =>
        book(slot!, { phone: '13900000002', item: `item-${i}` }),
      )
      const outcomes = await Promise.all(asked)
      expect([count(outcomes, 'booked'), count(outcomes, 'many')]).toEqual([3, 9])
      expect(await takenOf(slot!)).toBe(3)
    })

    test('whoever books, moves and cancels at the same time leaves the counts right', async () => {
      const [first, second] = slots(2, 10) as [Slot, Slot]
      const ids = await Promise.all(Array.from({ length: 10 }, () => booked(first)))
      await Promise.all(Array.from({ length: 4 }, () => booked(second)))
      const there = ids.slice(0, 8).map(id => store.bookings.move(id, second, null))
      const back = ids.slice(8).map(id => store.bookings.cancel(id))
      const others = Array.from({ length: 40 }, (_, i) => book(i % 2 ? first : second))
      await Promise.all([...there, ...back, ...others])
      for (const slot of [first, second]) {
        const rows = await store.bookings.between(
          [slot.place],
          slot.startsAt,
          new Date(slot.startsAt.getTime() + MINUTE),
        )
        const open = rows.filter(({ state }) => state === 'booked').length
        expect(open).toBe(await takenOf(slot))
        expect(open).toBeLessThanOrEqual(10)
      }
      const moved = await Promise.all(there)
      expect(moved.every(each => each === 'moved' || each === 'full')).toBe(true)
    })

    test('two who exchange their slots do not block one another', async () => {
      const [first, second] = slots(2, 30) as [Slot, Slot]
      const here = await Promise.all(Array.from({ length: 10 }, () => booked(first)))
      const there = await Promise.all(Array.from({ length: 10 }, () => booked(second)))
      const outcomes = await Promise.all([
        ...here.map(id => store.bookings.move(id, second, null)),
        ...there.map(id => store.bookings.move(id, first, null)),
      ])
      expect(new Set(outcomes)).toEqual(new Set(['moved']))
      expect([await takenOf(first), await takenOf(second)]).toEqual([10, 10])
    })

    test('a move that finds no place leaves the booking where it was', async () => {
      const [first, full] = slots(2, 1) as [Slot, Slot]
      await booked(full)
      const id = await booked(first)
      expect(await store.bookings.move(id, full, null)).toBe('full')
      expect((await store.bookings.byId(id))?.startsAt).toEqual(first.startsAt)
      expect(await takenOf(first)).toBe(1)
    })

    test('the same request asked again gets the same booking', async () => {
      const [slot] = slots(1, 5) as [Slot]
      const asked = { phone: '13900000003', key: 'talk-1:7' }
      const first = idOf(await book(slot, asked))
      const again = await store.bookings.book({ ...wanted(slot, asked), queryCode: 'BBBBBBBB' }, RULES)
      expect(idOf(again)).toBe(first)
      const { number } = (await store.bookings.byId(first))!
      expect((await store.bookings.byCode(number, 'BBBBBBBB'))?.id).toBe(first)
      expect(await takenOf(slot)).toBe(1)
    })

    test('a place that becomes free is offered to whoever waits longest, not to who comes by', async () => {
      const [slot] = slots(1, 1) as [Slot]
      const id = await booked(slot)
      const first = await store.bookings.wait(wanted(slot), RULES)
      const second = await store.bookings.wait(wanted(slot), RULES)
      expect([first.is, second.is]).toEqual(['waiting', 'waiting'])
      expect(await store.bookings.cancel(id)).toBe(true)
      expect((await book(slot)).is).toBe('full')
      const until = new Date(NOW.getTime() + 30 * MINUTE)
      const offered = await store.bookings.offerFree(NOW, until)
      expect(offered.map(each => each.id)).toEqual([idOf(first)])
      expect(await store.bookings.lapseOffers(until)).toBe(1)
      expect(await store.bookings.accept(idOf(first), NOW, null)).toBe(false)
      const [next] = await store.bookings.offerFree(NOW, new Date(until.getTime() + HOUR))
      expect(next!.id).toBe(idOf(second))
      expect(await store.bookings.accept(next!.id, NOW, null)).toBe(true)
      expect(await takenOf(slot)).toBe(1)
    })

    test('nobody waits for what is free', async () => {
      const [slot] = slots(1, 2) as [Slot]
      await booked(slot)
      expect((await store.bookings.wait(wanted(slot), RULES)).is).toBe('full')
    })

    test('who did not come twice is shut out for a week', async () => {
      const phone = '13900000004'
      const [first, second, third] = slots(3, 5) as [Slot, Slot, Slot]
      for (const slot of [first, second]) await store.bookings.mark(await booked(slot, { phone }), 'missed')
      const outcome = await book(third, { phone })
      expect(outcome).toEqual({ is: 'shut-out', until: new Date(second.startsAt.getTime() + 7 * DAY) })
      expect(await takenOf(third)).toBe(0)
    })

    test('a slot that is closed ends the bookings in it and takes none', async () => {
      const [slot] = slots(1, 2) as [Slot]
      const id = await booked(slot)
      expect((await store.bookings.close(slot)).map(each => each.id)).toEqual([id])
      expect((await store.bookings.byId(id))?.state).toBe('dropped')
      expect((await book(slot)).is).toBe('closed')
    })

    test('a booking is found by its number with its own code only', async () => {
      const [slot] = slots(1, 2) as [Slot]
      const booking = (await store.bookings.byId(await booked(slot)))!
      expect((await store.bookings.byCode(booking.number, CODE))?.id).toBe(booking.id)
      expect(await store.bookings.byCode(booking.number, 'AAAAAAAA')).toBeNull()
    })

    test('each reminder is given out once', async () => {
      const [slot] = slots(1, 2) as [Slot]
      await store.bookings.book({ ...wanted(slot), remindAt: NOW }, RULES)
      const taken = await Promise.all([
        store.bookings.takeReminders(NOW, 10),
        store.bookings.takeReminders(NOW, 10),
      ])
      expect(taken.flat()).toHaveLength(1)
    })
  })
}
