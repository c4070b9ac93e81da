/** Periods that are asked for most. */
export const PERIODS = ['this-month', 'last-month', 'this-year'] as const

const pad = (number: number) => String(number).padStart(2, '0')
const dayOf = (at: Date) => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`

/** First and last local day of a period, `2026-11-24`. */
export function daysOf(period: (typeof PERIODS)[number], now: Date): { from: string; to: string } {
  const [year, month] = [now.getFullYear(), now.getMonth()]
  if (period === 'this-year') return { from: `${year}-01-01`, to: dayOf(now) }
  if (period === 'this-month') return { from: `${year}-${pad(month + 1)}-01`, to: dayOf(now) }
  return { from: dayOf(new Date(year, month - 1, 1)), to: dayOf(new Date(year, month, 0)) }
}

/** `85.7%`; whole ones without the point. */
export function percent(rate: number | null): string {
  return rate === null ? '—' : `${Number((rate * 100).toFixed(1))}%`
}
