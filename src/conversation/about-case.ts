import { areNearSubjects } from '../kernel/subject-path.ts'
import type { MatterDraft } from './reply.ts'

/** What a case is about, as far as a message can mean another one. */
export interface AboutCase {
  subject: string | null
  place: string | null
  /** The caller's own. */
  words: string
}

/** A message of more characters that names neither place nor subject tells of something new rather than of what was told before. */
const LONGEST_BARE = 24
/** From this confidence on, a subject is another than that of the case. */
const SURE = 0.8

/** Tells of a matter: names what or where, or is long. */
export function isTelling({ subject, place, words }: MatterDraft): boolean {
  return subject !== null || place != null || isLong(words)
}

function isLong(words: string): boolean {
  return [...words].length > LONGEST_BARE
}

const LONGEST_CUT_SHORT = 8
/** Letters that name something, as far as the words of how it is do not. */
const NAMES_THING = /[^\P{sc=Han}又不没有了的还是在也都就这那停坏断上下来去我们你]/u

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
  if (subject && about.subject && confidence >= SURE)
    return areNearSubjects(subject, about.subject) || isCutShort(words, subject, about)
  return subject !== null || place != null || !isLong(words)
}

/** "灯又不亮了" is all that is left of what was told as "楼道灯坏了": the same thing is named, and of its kind. */
function isCutShort(words: string, subject: string, about: AboutCase): boolean {
  const isOfKind = subject.split('/')[0] === about.subject?.split('/')[0]
  const isNamed = [...words].some(letter => NAMES_THING.test(letter) && about.words.includes(letter))
  return isOfKind && [...words].length <= LONGEST_CUT_SHORT && isNamed
}

/** "人民路3号" and "人民路3号门口". */
function isSamePlace(one: string, other: string): boolean {
  return one.includes(other) || other.includes(one)
}
