/** `93.1%` of a share. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)}%`
}

/** `+2.4` in hundredths; `±0` when it is the same to the eye. */
export function changeText(before: number, after: number): string {
  const points = 100 * (after - before)
  if (Math.abs(points) < 0.05) return '±0'
  return `${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)}`
}
