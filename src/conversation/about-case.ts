import { areNearSubjects } from '../kernel/subject-path.ts'
import type { MatterDraft } from './reply.ts'

/** What a case is about, as far as a message can mean another one. */
export interface AboutCase {
  subject: string | null
  place: string | null
}

/** A message of more characters that names neither place nor subject tells of something new rather than of what was told before. */
const LONGEST_BARE = 24
/** From this confidence on, a subject is another than that of the case. */
const SURE = 0.8

/** Does what is said of how it went leave open that it is this case? `isMoreTold`: there is more in it than that. */
export function mayBeOfCase(
  { words, subject, subjectCandidates, place }: MatterDraft,
  isMoreTold: boolean,
  about: AboutCase,
): boolean {
  if (place && about.place) return isSamePlace(place, about.place)
  // "没有解决，不满意" has no subject, whatever it may sound like.
  if (!isMoreTold) return true
  const confidence = subjectCandidates[0]?.confidence ?? 0
  if (subject && about.subject && confidence >= SURE) return areNearSubjects(subject, about.subject)
  return subject !== null || place != null || [...words].length <= LONGEST_BARE
}

/** "人民路3号" and "人民路3号门口". */
function isSamePlace(one: string, other: string): boolean {
  return one.includes(other) || other.includes(one)
}
