import type { Outcome } from '../conversation/engine-context.ts'
import type { ChoiceRef, Param, Params } from '../conversation/reply.ts'
import type { Slots } from '../conversation/state.ts'
import { isAppError } from '../kernel/errors.ts'
import { bookTime, cancelBooking, formatBookingNumber, moveBooking } from './book-time.ts'
import type { Booking } from './booking-ports.ts'
import { itemName, placeView, viewBooking } from './booking-view.ts'
import type { EffectContext } from './effect-context.ts'
import { deskFor, desksOf, freeTimes } from './free-times.ts'
import type { Line } from './line.ts'
import { localMoment } from './say-due.ts'

type Effect = (context: EffectContext, slots: Slots) => Promise<Outcome>

/** So much of what was said an item must hold to be meant. */
const MEANT_SHARE = 0.45
/** Before the next one by so much, the first is meant; else it is asked which. */
const CLEAR_LEAD = 1.5
const MOST_ITEMS = 3
const MOST_TIMES = 6
const MOST_A_DAY = 3

/** What the flows `appointment` and `book-time` do. */
export const bookingEffects: Readonly<Record<string, Effect>> = {
  /** `found`: the person has a booking, or wants something for which a window gives times. */
  'see-booking': async ({ line, conversation, locale }, slots) => {
    const said = String(slots.said)
    const { notByTime } = line.content.appointments
    if (notByTime.some(word => said.toLowerCase().includes(word))) return { name: 'none' }
    const { channel, userId: channelUserId } = conversation
    const [own] = await line.store.bookings.ofUser({ channel, channelUserId })
    const meant = itemsMeant(line, said)
    if (!own && Object.keys(meant).length === 0) return { name: 'none' }
    return {
      name: 'found',
      slots: { ...meant, ...(own ? { bookingId: own.id } : {}) },
      params: own ? paramsFor(line, own, locale) : {},
    }
  },

  /** Reads the time that was said and finds what is free; `chosen` when it is one of these. */
  'find-times': async ({ line, locale }, slots) => {
    const booking = slots.managing === 'change' ? await ownBooking(line, slots) : null
    const { item, desk } = deskFor(line, booking?.item ?? String(slots.itemId), booking?.place ?? null)
    const free = (await freeTimes(line, desk)).flatMap(day => day.times).filter(({ left }) => left > 0)
    const known: Params = {
      item: itemName(line, item.id, locale),
      place: placeText(line, desk.place, locale),
      when: '',
    }
    if (free.length === 0) return { name: 'none', params: known }
    const starts = free.map(({ startsAt }) => startsAt)
    const { chosen, fitting } = timesMeant(line, starts, slots.time)
    if (chosen)
      return {
        name: 'chosen',
        params: { ...known, when: localMoment(chosen, locale) },
        slots: { startsAt: chosen.toISOString() },
      }
    const offered = spread(fitting.length > 0 ? fitting : starts).map(
      (at): ChoiceRef => ({ id: at.toISOString(), label: localMoment(at, locale) }),
    )
    return {
      name: fitting.length > 0 ? 'offered' : 'taken',
      params: known,
      slots: { offered: { ...(slots.offered as object | undefined), time: offered } },
      clear: ['time'],
    }
  },

  'book-found-time': async ({ line, conversation, locale }, slots) => {
    const startsAt = new Date(String(slots.startsAt))
    return refusable(async () => {
      if (slots.managing === 'change') {
        const moved = await moveBooking(line, await ownBooking(line, slots), startsAt)
        return { name: 'moved', params: paramsFor(line, moved, locale) }
      }
      const { booking, queryCode } = await bookTime(line, {
        item: String(slots.itemId),
        place: null,
        startsAt,
        person: {
          name: (slots.personName as string | undefined) ?? null,
          phone: String(slots.phone),
          channel: conversation.channel,
          channelUserId: conversation.userId,
        },
        ifFull: 'refuse',
        locale,
        caseId: null,
        // A turn that is tried again books nothing twice.
        requestKey: `talk:${conversation.id}:${conversation.lastSeq}`,
      })
      return { name: 'booked', params: { ...paramsFor(line, booking, locale), queryCode } }
    })
  },

  'cancel-own-booking': async ({ line, locale }, slots) =>
    refusable(async () => {
      const booking = await ownBooking(line, slots)
      await cancelBooking(line, booking)
      return { name: 'cancelled', params: paramsFor(line, booking, locale) }
    }),
}

