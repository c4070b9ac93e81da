import { type ContentCheck, checkContent } from '../../content/content-check.ts'
import type { ContentFile } from '../../content/yaml-file.ts'
import { readContent } from './read-content.ts'
import { workForLine } from './run-beside.ts'

/** What it is told. `draft` stands for its file, or is one more; it is written nowhere. */
export interface CheckOrder {
  root: string
  city: string
  draft: ContentFile | null
}

/** A process of its own: the check takes half a second, and answers must not wait for it. */
workForLine<CheckOrder, never, ContentCheck>(async ({ root, city, draft }) => {
  const onDisk = await readContent(root, city)
  const files = draft ? [...onDisk.filter(({ path }) => path !== draft.path), draft] : onDisk
  const inOrder = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  return checkContent(inOrder, city)
})
