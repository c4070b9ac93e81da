/**
 * Each part of a whole in hundredths of a percent, by largest remainder: they always add up to 10000, as the shares in an article of
 * association must.
 */
export function basisPoints(parts: readonly number[]): number[] {
  const whole = parts.reduce((sum, part) => sum + BigInt(part), 0n)
  if (whole === 0n) return parts.map(() => 0)
  const exact = parts.map(part => BigInt(part) * 10_000n)
  const points = exact.map(each => Number(each / whole))
  const missing = 10_000 - points.reduce((sum, each) => sum + each, 0)
  const byRemainder = exact
    .map((each, i) => ({ i, rest: each % whole }))
    .toSorted((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest < b.rest ? 1 : -1))
  for (const { i } of byRemainder.slice(0, missing)) points[i]!++
  return points
}

/** `7000` → `70%`, `3333` → `33.33%`. */
export function percentText(points: number): string {
  const part = String(points % 100)
    .padStart(2, '0')
    .replace(/0+$/, '')
  return `${Math.floor(points / 100)}${part === '' ? '' : `.${part}`}%`
}
