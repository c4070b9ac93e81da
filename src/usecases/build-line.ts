import type { Content } from '../content/content.ts'
import { createGuidanceFinder } from '../guidance/find-guidance.ts'
import type { Model } from '../language/model.ts'
import { createReader } from '../language/reader.ts'
import { createIndex } from '../language/similarity.ts'
import { createUnderstander } from '../language/understander.ts'
import { Router } from '../routing/route-matter.ts'
import type { Line } from './line.ts'
import { createNames } from './names.ts'

/** What comes from outside: the store and everything that a test may want to own. */
export type LineParts = Pick<Line, 'store' | 'bus' | 'lock' | 'clock' | 'chance' | 'logger' | 'pseudonym'>

/** An article or item that holds less of the question does not answer it: nothing is said rather than something else. */
const LEAST_GUIDANCE_SHARE = 0.3

/** Puts the pure parts of the line together from content and a trained model. */
export function buildLine(content: Content, model: Model, parts: LineParts): Line {
  const read = createReader(content.lexicon)
  const { subjects, intents, requestTypes, lexicon, emergency, places } = content
  const repairs = [...content.repairs.values()]
  return {
    ...parts,
    content,
    names: createNames(content),
    router: new Router([...content.departments.values()], content.routing),
    policy: { levels: content.levels, calendar: content.calendar },
    understander: createUnderstander({
      subjects,
      intents,
      requestTypes,
      lexicon,
      emergency,
      places,
      model,
      read,
    }),
    guidance: createGuidanceFinder(
      content,
      documents => createIndex(documents, { read, synonyms: lexicon.synonyms }),
      LEAST_GUIDANCE_SHARE,
    ),
    flowOfIntent: new Map(
      intents.flatMap(intent => (intent.flow ? [[intent.id, intent.flow] as const] : [])),
    ),
    repairOfIntent: new Map(
      repairs.flatMap(repair => repair.intents.map(intent => [intent, repair.id] as const)),
    ),
  }
}
