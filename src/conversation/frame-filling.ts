import type { Understanding } from '../language/understanding.ts'
import { valuesIn } from './acceptors.ts'
import type { Question } from './agenda.ts'
import { voidConclusions } from './changing.ts'
import { draftMatter, placeAnswer, withSubject } from './elements.ts'
import type { EngineContext, Outcome } from './engine-context.ts'
import { dangerParams, isBareWish } from './hearing.ts'
import type { MatterDraft } from './reply.ts'
import { afterFilling, joinMatters, retold } from './slot-effects.ts'
import type { ConversationState, Frame, Slots } from './state.ts'
import { outcomeIn } from './told-outcome.ts'

type Context = Pick<EngineContext, 'elements' | 'understand'>

/** The flow in which matters are told until they are filed. */
export const FILING = 'file-matter'

/** What a message brings along into the flow that it begins. */
export function firstSlots(flow: string, said: Understanding, { elements }: Context): Slots {
  const drafts = said.matters.map(matter => draftMatter(matter, elements))
  const isBare = isBareWish(said, elements)
  const isDanger = said.dangers.length > 0
  return {
    ...valuesIn(said),
    ...outcomeIn(said),
    isMoreTold: said.outcome?.isMoreTold ?? true,
    said: said.text,
    isBare,
    ...(said.times[0] ? { time: said.times[0].text } : {}),
    ...(isBare && !isDanger ? {} : { matters: flow === 'emergency' ? [joinMatters(drafts)] : drafts }),
    ...(isDanger ? { params: dangerParams(said), service: said.dangers[0]!.service } : {}),
    ...(said.dangers.some(danger => !danger.isSensed) ? { danger: 'now' } : {}),
  }
}

/** Writes an answer into the frame, or into the item that was asked about, with all that follows from it. */
export function fillAnswer(
  frame: Frame,
  { step: asked, item }: Question,
  values: Slots,
  said: Understanding | null,
  context: Context,
): void {
  if (!asked.each) {
    if (asked.accepts === 'matter') placeAtTold([frame], values[asked.ask])
    frame.slots = afterFilling({ ...frame.slots, ...values }, asked.ask, values[asked.ask], context)
    return
  }
  const list = frame.slots[asked.each] as Slots[]
  const before = list[item!]!
  list[item!] = afterFilling(
    { ...before, ...timeIn(said, before), ...values },
    asked.ask,
    values[asked.ask],
    context,
  )
  // One place said for the first of several matters is where the others are too, unless they say otherwise; an employer is not.
  if (asked.ask === 'place' && values.place) {
    const isLike = (other: Slots) => other.needsPlace && other.placeKind === before.placeKind
    for (const other of list) if (other.place === undefined && isLike(other)) Object.assign(other, values)
  }
}

/** When it happened, said along with another answer. */
function timeIn(said: Understanding | null, item: Slots): Slots {
  return said?.times[0] && item.time === undefined ? { time: said.times[0].text } : {}
}

/** Keeps a place that was said before it was asked for. Was there one to keep, and a matter without? */
export function placeUnplaced(matters: readonly MatterDraft[], said: Understanding): boolean {
  const unplaced = matters.filter(matter => !matter.place)
  if (said.places.length === 0 || unplaced.length === 0) return false
  for (const matter of unplaced) Object.assign(matter, placeAnswer(said))
  return true
}

/** Keeps a place or a phone that a matter's teller said before it was asked for. Was there one? */
export function takeNote(frame: Frame | undefined, said: Understanding): boolean {
  const matters = (frame?.slots.matters ?? []) as MatterDraft[]
  const isPlaced = placeUnplaced(matters, said)
  if (!frame || matters.length === 0 || (!isPlaced && said.phones.length === 0)) return false
  frame.slots = { ...frame.slots, ...valuesIn(said) }
  voidConclusions(frame)
  return true
}

/**
 * More of what is being filed, of the item asked about or else the last: it joins the caller's words, and a place that was missing is
 * kept.
 */
export function tellMore(frame: Frame, asked: number | null, said: Understanding, context: Context): void {
  const matters = (frame.slots.matters ?? []) as MatterDraft[]
  const item = asked ?? matters.length - 1
  matters[item] = retold(matters[item]!, said.text.trim(), context)
  frame.slots.matters = matters
  placeUnplaced(matters, said)
  voidConclusions(frame)
}

/** The place that was told before anything else is where the first matters are, unless they say otherwise. */
export function placeAtTold(frames: readonly Frame[], matters: unknown): void {
  const frame = frames.find(({ slots }) => slots.toldPlace !== undefined)
  if (!frame || !Array.isArray(matters)) return
  for (const matter of matters as MatterDraft[])
    if (!matter.place) Object.assign(matter, frame.slots.toldPlace)
  delete frame.slots.toldPlace
}

/** An unfinished filing is gone on with, so that nothing told before is lost. Is there one? */
export function takeUpFiling(state: ConversationState): boolean {
  const unfinished = state.frames.find(frame => frame.flow === FILING && frame.slots.matters)
  if (!unfinished) return false
  state.frames = [...state.frames.filter(frame => frame !== unfinished), unfinished]
  state.awaiting = null
  return true
}

/** A question that goes on as a filing is what is filed. */
export function carriedOver(
  { slots }: Frame,
  type: string | undefined,
  { elements, understand }: Context,
): Slots {
  const told = slots.question ?? (slots.matters ? null : slots.said)
  const matters =
    typeof told === 'string'
      ? understand(told).matters.map(matter => draftMatter(matter, elements))
      : (slots.matters as MatterDraft[])
  const typed = (matter: MatterDraft) =>
    type ? withSubject({ ...matter, type, needsDetail: false }, matter.subject, elements) : matter
  return { ...slots, matters: matters.map(typed) }
}

/** Writes down what a use case came to. */
export function takeIn(frame: Frame, stepKey: string, outcome: Outcome): void {
  frame.done[stepKey] = outcome.name
  frame.slots = {
    ...frame.slots,
    ...(outcome.slots ?? {}),
    ...(outcome.params ? { params: outcome.params } : {}),
  }
  for (const slot of outcome.clear ?? []) delete frame.slots[slot]
}

/** What is known about the person beyond one flow. */
export function personIn({ phone, personName }: Slots): Slots {
  return {
    ...(typeof phone === 'string' ? { phone } : {}),
    ...(typeof personName === 'string' ? { personName } : {}),
  }
}

/** The words of the matters that are told and not yet filed, in every flow that was interrupted. */
export function wordsOf(frames: readonly Frame[]): string[] {
  return frames.flatMap(({ slots }) =>
    ((slots.matters as MatterDraft[] | undefined) ?? []).map(matter => matter.words),
  )
}

/** The running frame, and of the interrupted ones those that the outcome has not dealt with as well. */
export function stillOpen(frames: readonly Frame[], { settles, endsCase }: Outcome): Frame[] {
  const isDealtWith = ({ slots }: Frame) =>
    settles === true || (endsCase !== undefined && slots.caseId === endsCase)
  return frames.filter((frame, i) => i === frames.length - 1 || !isDealtWith(frame))
}
