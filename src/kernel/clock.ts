/** Where the present comes from. Injected everywhere, so that tests and simulations own the time. */
export interface Clock {
  now(): Date
}

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #now: number

  constructor(start: Date | string) {
    this.#now = new Date(start).getTime()
  }

  now(): Date {
    return new Date(this.#now)
  }

  /** Moves forward (or, with a negative number, back) by milliseconds. */
  advance(milliseconds: number): void {
    this.#now += milliseconds
  }

  set(to: Date | string): void {
    this.#now = new Date(to).getTime()
  }
}

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
