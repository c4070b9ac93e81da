import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContentCheck } from '../../content/content-check.ts'
import type { ContentShelf } from '../../usecases/check-shelf.ts'
import type { CheckOrder } from './check-beside.ts'
import { runBeside } from './run-beside.ts'

const PROGRAM = new URL('./check-beside.ts', import.meta.url)

/** The content folders of a project as they are on the disk now. */
export function createContentShelf({ root, city }: { root: string; city: string }): ContentShelf {
  return {
    city,
    check: draft => runBeside<never, ContentCheck>(PROGRAM, { root, city, draft } satisfies CheckOrder),
    read: path => readFile(join(root, path), 'utf8').catch(() => null),
  }
}
