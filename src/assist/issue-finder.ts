import { type HotIssue, rankIssues, type Voice } from '../followup/hot-issues.ts'
import { groupTexts } from '../language/group-texts.ts'
import type { Reader } from '../language/reader.ts'
import type { Lexicon, Places } from '../language/schemas.ts'
import { createTermCounter } from '../language/similarity.ts'
import { createPlaceFinder } from '../language/slots/places.ts'

/** Finds what many tell of. */
export interface IssueFinder {
  /** Voices about the same matter at the same place, each group in order; `voices` in the order in which they came. */
  group(voices: readonly Voice[], told?: (done: number) => void): Voice[][]
  /** The hottest of them, named. */
  rank(groups: readonly (readonly Voice[])[], top: number): HotIssue[]
}

/** A building or unit without the name of its estate names no place of a city. */
const BARE_NUMBER = /^[\d一二三四五六七八九十A-Za-z]+(?:栋|幢|座|号|期|单元|层|楼|室|组|区)/u

/** An issue finder for a city's places. */
export function createIssueFinder(parts: { read: Reader; lexicon: Lexicon; places: Places }): IssueFinder {
  const { read, lexicon, places } = parts
  const count = createTermCounter({ read, synonyms: lexicon.synonyms })
  const findPlaces = createPlaceFinder(places)
  const placesIn = (text: string) =>
    findPlaces(read(text)).flatMap(place => (BARE_NUMBER.test(place.text) ? [] : [place.text]))
  return {
    group: (voices, told) =>
      groupTexts(voices, count, told).map(members => members.map(member => voices[member]!)),
    rank: (groups, top) => rankIssues(groups, placesIn, top),
  }
}
