import { z } from 'zod'
import { limitSchema } from '../clocks/limit.ts'
import { workdayHoursSchema } from '../clocks/working-calendar.ts'

const id = z.string().regex(/^[a-z][a-z0-9-]*$/, 'an id has small letters, digits and hyphens')
const filled = z.string().min(1)
const count = z.int().min(1)

/** What comes next in a stage of an enterprise's life, and by when after the stage began. */
const step = z.strictObject({
  id,
  zh: filled,
  en: filled,
  /** The service item that it is, where there is one. */
  item: filled.optional(),
  due: limitSchema,
})
export type LifeStep = z.infer<typeof step>

/** `stewards.yaml`: who looks after which enterprises, what comes next for those, and how often they may be written to unasked. */
export const stewardsSchema = z.strictObject({
  sectors: z.array(z.strictObject({ id, zh: filled, en: filled })).min(1),
  /** Sector of an enterprise of which none is known. */
  usualSector: id,
  stewards: z.array(
    z.strictObject({
      /** Login of an account that answers chats. */
      login: filled,
      name: filled,
      /** What enterprises see to call them by; a number of the office, never somebody's own. */
      phone: filled,
      /** Sectors that they know; empty: any. */
      sectors: z.array(id),
      /** So many enterprises at most. */
      most: count,
    }),
  ),
  /** From negotiation to operation, in order. */
  stages: z.array(z.strictObject({ id, zh: filled, en: filled, steps: z.array(step) })).min(1),
  /** When an enterprise may be written to that did not ask. */
  quiet: z.strictObject({
    /** At most so many messages of this kind in a calendar month. */
    mostAMonth: count,
    /** At least so many days between two of them. */
    daysBetween: z.int().min(0),
    /** Local times, on working days; never at night, never on holidays. */
    hours: workdayHoursSchema,
  }),
  /** For so many working minutes what an enterprise writes is its steward's alone; then whoever answers chats sees it. */
  answerWithinMinutes: count,
  /** At so many percent of a limit the steward is warned: before the department is. */
  warnAtPercent: z.int().min(1).max(99),
})
export type StewardRules = z.infer<typeof stewardsSchema>
export type Steward = StewardRules['stewards'][number]