/** What the rules refuse is said; anything else is a bug. */
async function refusable(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work()
  } catch (error) {
    if (!isAppError(error)) throw error
    const because: Param = { is: 'text', key: `error.${error.code}`, params: error.details as Params }
    return { name: 'refused', params: { because } }
  }
}

/** The item that is meant, or those among which it is asked; nothing when no window gives times for it. */
function itemsMeant(line: Line, said: string): Slots {
  const near = line.guidance
    .findItems(said, MOST_ITEMS)
    .flatMap(({ applied, score, share }) =>
      applied.is === 'item' && share >= MEANT_SHARE && desksOf(line, applied.item).length > 0
        ? [{ item: applied.item, score }]
        : [],
    )
  const [first, second] = near
  if (!first) return {}
  if (!second || first.score >= second.score * CLEAR_LEAD) return { itemId: first.item.id }
  const itemId = near.map(
    ({ item }): ChoiceRef => ({ id: item.id, label: { is: 'both', zh: item.name, en: item.en } }),
  )
  return { offered: { itemId } }
}

/** A time that is exactly one of those there are, or all that fit what was said. */
function timesMeant(
  line: Line,
  starts: readonly Date[],
  said: unknown,
): { chosen: Date | null; fitting: Date[] } {
  if (typeof said !== 'string') return { chosen: null, fitting: [...starts] }
  const picked = starts.find(at => at.toISOString() === said)
  if (picked) return { chosen: picked, fitting: [] }
  const time = line.understander.understand(said, { now: line.clock.now() }).times[0]
  if (!time) return { chosen: null, fitting: [...starts] }
  if (time.kind === 'moment')
    return { chosen: starts.find(at => at.getTime() === time.from.getTime()) ?? null, fitting: [] }
  return { chosen: null, fitting: starts.filter(at => at >= time.from && at < time.to) }
}

/** A few of a day, of several days: who cannot come in the morning sees the next day, too. */
function spread(starts: readonly Date[]): Date[] {
  const byDay = Map.groupBy(starts, at => at.toDateString())
  const days = [...byDay.values()]
  const each = days.length === 1 ? MOST_TIMES : MOST_A_DAY
  return days.flatMap(day => everyNth(day, each)).slice(0, MOST_TIMES)
}

function everyNth(day: readonly Date[], most: number): Date[] {
  const step = Math.max(1, Math.floor(day.length / most))
  return day.filter((_, i) => i % step === 0).slice(0, most)
}

async function ownBooking(line: Line, slots: Slots): Promise<Booking> {
  const booking = await line.store.bookings.byId(String(slots.bookingId))
  if (!booking) throw new Error('a flow acts on a booking that it has not found')
  return booking
}

function placeText(line: Line, id: string, locale: EffectContext['locale']): string {
  const { address, name } = placeView(line, id, locale)
  return `${address} ${name}`
}

function paramsFor(line: Line, booking: Booking, locale: EffectContext['locale']): Params {
  const { item, when, bring } = viewBooking(line, booking, locale)
  const number = formatBookingNumber(booking.number)
  return {
    item: item.name,
    place: placeText(line, booking.place, locale),
    when,
    number,
    link: `${line.publicUrl ?? ''}/book#${number}`,
    bring: bring.length > 0 ? { is: 'list', items: bring } : { is: 'text', key: 'booking.bring-none' },
  }
}
