import { setTimeout as pause } from 'node:timers/promises'
import { isAppError } from '../kernel/errors.ts'
import type { Chance } from '../kernel/ids.ts'

/** More conflicts than this in a row are no coincidence. */
const MOST_TRIES = 6
/** Most milliseconds before the second try; each time twice as many. */
const FIRST_PAUSE = 5

/** Does it anew when somebody else changed the same meanwhile, after a pause by chance: who met once would else meet again. */
export async function tryAgainOnConflict<T>(
  { chance }: { chance: Chance },
  work: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isAppError(error, 'version-conflict') || tries >= MOST_TRIES) throw error
      await pause(chance.below(FIRST_PAUSE * 2 ** (tries - 1)))
    }
  }
}
