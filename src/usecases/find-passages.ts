import type { MatterDraft } from '../conversation/reply.ts'
import { checklistFor } from '../guidance/checklist.ts'
import type { Guidance } from '../guidance/find-guidance.ts'
import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'

/** What the knowledge says of a matter, with where it stands. */
export interface Passage {
  id: string
  title: string
  /** The lines that answer most of what was said, for items what is needed. */
  text: string
  /** All that it says. */
  whole: string
  basis: string
  departmentName: string
}

const MOST = 2

/** The best articles and items for a matter, each with its passage. */
export function findPassages(line: Line, draft: MatterDraft, locale: Locale): Passage[] {
  const question = draft.summary ?? draft.words
  return line.guidance.find(question, MOST).map(found => passageOf(line, found, question, locale))
}

function passageOf(line: Line, found: Guidance, question: string, locale: Locale): Passage {
  const named = (thing: { zh: string; en: string }) => line.names.text(thing, locale)
  if (found.is === 'article') {
    const { id, title, en, answer, answerEn, basis, department } = found.article
    const lines = named({ zh: answer, en: answerEn }).trim().split('\n')
    return {
      id,
      title: named({ zh: title, en }),
      text: bestLines(line, lines, question),
      whole: lines.join('\n'),
      basis,
      departmentName: line.names.department(department, locale),
    }
  }
  const { id, name, en, places, basis, department } = found.item
  const { documents } = checklistFor(found.item, {}, line.content.documents)
  const where = line.content.catalogue.places.filter(place => places.includes(place.id))
  const parts = [...documents.map(({ kind }) => kind), ...where]
  const text = parts.map(part => named({ zh: part.name, en: part.en })).join(locale === 'en' ? ', ' : '，')
  return {
    id,
    title: named({ zh: name, en }),
    text,
    whole: text,
    basis,
    departmentName: line.names.department(department, locale),
  }
}

/** The line that says most of the same and the one after it; the first two where none does. */
function bestLines(line: Line, lines: readonly string[], question: string): string {
  const [best] = line.searchOver(lines.map((text, i) => ({ id: String(i), text }))).search(question, 1)
  const from = best ? Number(best.id) : 0
  return lines.slice(from, from + 2).join('\n')
}
