import { addBookingRoutes } from './adapters/http/booking-routes.ts'
import type { RateLimiter } from './adapters/http/rate-limiter.ts'
import { acceptOffer, bookTime, cancelBooking, findBooking, moveBooking } from './usecases/book-time.ts'
import { bookingCalendar, viewBooking } from './usecases/booking-view.ts'
import { itemTimes } from './usecases/item-times.ts'
import type { Line } from './usecases/line.ts'

/** The interface of appointments for residents, with its use cases bound. */
export function bookingRoutes(
  line: Line,
  limiter: RateLimiter,
): (app: Parameters<typeof addBookingRoutes>[0]) => void {
  return app =>
    addBookingRoutes(app, {
      limiter,
      times: (item, place, locale) => itemTimes(line, item, place, locale),
      async book({ startsAt, name, phone, ifFull, requestKey, ...wanted }, locale) {
        const person = { name, phone, channel: 'web-chat', channelUserId: '' }
        const made = await bookTime(line, {
          ...wanted,
          startsAt: new Date(startsAt),
          person,
          ifFull,
          locale,
          caseId: null,
          requestKey: `page:${requestKey}`,
        })
        return { queryCode: made.queryCode, booking: viewBooking(line, made.booking, locale) }
      },
      find: async (key, locale) => viewBooking(line, await findBooking(line, key), locale),
      async move(key, startsAt, locale) {
        const moved = await moveBooking(line, await findBooking(line, key), new Date(startsAt))
        return viewBooking(line, moved, locale)
      },
      async cancel(key, locale) {
        const booking = await findBooking(line, key)
        await cancelBooking(line, booking)
        return viewBooking(line, { ...booking, state: 'cancelled' }, locale)
      },
      accept: async (key, locale) =>
        viewBooking(line, await acceptOffer(line, await findBooking(line, key)), locale),
      calendar: async (key, locale) => bookingCalendar(line, await findBooking(line, key), locale),
    })
}
