import type { VendorPlatform } from '../../test/support/vendor-platform.ts'
import type { VendorPerson } from '../../test/support/vendor-wires.ts'

/** Somebody who says something and goes on when they have been answered. */
export type Talker = (text: string) => Promise<void>

const PATIENCE_MS = 20_000

/** Of somebody whose answers stand in the request itself or arrive by the platform. */
export function answeredTalker({ address, say }: VendorPerson, platform: VendorPlatform): Talker {
  let heard: (() => void) | null = null
  platform.onArrival(address, () => {
    // Else an answer in two pieces would be taken for the answer to what is said next.
    if (!heard) throw new Error(`${address} was told something when they had been answered`)
    heard()
  })
  return async text => {
    const { promise: answered, resolve, reject } = Promise.withResolvers<void>()
    const patience = setTimeout(() => reject(new Error(`nobody answered ${address}`)), PATIENCE_MS)
    heard = resolve
    const said = say(text).then(inRequest => inRequest !== '' && resolve())
    await Promise.all([said, answered]).finally(() => clearTimeout(patience))
    heard = null
  }
}
