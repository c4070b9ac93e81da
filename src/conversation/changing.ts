import type { Understanding } from '../language/understanding.ts'
import { holds } from './conditions.ts'
import type { AskStep } from './flow.ts'
import type { MatterDraft } from './reply.ts'
import type { Frame, Slots } from './state.ts'

/** What makes a matter's question open again when its answer is to be changed. */
export const REOPENED: Readonly<Record<string, Slots>> = {
  place: { needsPlace: true },
  time: { needsTime: true },
  subjectChoice: { subject: null },
}
/** The items of a list slot that a question is asked for each of. */
export function itemsOf(frame: Frame, asked: AskStep): Slots[] {
  return (asked.each && (frame.slots[asked.each] as Slots[] | undefined)) || []
}

/** Is there an answer that could be another? A subject that was judged is one too; a time only where it was asked for. */
export function isAnswered(frame: Frame, asked: AskStep): boolean {
  if (!asked.each) return frame.slots[asked.ask] !== undefined
  const items = itemsOf(frame, asked)
  if (asked.accepts === 'subject') return items.length > 0
  const isAsked = (item: Slots) => asked.accepts !== 'time' || holds(asked.when, frame, item)
  return items.some(item => item[asked.ask] !== undefined && isAsked(item))
}

/** Of several matters those that a correction is about: "第二件…", or those at the place that it takes back. */
export function mattersMeant(said: Understanding, matters: MatterDraft[]): MatterDraft[] {
  const ordinal = /第([一二三四五1-5])[件个条项]/u.exec(said.normalised)?.[1]
  const nth = ordinal && matters[('一二三四五'.indexOf(ordinal) + 1 || Number(ordinal)) - 1]
  if (nth) return [nth]
  const taken = said.places.slice(0, -1).map(place => place.text)
  const there = matters.filter(({ place }) => place && taken.some(old => place.includes(old)))
  return there.length > 0 ? there : matters
}
