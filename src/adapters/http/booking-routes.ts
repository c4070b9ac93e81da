import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Locale } from '../../language/understanding.ts'
import { BOOKING_STATES } from '../../usecases/booking-ports.ts'
import type { BookingView } from '../../usecases/booking-view.ts'
import type { ItemTimes } from '../../usecases/item-times.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'
import { againstGuessing, plainCode } from './query-codes.ts'
import type { RateLimiter } from './rate-limiter.ts'

type Key = z.infer<typeof keyBody>
type Wanted = z.infer<typeof bookBody>

export interface BookingParts {
  limiter: RateLimiter
  /** @throws AppError `guide-not-found`, `booking-elsewhere` */
  times(item: string, place: string | null, locale: Locale): Promise<ItemTimes>
  /** @throws AppError `booking-…`, `phone-invalid`; details name the `field` */
  book(wanted: Wanted, locale: Locale): Promise<{ queryCode: string; booking: BookingView }>
  /** @throws AppError `booking-not-found` */
  find(key: Key, locale: Locale): Promise<BookingView>
  /** @throws AppError `booking-…` */
  move(key: Key, startsAt: string, locale: Locale): Promise<BookingView>
  cancel(key: Key, locale: Locale): Promise<BookingView>
  accept(key: Key, locale: Locale): Promise<BookingView>
  calendar(key: Key, locale: Locale): Promise<string>
}

const place = z.object({ id: z.string(), name: z.string(), address: z.string() })
const item = z.object({ id: z.string(), name: z.string() })
const timesSchema = z.object({
  item,
  places: z.array(place),
  place: z.string(),
  days: z.array(
    z.object({
      date: z.string(),
      rest: z.enum(['holiday', 'weekend']).nullable().meta({ description: 'Why nobody can come then' }),
      times: z.array(
        z.object({
          startsAt: z.date(),
          endsAt: z.date(),
          left: z.int(),
          waiting: z.int(),
          isClosed: z.boolean(),
        }),
      ),
    }),
  ),
})
const viewSchema = z
  .object({
    number: z.string(),
    state: z.enum(BOOKING_STATES),
    item,
    place,
    startsAt: z.string(),
    endsAt: z.string(),
    when: z.string(),
    offerUntil: z.string().nullable(),
    bring: z.array(z.string()),
  })
  .meta({ id: 'Booking' })
const keyBody = z.object({ number: z.string().min(1).max(30), queryCode: z.string().min(1).max(30) })
const bookBody = z.object({
  item: z.string().max(60),
  place: z.string().max(60).nullable().default(null),
  startsAt: z.iso.datetime({ offset: true }),
  name: z.string().trim().max(40).nullable().default(null),
  phone: z.string().max(30),
  ifFull: z.enum(['refuse', 'wait']).default('refuse'),
  requestKey: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .meta({ description: 'Made by chance; the same one again gets the same booking' }),
})
const tags = ['bookings']
const refused = { '4xx': errorBody, '5xx': errorBody }

/** `/api/bookings`: when one can come, and one's own bookings by number and query code. Both stand in bodies, never in an address. */
export function addBookingRoutes(app: FastifyInstance, parts: BookingParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()

  typed.get(
    '/api/bookings/times/:item',
    {
      schema: {
        tags,
        summary: 'The windows for an item and what is free at one of them',
        params: z.object({ item: z.string().max(60) }),
        querystring: z.object({ place: z.string().max(60).optional() }),
        response: { 200: timesSchema, ...refused },
      },
    },
    async (request, reply) => {
      await parts.limiter.take('booking-by-address', request.ip)
      reply.header('cache-control', 'no-store')
      return parts.times(request.params.item, request.query.place ?? null, localeOf(request))
    },
  )

  typed.post(
    '/api/bookings',
    {
      schema: {
        tags,
        summary: 'Book a time, or wait for one that is full; the query code is told here only',
        body: bookBody,
        response: { 200: z.object({ queryCode: z.string(), booking: viewSchema }), ...refused },
      },
    },
    async (request, reply) => {
      await parts.limiter.take('booking-by-address', request.ip)
      reply.header('cache-control', 'no-store')
      return parts.book(request.body, localeOf(request))
    },
  )
  addOwnRoutes(app, parts)
}

function addOwnRoutes(app: FastifyInstance, parts: BookingParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  /** Looked at like any other code: guessing is counted. */
  const known = <T>(
    request: FastifyRequest<{ Body: Key }>,
    reply: FastifyReply,
    work: (key: Key, locale: Locale) => Promise<T>,
  ): Promise<T> => {
    const key = plainCode(request.body)
    reply.header('cache-control', 'no-store')
    return againstGuessing(parts.limiter, `booking:${key.number}`, request.ip, () =>
      work(key, localeOf(request)),
    )
  }
  const own = (summary: string) => ({
    schema: { tags, summary, body: keyBody, response: { 200: viewSchema, ...refused } },
  })

  typed.post('/api/bookings/find', own('A booking by its number and query code'), (request, reply) =>
    known(request, reply, parts.find),
  )
  typed.post('/api/bookings/cancel', own('Give the time back'), (request, reply) =>
    known(request, reply, parts.cancel),
  )
  typed.post('/api/bookings/accept', own('Take the place that was offered'), (request, reply) =>
    known(request, reply, parts.accept),
  )
  typed.post(
    '/api/bookings/move',
    {
      schema: {
        tags,
        summary: 'Take another time at the same window, or keep the one before',
        body: keyBody.extend({ startsAt: z.iso.datetime({ offset: true }) }),
        response: { 200: viewSchema, ...refused },
      },
    },
    (request, reply) =>
      known(request, reply, (key, locale) => parts.move(key, request.body.startsAt, locale)),
  )
  typed.post(
    '/api/bookings/calendar',
    {
      schema: {
        tags,
        summary: 'The booking as a file for calendars (RFC 5545)',
        body: keyBody,
        response: { 200: z.string(), ...refused },
      },
    },
    async (request, reply) => {
      const file = await known(request, reply, parts.calendar)
      return reply
        .type('text/calendar; charset=utf-8')
        .header('content-disposition', 'attachment; filename="appointment.ics"')
        .send(file)
    },
  )
}

function localeOf(request: FastifyRequest): Locale {
  return localeOfHeader(request.headers['accept-language'])
}
