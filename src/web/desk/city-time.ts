/** What clocks in the city show at an instant, as the pickers hold it: `2026-12-08 17:00`. */
export function cityTime(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find(each => each.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`
}

/** The day in the city, `2026-12-08`. */
export function cityDay(at: Date, timeZone: string): string {
  return cityTime(at, timeZone).slice(0, 10)
}

/** The instant at which clocks in the city show this, wherever whoever typed it sits. */
export function instantOf(wall: string, timeZone: string): Date {
  const asUtc = (text: string) => Date.parse(`${text.replace(' ', 'T')}:00Z`)
  const shown = asUtc(wall)
  const guess = shown - (asUtc(cityTime(new Date(shown), timeZone)) - shown)
  // Once more, for zones whose offset changed between the two.
  return new Date(guess - (asUtc(cityTime(new Date(guess), timeZone)) - shown))
}
