import type { Understanding } from '../language/understanding.ts'
import { awaitingAnswer, type Question } from './agenda.ts'
import { voidConclusions } from './changing.ts'
import { placeAnswer } from './elements.ts'
import { FILING, placeUnplaced } from './frame-filling.ts'
import { type MatterDraft, type Reply, reply } from './reply.ts'
import { type ConversationState, type Frame, topFrame } from './state.ts'

/** What is said of a place that was not asked for: a repair, after which the open question is asked again, or a question of its own. */
export type PlaceNoted = 'noted' | 'changed' | Reply

/**
 * Keeps a place that nobody asked for: of the matter that is being filed, also where that was interrupted, else of the one that comes
 * next. Where nothing else is open it begins that matter, and what is the matter there is asked for.
 */
export function notePlace(
  state: ConversationState,
  said: Understanding,
  question: Question | null,
): PlaceNoted {
  const told = state.frames.findLast(isUnfiled)
  if (told) return placeTold(told, said)
  const isCourtesy = question?.step.lapses === true
  if (isCourtesy) state.frames.pop()
  const isBusy = !isCourtesy && state.frames.length > 0 && topFrame(state)!.flow !== FILING
  keepForNext(state, said, isBusy)
  if (isBusy) return 'noted'
  state.awaiting = awaitingAnswer('file-matter.ask-what', null, state.awaiting)
  return reply('repair.place-noted', { place: said.text.trim() })
}

/** Holds matters that are no cases yet. */
function isUnfiled({ flow, slots, done }: Frame): boolean {
  const isFiling = flow === FILING || (flow === 'emergency' && done['emergency.file'] === undefined)
  return isFiling && slots.matters !== undefined
}

/** The matters without a place are there; when all have one it was meant anew. */
function placeTold(frame: Frame, said: Understanding): PlaceNoted {
  const matters = frame.slots.matters as MatterDraft[]
  const isNew = placeUnplaced(matters, said)
  if (!isNew) for (const matter of matters) Object.assign(matter, placeAnswer(said))
  voidConclusions(frame)
  return isNew ? 'noted' : 'changed'
}

/** In a filing that has yet to be told what it is about: the running one, or one that waits until what runs is over. */
function keepForNext(state: ConversationState, said: Understanding, isBusy: boolean): void {
  const fresh = { flow: FILING, slots: { ...state.facts, isBare: true }, done: {}, answered: [] }
  const frame: Frame = state.frames.find(({ flow }) => flow === FILING) ?? fresh
  frame.slots.toldPlace = placeAnswer(said)
  const others = state.frames.filter(each => each !== frame)
  state.frames = isBusy ? [frame, ...others] : [...others, frame]
}
