/** Blocked, uninstalled, no such conversation. */
const GONE = [403, 404, 410]

/** The channel refuses this message and will refuse it again. */
export class ChannelRefusal extends Error {
  override readonly name = 'ChannelRefusal'
  /** The person is not there any more, or wants nothing from us. */
  readonly isGone: boolean

  constructor(status: number) {
    super(`the channel refused with ${status}`)
    this.isGone = GONE.includes(status)
  }
}
