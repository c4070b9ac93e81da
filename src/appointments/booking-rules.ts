import { z } from 'zod'
import { limitSchema } from '../clocks/limit.ts'
import { workdayHoursSchema } from '../clocks/working-calendar.ts'

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case kebab')

/** One window, or several alike, where one can come at a time that was agreed on. */
const desk = z.strictObject({
  /** A place of `catalogue.yaml`; all its items are done here. */
  place: id,
  slotMinutes: z.int().min(5).max(240),
  /** How many people one slot is for. */
  capacity: z.int().min(1).max(200),
  /** Of working days, make-up days included; the city's without it. */
  hours: workdayHoursSchema.optional(),
  /** Of Saturdays and Sundays that are neither holidays nor make-up days; closed without it. */
  weekend: workdayHoursSchema.optional(),
})
export type Desk = z.infer<typeof desk>

/** `appointments.yaml`. */
export const bookingRulesSchema = z.strictObject({
  desks: z.array(desk).min(1),
  /** Words of those who want what is not booked by time (a visit at home, after hours): the service hall answers them. */
  notByTime: z.array(z.string().trim().min(1)),
  /** So many days ahead one may book, counted from today. */
  aheadDays: z.int().min(1).max(90),
  /** Not later than this before it begins. */
  bookBefore: limitSchema,
  cancelBefore: limitSchema,
  /** Bookings that one person may have open at once. */
  mostOpen: z.int().min(1),
  /** Whoever did not come so often within a time books only in the hall for a while. */
  noShows: z.strictObject({ times: z.int().min(1), withinDays: z.int().min(1), shutOutDays: z.int().min(1) }),
  /** So long a place that became free is kept for whoever waits for it. */
  offerFor: limitSchema,
})
export type BookingRules = z.infer<typeof bookingRulesSchema>
