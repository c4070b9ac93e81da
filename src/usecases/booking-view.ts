import { writeCalendar } from '../appointments/calendar-file.ts'
import type { Locale } from '../language/understanding.ts'
import { formatBookingNumber } from './book-time.ts'
import type { Booking, BookingState } from './booking-ports.ts'
import { viewGuide } from './guide-view.ts'
import type { Line } from './line.ts'
import { localMoment } from './say-due.ts'

/** A booking as its owner sees it. */
export interface BookingView {
  number: string
  state: BookingState
  item: { id: string; name: string }
  place: { id: string; name: string; address: string }
  startsAt: string
  endsAt: string
  /** `11月26日周四 09:00` */
  when: string
  offerUntil: string | null
  /** What to bring when nothing is known of the person's situation. */
  bring: string[]
}

/** A booking in the person's language. */
export function viewBooking(line: Line, booking: Booking, locale: Locale): BookingView {
  return {
    number: formatBookingNumber(booking.number),
    state: booking.state,
    item: { id: booking.item, name: itemName(line, booking.item, locale) },
    place: placeView(line, booking.place, locale),
    startsAt: booking.startsAt.toISOString(),
    endsAt: booking.endsAt.toISOString(),
    when: localMoment(booking.startsAt, locale),
    offerUntil: booking.offerUntil && localMoment(booking.offerUntil, locale),
    bring: viewGuide(line, booking.item, {}, locale).documents.map(({ name }) => name),
  }
}

/** What a window is called and where it is. An id that content no longer has comes back as it is. */
export function placeView({ content, names }: Line, id: string, locale: Locale): BookingView['place'] {
  const place = content.catalogue.places.find(each => each.id === id)
  if (!place) return { id, name: id, address: '' }
  return {
    id,
    name: names.text({ zh: place.name, en: place.en }, locale),
    address: names.text({ zh: place.address, en: place.addressEn }, locale),
  }
}

/** What an item is called. */
export function itemName({ content, names }: Line, id: string, locale: Locale): string {
  const item = content.items.find(each => each.id === id)
  return item ? names.text({ zh: item.name, en: item.en }, locale) : id
}

/** The booking as a file for calendars. */
export function bookingCalendar(line: Line, booking: Booking, locale: Locale): string {
  const view = viewBooking(line, booking, locale)
  const { texts } = line.content
  return writeCalendar({
    uid: `${booking.id}@yihao`,
    startsAt: booking.startsAt,
    endsAt: booking.endsAt,
    madeAt: line.clock.now(),
    title: texts.of(locale, 'booking.calendar.title', { item: view.item.name }),
    place: `${view.place.address} ${view.place.name}`,
    text: texts.of(locale, 'booking.calendar.text', {
      number: view.number,
      bring: view.bring.join(texts.of(locale, 'list.separator')),
    }),
  })
}
