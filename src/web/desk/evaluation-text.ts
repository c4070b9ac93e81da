import { cityDay } from './city-time.ts'

/** What the desk shows of each group, in this order; the formulas stand in `src/followup/three-rates.ts`. */
export const SHOWN_MEASURES = [
  'answered',
  'contacted',
  'resolved',
  'satisfied',
  'punctual',
  'first-time',
  'direct',
  'returned',
  'returned-wrongly',
] as const

/** Periods that are asked for most. */
export const PERIODS = ['this-month', 'last-month', 'this-year'] as const

/** First and last day of a period in the city, `2026-11-24`. */
export function daysOf(
  period: (typeof PERIODS)[number],
  now: Date,
  timeZone: string,
): { from: string; to: string } {
  const today = cityDay(now, timeZone)
  if (period === 'this-year') return { from: `${today.slice(0, 4)}-01-01`, to: today }
  const first = `${today.slice(0, 7)}-01`
  if (period === 'this-month') return { from: first, to: today }
  // Midnight in UTC stands for a day here, so that days can be counted anywhere.
  const last = new Date(Date.parse(first) - 86_400_000).toISOString().slice(0, 10)
  return { from: `${last.slice(0, 7)}-01`, to: last }
}

/** `85.7%`; whole ones without the point. */
export function percent(rate: number | null): string {
  return rate === null ? '—' : `${Number((rate * 100).toFixed(1))}%`
}
