/** What is known before anybody was served: minutes for one person of a group. */
export type UsualMinutes = Readonly<Record<string, number>>

/** Somebody who was served. */
export interface Served {
  group: string
  window: string
  minutes: number
}

/** So many services the usual time counts as. */
const PRIOR_SERVICES = 6
/** A window's own pace counts as even until it has served some. */
const PRIOR_PACE = 8
const UNKNOWN_MINUTES = 8
/** Nobody is ever due at once: somebody served for long may be served for longer. */
const LEAST_LEFT = 0.15

/**
 * How long services take today: of a group, by what was seen of it, shrunk towards the usual time while little was seen; of a window
 * by its pace, which is how its services compare with their groups, shrunk towards even.
 */
export class ServiceTimes {
  readonly #usual: UsualMinutes
  readonly #ofGroup: ReadonlyMap<string, readonly Served[]>
  readonly #pace = new Map<string, number>()

  constructor(usual: UsualMinutes, served: readonly Served[]) {
    this.#usual = usual
    this.#ofGroup = Map.groupBy(served, ({ group }) => group)
    for (const [window, own] of Map.groupBy(served, each => each.window)) {
      const expected = own.reduce((sum, { group }) => sum + this.#groupMinutes(group), 0)
      const took = own.reduce((sum, { minutes }) => sum + minutes, 0)
      const mean = expected / own.length
      this.#pace.set(window, (took + PRIOR_PACE * mean) / (expected + PRIOR_PACE * mean))
    }
  }

  /** Minutes that one person of a group takes at a window. */
  minutes(group: string, window: string): number {
    return this.#groupMinutes(group) * (this.#pace.get(window) ?? 1)
  }

  /**
   * Minutes that somebody will take who has been served for so long: the mean of what those took longer who had been served as long, as
   * far as some were seen; services that last long last longer.
   */
  left(group: string, window: string, elapsedMinutes: number): number {
    const usual = this.minutes(group, window)
    const longer = (this.#ofGroup.get(group) ?? []).filter(({ minutes }) => minutes > elapsedMinutes)
    const rest = Math.max(usual - elapsedMinutes, usual * LEAST_LEFT)
    const seen = longer.reduce((sum, { minutes }) => sum + minutes - elapsedMinutes, 0)
    return (seen + PRIOR_SERVICES * rest) / (longer.length + PRIOR_SERVICES)
  }

  #groupMinutes(group: string): number {
    const usual = this.#usual[group] ?? UNKNOWN_MINUTES
    const own = this.#ofGroup.get(group) ?? []
    const took = own.reduce((sum, { minutes }) => sum + minutes, 0)
    return (took + PRIOR_SERVICES * usual) / (own.length + PRIOR_SERVICES)
  }
}
