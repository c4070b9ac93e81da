import type { Chance } from '../kernel/ids.ts'

/** What happens how often: chance as a simulation asks for it. */
export class Odds {
  readonly #chance: Chance

  constructor(chance: Chance) {
    this.#chance = chance
  }

  /** From 0 up to, not including, 1, in steps of a millionth. */
  share(): number {
    return this.#chance.below(1_000_000) / 1_000_000
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.share() < probability
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.share()
  }

  /** Mostly near `from`, seldom near `to`: how long people take. */
  soonIn(from: number, to: number): number {
    return from + (to - from) * this.share() ** 2.5
  }

  pick<T>(all: readonly T[]): T {
    return all[this.#chance.below(all.length)]!
  }

  /** The first ones far more often than the last: a few things and places are what most people tell of. */
  pickUneven<T>(all: readonly T[]): T {
    return all[Math.floor(all.length * this.share() ** 2)]!
  }
}

/** Picks an index by weights. */
export function byWeight(weights: readonly number[], share: number): number {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  let left = share * sum
  const found = weights.findIndex(weight => {
    left -= weight
    return left < 0
  })
  return found === -1 ? weights.length - 1 : found
}
