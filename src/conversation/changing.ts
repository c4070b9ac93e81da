import type { SaidPlace, Understanding } from '../language/understanding.ts'
import { valuesIn } from './acceptors.ts'
import { holds } from './conditions.ts'
import { placeSlots } from './elements.ts'
import type { AskStep } from './flow.ts'
import type { MatterDraft } from './reply.ts'
import type { Frame, Slots } from './state.ts'

/** What makes a matter's question open again when its answer is to be changed. */
const REOPENED: Readonly<Record<string, Slots>> = {
  place: { needsPlace: true },
  time: { needsTime: true },
  subjectChoice: { subject: null },
}

/** Makes an answer open, so that it is asked for again; what was told on the ground of it is void. */
export function reopen(frame: Frame, asked: AskStep): void {
  for (const target of asked.each ? itemsOf(frame, asked) : [frame.slots]) {
    delete target[asked.ask]
    if (asked.each) Object.assign(target, REOPENED[asked.ask])
  }
  if (asked.ask === 'matters') {
    delete frame.slots.split
    // What was answered of matters that are gone cannot be taken back.
    frame.answered = frame.answered.filter(({ item }) => item === null)
  }
  delete frame.slots.confirmed
  voidConclusions(frame)
}

/** Takes the last answer back, for "go back". */
export function takeBack(frame: Frame, asked: AskStep, item: number | null): void {
  const target = asked.each ? itemsOf(frame, asked)[item!]! : frame.slots
  delete target[asked.ask]
  voidConclusions(frame)
  voidSteps(frame, asked.resets)
}

/** "不是人民路，是建设路": writes the new value that the message itself brings. Was there one? */
export function changedBy(said: Understanding, frame: Frame): boolean {
  const place = said.places.at(-1)
  const matters = frame.slots.matters as MatterDraft[] | undefined
  if (place && matters)
    for (const matter of mattersMeant(said, matters))
      Object.assign(matter, correctedPlace(said, place, matter))
  const values = valuesIn(said)
  frame.slots = { ...frame.slots, ...values }
  return (place !== undefined && matters !== undefined) || Object.keys(values).length > 0
}

/** The items of a list slot that a question is asked for each of. */
function itemsOf(frame: Frame, asked: AskStep): Slots[] {
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

const BUILDING =
  /(?:第?(?:\d+|[A-Za-z]|[一二三四五六七八九十百]+)(?:号楼|號樓|号院|號院|栋|棟|幢|座|号|號|单元|單元|室|层|層|楼|樓).*)$/u
/** What stands before a new value. */
const INTO = /^.*(?:改成|改为|改為|改到|换成|換成|应该是|應該是|其实是|其實是|是|在)/u
const LONGEST_PLACE = 24

/**
 * The place after a correction. "是8号楼" changes the building and keeps the estate; what stands after "改成" is taken whole, since the
 * name of an estate that the city does not know is a part of it.
 */
function correctedPlace(said: Understanding, place: SaidPlace, { place: before }: MatterDraft): Slots {
  const slots = placeSlots(place)
  const whole = said.text
    .trim()
    .replace(INTO, '')
    .replace(/[。！!，,\s]+$/u, '')
  if (whole !== place.text && whole.endsWith(place.text) && [...whole].length <= LONGEST_PLACE)
    return { ...slots, place: whole, spot: null }
  const isBuildingOnly = !place.road && !place.community && !place.landmark && !place.street
  // What the city knows of the estate still holds; where neighbours would be looked for does not.
  return isBuildingOnly && before
    ? { place: `${before.replace(BUILDING, '')}${place.text}`, spot: null }
    : slots
}

const OWN_HOME = /[我俺咱]们?家/u

/** Of several matters those that a correction is about: "第二件…", those at the place that it takes back, or those of 我家. */
function mattersMeant(said: Understanding, matters: MatterDraft[]): MatterDraft[] {
  const ordinal = /第([一二三四五1-5])[件个条项]/u.exec(said.normalised)?.[1]
  const nth = ordinal && matters[('一二三四五'.indexOf(ordinal) + 1 || Number(ordinal)) - 1]
  if (nth) return [nth]
  const taken = said.places.slice(0, -1).map(place => place.text)
  const there = matters.filter(({ place }) => place && taken.some(old => place.includes(old)))
  if (there.length > 0) return there
  const own = matters.filter(({ words }) => OWN_HOME.test(words))
  return OWN_HOME.test(said.normalised) && own.length > 0 ? own : matters
}

/** What was worked out from the answers is void when one of them has changed. */
export function voidConclusions(frame: Frame): void {
  voidSteps(frame, ['neighbours', 'preview'])
}

/** Makes outcomes void, so that the steps run again. */
export function voidSteps(frame: Frame, stepIds: readonly string[]): void {
  for (const key of Object.keys(frame.done)) {
    if (!stepIds.includes(key.split('.')[1]!)) continue
    delete frame.done[key]
    // What it came to is not to be told any more.
    delete frame.slots.params
  }
}
