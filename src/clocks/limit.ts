import { z } from 'zod'

/** Unit of a time limit: minutes, hours, calendar days, working days. */
export const LIMIT_UNITS = ['min', 'h', 'd', 'wd'] as const
export type LimitUnit = (typeof LIMIT_UNITS)[number]

/** A time limit such as `15min`, `2h`, `14d`, `5wd`. */
export interface Limit {
  amount: number
  unit: LimitUnit
}

const PATTERN = /^([1-9]\d{0,3})(min|h|d|wd)$/

/** Content form of a limit: `"5wd"` → `{ amount: 5, unit: 'wd' }`. */
export const limitSchema = z
  .string()
  .regex(PATTERN, 'a limit is a number with min, h, d or wd, such as 15min or 5wd')
  .transform(text => {
    const [, amount, unit] = PATTERN.exec(text)!
    return { amount: Number(amount), unit: unit as LimitUnit } satisfies Limit
  })

/** `{ amount: 5, unit: 'wd' }` → `"5wd"`. */
export function formatLimit(limit: Limit): string {
  return `${limit.amount}${limit.unit}`
}
