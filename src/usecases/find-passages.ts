import type { MatterDraft } from '../conversation/reply.ts'
import type { Guidance } from '../guidance/find-guidance.ts'
import type { Locale } from '../language/understanding.ts'
import { guideFor } from './guide.ts'
import { viewGuide } from './guide-view.ts'
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
/** Limit, fee, where and how. */
const TOLD_FACTS = 4

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
  const { id, name, en } = found.is === 'item' ? found.item : found.bundle
  const guide = guideFor(line, id, {})
  const items = guide.is === 'item' ? [guide.item] : guide.checklist.steps.map(({ item }) => item)
  const view = viewGuide(line, id, {}, locale)
  const text = view.documents.map(each => each.name).join(locale === 'en' ? ', ' : '、')
  const facts = view.facts.slice(0, TOLD_FACTS).map(fact => `${fact.name} ${fact.value}`)
  return {
    id,
    title: named({ zh: name, en }),
    text,
    whole: [text, ...facts].join('\n'),
    basis: [...new Set(items.map(({ basis }) => basis))].join('；'),
    departmentName: line.names.department(items[0]!.department, locale),
  }
}

/** The line that says most of the same and the one after it; the first two where none does. */
function bestLines(line: Line, lines: readonly string[], question: string): string {
  const [best] = line.searchOver(lines.map((text, i) => ({ id: String(i), text }))).search(question, 1)
  const from = best ? Number(best.id) : 0
  return lines.slice(from, from + 2).join('\n')
}
