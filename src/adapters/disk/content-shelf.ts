import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContentCheck } from '../../content/content-check.ts'
import type { ContentShelf } from '../../usecases/check-shelf.ts'
import type { CheckOrder } from './check-beside.ts'
import { runBeside } from './run-beside.ts'

const PROGRAM = new URL('./check-beside.ts', import.meta.url)

/** The content folders of a project as they are on the disk now. */
export function createContentShelf({ root, city }: { root: string; city: string }): ContentShelf {
  // One after another: whoever clicks ten times starts no ten processes.
  let last: Promise<unknown> = Promise.resolve()
  return {
    city,
    check(draft) {
      const order = { root, city, draft } satisfies CheckOrder
      const check = last.then(() => runBeside<never, ContentCheck>(PROGRAM, order))
      last = check.catch(() => {})
      return check
    },
    read: path => readFile(join(root, path), 'utf8').catch(() => null),
  }
}
