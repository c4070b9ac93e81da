import type { Case } from '../cases/case.ts'
import type { AboutCase } from '../conversation/about-case.ts'

/** What a case is about, for the dialog that goes on about it. */
export function aboutOf({ subject, words, elements: { place } }: Case): AboutCase {
  return { subject, place, words }
}
