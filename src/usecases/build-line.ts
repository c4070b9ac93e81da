import { createIssueFinder } from '../assist/issue-finder.ts'
import type { Content } from '../content/content.ts'
import { chaseTimes } from '../followup/supervision-rules.ts'
import { createGuidanceFinder, type GuidanceParts } from '../guidance/find-guidance.ts'
import type { Model } from '../language/model.ts'
import { createReader } from '../language/reader.ts'
import { createIndex } from '../language/similarity.ts'
import { createUnderstander, type Understander } from '../language/understander.ts'
import { Router } from '../routing/route-matter.ts'
import type { Line } from './line.ts'
import { createNames } from './names.ts'

/** What comes from outside: the store and everything that a test may want to own. */
export type LineParts = Pick<
  Line,
  'store' | 'bus' | 'lock' | 'clock' | 'chance' | 'logger' | 'pseudonym' | 'publicUrl' | 'buses'
>

/** Puts the pure parts of the line together from content and a trained model. */
export function buildLine(content: Content, model: Model, parts: LineParts): Line {
  const read = createReader(content.lexicon)
  const { subjects, intents, requestTypes, lexicon, emergency, outcomes, places } = content
  const repairs = [...content.repairs.values()]
  const understander = createUnderstander({
    subjects,
    intents,
    requestTypes,
    lexicon,
    emergency,
    outcomes,
    places,
    model,
    read,
  })
  const searchOver: GuidanceParts['createSearch'] = (documents, synonyms = []) =>
    createIndex(documents, { read, synonyms: [...lexicon.synonyms, ...synonyms] })
  const guidance = createGuidanceFinder({
    articles: content.articles,
    items: content.items,
    bundles: content.bundles,
    synonyms: content.catalogue.synonyms,
    fillers: content.catalogue.fillers,
    popular: content.catalogue.popular,
    createSearch: searchOver,
    subjectOf: text => likelySubject(understander, text, parts.clock.now()),
  })
  return {
    ...parts,
    content,
    names: createNames(content),
    router: new Router([...content.departments.values()], content.routing),
    policy: {
      levels: content.levels,
      calendar: content.calendar,
      chaseAfter: chaseTimes(content.supervision.rules),
    },
    understander,
    guidance,
    searchOver,
    issues: createIssueFinder({ read, lexicon, places }),
    flowOfIntent: new Map(
      intents.flatMap(intent => (intent.flow ? [[intent.id, intent.flow] as const] : [])),
    ),
    repairOfIntent: new Map(
      repairs.flatMap(repair => repair.intents.map(intent => [intent, repair.id] as const)),
    ),
  }
}

/** Below this, a text is not taken to be about anything. */
const LIKELY = 0.3

/** What a question is most likely about; surer than nothing is enough to prefer one answer to another. */
function likelySubject(understander: Understander, text: string, now: Date): string | null {
  const best = understander.understand(text, { now }).matters[0]?.subject.candidates[0]
  return best && best.confidence >= LIKELY ? best.label : null
}
