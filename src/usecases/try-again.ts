import { isAppError } from '../kernel/errors.ts'

/** More conflicts than this in a row are no coincidence. */
const MOST_TRIES = 5

/** Does it anew when somebody else changed the same meanwhile. */
export async function tryAgainOnConflict<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isAppError(error, 'version-conflict') || tries >= MOST_TRIES) throw error
    }
  }
}
