import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import { MINUTE } from '../../src/kernel/clock.ts'
import type { AtWindow, HallStore, NewTicket, StoredTicket } from '../../src/usecases/hall-ports.ts'
import type { TestServer } from '../support/database-server.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const NINE = new Date('2026-11-24T01:00:00Z')
const at = (minutes: number) => new Date(NINE.getTime() + minutes * MINUTE)

let made = 0
let days = 0

/** What every store must do with the numbers of the hall. */
export function hallContract(name: string, server: () => TestServer): void {
  describe(`the hall on ${name}`, () => {
    let opened: TestStore
    let stores: PostgresStore[]
    let hall: HallStore

    beforeAll(async () => {
      opened = await createTestStore(server())
      stores = [opened.store, await opened.another()]
      hall = opened.store.hall
    })
    afterAll(() => opened?.drop())

    /** A day of its own for every test. */
    const aDay = () => `2027-03-${String(++days).padStart(2, '0')}`

    function wanted(day: string, changes: Partial<NewTicket> = {}): NewTicket {
      made++
      return {
        id: `ticket-${String(made).padStart(6, '0')}`,
        day,
        code: `CODE${made}`,
        request: null,
        group: 'insurance',
        prefix: 'A',
        takenBy: 'page',
        conversationId: null,
        creditMinutes: 0,
        takenAt: at(made / 100),
        ...changes,
      }
    }
    const seat = (day: string, window: string): AtWindow => ({
      day,
      window,
      accountId: `clerk-${window}`,
      at: at(60),
    })
    const labels = (tickets: readonly (StoredTicket | null)[]) => tickets.map(each => each?.label ?? null)

    test('numbers count from 1 for each prefix and day, however many come at once', async () => {
      const day = aDay()
      const taken = await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          stores[i % 2]!.hall.take(wanted(day, i % 3 === 0 ? { prefix: 'B', group: 'medical' } : {})),
        ),
      )
      const of = (prefix: string) =>
        labels(taken)
          .filter(label => label!.startsWith(prefix))
          .toSorted()
      expect(of('A')).toEqual(Array.from({ length: 40 }, (_, i) => `A${String(i + 1).padStart(3, '0')}`))
      expect(of('B')).toEqual(Array.from({ length: 20 }, (_, i) => `B${String(i + 1).padStart(3, '0')}`))
      expect((await hall.take(wanted(aDay()))).label).toBe('A001')
    })

    test('the same request again gets the same number', async () => {
      const day = aDay()
      const first = await hall.take(wanted(day, { request: `tap-${day}` }))
      expect(await stores[1]!.hall.take(wanted(day, { request: `tap-${day}` }))).toEqual(first)
      expect((await hall.day(day)).tickets).toHaveLength(1)
    })

    test('windows that call at once on two instances never call the same number, and leave none out', async () => {
      const day = aDay()
      for (let i = 0; i < 40; i++) await hall.take(wanted(day))
      const called: string[] = []
      const serve = async (window: string, store: PostgresStore) => {
        for (;;) {
          const next = await store.hall.callNext(seat(day, window), ['insurance'])
          if (!next) return
          called.push(next.label)
          const by = { window, accountId: `clerk-${window}` }
          expect(await store.hall.change(next.id, 'start', { at: at(61), by })).toMatchObject({
            state: 'serving',
          })
          expect(await store.hall.change(next.id, 'finish', { at: at(62), by })).toMatchObject({
            state: 'served',
          })
        }
      }
      await Promise.all(
        ['1', '2', '3', '4', '5', '6', '7', '8'].map((window, i) => serve(window, stores[i % 2]!)),
      )
      expect(called).toHaveLength(40)
      expect(new Set(called).size).toBe(40)
      const { tickets } = await hall.day(day)
      expect(tickets.every(({ state }) => state === 'served')).toBe(true)
    })

    test('a window that serves somebody calls nobody else, even when it asks twice at once', async () => {
      const day = aDay()
      for (let i = 0; i < 3; i++) await hall.take(wanted(day))
      const asked = await Promise.allSettled(
        stores.map(each => each.hall.callNext(seat(day, '1'), ['insurance'])),
      )
      expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      await expect(hall.callNext(seat(day, '1'), ['insurance'])).rejects.toMatchObject({
        code: 'version-conflict',
      })
    })

    test('credit counts as time, and who was sent to one window is called by no other', async () => {
      const day = aDay()
      const [one, two] = [await hall.take(wanted(day)), await hall.take(wanted(day))]
      const elder = await hall.take(wanted(day, { creditMinutes: 15 }))
      expect((await hall.callNext(seat(day, '1'), ['insurance']))?.label).toBe(elder.label)
      const by = { window: '1', accountId: 'clerk-1' }
      await hall.change(elder.id, 'transfer', {
        at: at(61),
        by,
        group: 'insurance',
        onlyWindow: '2',
        creditMinutes: 60,
      })
      expect((await hall.callNext(seat(day, '1'), ['insurance']))?.label).toBe(one.label)
      expect((await hall.callNext(seat(day, '2'), ['insurance']))?.label).toBe(elder.label)
      expect((await hall.callNext(seat(day, '3'), ['insurance']))?.label).toBe(two.label)
    })

    test('nothing is done with a number at another window, or from where it does not begin', async () => {
      const day = aDay()
      const ticket = await hall.take(wanted(day))
      const by = { window: '2', accountId: 'clerk-2' }
      expect(await hall.change(ticket.id, 'finish', { at: at(61), by })).toBeNull()
      await hall.callNext(seat(day, '1'), ['insurance'])
      expect(await hall.change(ticket.id, 'start', { at: at(61), by })).toBeNull()
      expect(await hall.change(ticket.id, 'start', { at: at(61), by: null })).toBeNull()
    })

    test('one clerk sits at a window, until they get up or the day is over', async () => {
      const [day, next] = [aDay(), aDay()]
      const other = { ...seat(day, '9'), accountId: 'clerk-other' }
      expect(await hall.openWindow(seat(day, '9'))).toBe(true)
      expect(await hall.openWindow(other)).toBe(false)
      expect(await hall.closeWindow(other)).toBe(false)
      expect((await hall.day(day)).seats).toMatchObject([{ window: '9', accountId: 'clerk-9' }])
      expect(await hall.closeWindow(seat(day, '9'))).toBe(true)
      expect(await hall.openWindow(other)).toBe(true)
      expect(await hall.openWindow({ ...seat(next, '9') })).toBe(true)
    })

    test('that a turn is near is told once, and once more after a transfer', async () => {
      const day = aDay()
      const { id } = await hall.take(wanted(day, { conversationId: 'talk-hall' }))
      const told = await Promise.all(stores.map(each => each.hall.markTold([id], at(5))))
      expect(told.flat()).toHaveLength(1)
      await hall.callNext(seat(day, '1'), ['insurance'])
      await hall.change(id, 'transfer', {
        at: at(6),
        by: { window: '1', accountId: 'clerk-1' },
        group: 'medical',
      })
      expect(await hall.markTold([id], at(7))).toHaveLength(1)
      expect(await hall.ofConversation('talk-hall', day)).toMatchObject({ id, group: 'medical', window: '1' })
    })
  })
}
