import { minutesOf } from '../appointments/slots.ts'
import { MINUTE } from '../kernel/clock.ts'
import { formatBookingNumber, nextReminder } from './book-time.ts'
import { placeView } from './booking-view.ts'
import type { BookingJob } from './job.ts'
import type { Line } from './line.ts'
import type { ShortMessage, SmsGateway } from './notice-ports.ts'
import { localMoment } from './say-due.ts'

/** Looked at in one sweep; the rest in the next. */
const MOST_AT_ONCE = 200

/**
 * Looks after bookings: offers that nobody took end, what is free is offered to those who wait, and whoever is to be told (an offer, the
 * evening before, an hour before) gets a short message. @returns how many are told
 */
export async function sweepBookings(line: Line): Promise<number> {
  const { bookings } = line.store
  const now = line.clock.now()
  await bookings.lapseOffers(now)
  await bookings.offerFree(
    now,
    new Date(now.getTime() + minutesOf(line.content.appointments.offerFor) * MINUTE),
  )
  const due = await bookings.dueReminders(now, MOST_AT_ONCE)
  for (const { id, state, startsAt, remindAt } of due) {
    const key = `${id}:${state}:${remindAt.getTime()}`
    // The job first: after a crash it is made again under the same key, and that is dropped.
    await line.store.transact(async tx =>
      tx.enqueue([{ name: 'tell-booking', key, data: { bookingId: id } }]),
    )
    await bookings.remindNext(id, remindAt, state === 'booked' ? nextReminder(startsAt, now) : null)
  }
  return due.length
}

/**
 * Reminds somebody of a booking, or offers the place that became free, as it is now. Others may see the message light up, so it says
 * when and where, not what for.
 * @throws what the gateway throws, to be tried again later, unless this was the last try
 */
export async function tellBooking(
  line: Line,
  job: { key: string; data: BookingJob['data']; isLastTry: boolean },
  gateway: SmsGateway | null,
): Promise<void> {
  const message = gateway && (await messageFor(line, job))
  if (!gateway || !message) return
  const outcome = await gateway.send(message).catch(error => {
    if (!job.isLastTry) throw error
    return 'refused' as const
  })
  if (outcome === 'refused') line.logger.warn({ id: job.data.bookingId }, 'nobody could be told of a booking')
}

async function messageFor(
  line: Line,
  { key, data }: { key: string; data: BookingJob['data'] },
): Promise<ShortMessage | null> {
  const booking = await line.store.bookings.withPerson(data.bookingId)
  if (!booking?.person.phone || (booking.state !== 'booked' && booking.state !== 'offered')) return null
  const { locale } = booking
  const { texts, city } = line.content
  const place = placeView(line, booking.place, locale)
  const number = formatBookingNumber(booking.number)
  const params = {
    line: line.names.line(locale),
    when: localMoment(booking.startsAt, locale),
    place: `${place.address} ${place.name}`,
    number,
    until: booking.offerUntil ? localMoment(booking.offerUntil, locale) : '',
    where: line.publicUrl ? `${line.publicUrl}/book#${number}` : city.line.phone,
  }
  const text = booking.state === 'offered' ? 'sms.booking-offer' : 'sms.booking-reminder'
  return {
    to: booking.person.phone,
    text: texts.of(locale, text, params),
    key: `booking:${key}`,
    of: { key: text, params },
  }
}
