import { isAskedFor } from '../guidance/check-application.ts'
import { checklistFor } from '../guidance/checklist.ts'
import type { Answers } from '../guidance/condition.ts'
import type { GuideView } from '../guidance/told-guide.ts'
import type { Locale } from '../language/understanding.ts'
import { onlineItem } from './apply-for-item.ts'
import { viewGuide } from './guide-view.ts'
import type { Line } from './line.ts'

/** A document that the applicant hands in. */
interface AskedDocument {
  id: string
  name: string
  notes: string[]
  /** A signed promise may stand for it. */
  canPromise: boolean
}

/** What one person is asked for who applies for an item, as far as the answers tell. */
export interface ApplicationForm
  extends Pick<GuideView, 'id' | 'name' | 'question' | 'answered' | 'answers' | 'stop' | 'advice' | 'code'> {
  documents: AskedDocument[]
  /** What nobody needs to bring: looked up, or made here. */
  spared: string[]
  measures: { id: string; name: string; unit: string }[]
  applicants: readonly ('person' | 'enterprise')[]
  steps: GuideView['steps']
  facts: GuideView['facts']
}

/** The form of an item for whoever answered so far. @throws AppError `guide-not-found`, `application-not-online` */
export function applicationForm(line: Line, id: string, given: Answers, locale: Locale): ApplicationForm {
  const item = onlineItem(line, id)
  const { documents } = checklistFor(item, given, line.content.documents)
  const asked = new Map(documents.filter(isAskedFor).map(needed => [needed.kind.id, needed]))
  const view = viewGuide(line, id, given, locale)
  const { name, question, answered, answers, stop, advice, code, steps, facts } = view
  return {
    id,
    name,
    question,
    answered,
    answers,
    stop,
    advice,
    code,
    documents: view.documents
      .filter(document => asked.has(document.id))
      .map(({ id: document, name: called, notes }) => ({
        id: document,
        name: called,
        notes,
        canPromise: asked.get(document)!.exempt === 'promise',
      })),
    spared: view.documents.filter(document => !asked.has(document.id)).map(({ name: called }) => called),
    measures: item.measures.map(each => ({
      id: each.id,
      name: line.names.text({ zh: each.name, en: each.en }, locale),
      unit: line.names.text({ zh: each.unit, en: each.unitEn }, locale),
    })),
    applicants: item.applicants,
    steps: steps.slice(),
    facts,
  }
}
