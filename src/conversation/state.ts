import { z } from 'zod'

/** What the engine remembers between turns; plain JSON. */

const slots = z.record(z.string(), z.unknown())
export type Slots = z.infer<typeof slots>

const frame = z.object({
  flow: z.string(),
  slots,
  /** Outcome of each `do` and `true` for each `say`, by step key. */
  done: z.record(z.string(), z.string()),
  /** Questions answered in this frame, latest last, for "go back". */
  answered: z.array(z.object({ step: z.string(), item: z.number().nullable() })),
})
export type Frame = z.infer<typeof frame>

const awaiting = z.object({
  step: z.string(),
  item: z.number().nullable(),
  /** How often this question was asked without a usable answer. */
  misses: z.number(),
})
export type Awaiting = z.infer<typeof awaiting>

export const conversationStateSchema = z.object({
  /** Interrupted flows below, the running one last. */
  frames: z.array(frame),
  /** The open question of the running flow. */
  awaiting: awaiting.nullable(),
  /** Intents offered when the line was not sure, with the text that they would begin with. */
  clarifying: z.object({ text: z.string(), intents: z.array(z.string()) }).nullable(),
  /** The person wants to change an answer and was asked which. */
  isChoosingChange: z.boolean(),
  /** Turns in a row that were not understood. */
  misses: z.number(),
  /** What is known about the person beyond one flow: phone, name, the last case. */
  facts: slots,
})
export type ConversationState = z.infer<typeof conversationStateSchema>

/** A conversation in which nothing was said yet. */
export function freshState(facts: Slots = {}): ConversationState {
  return { frames: [], awaiting: null, clarifying: null, isChoosingChange: false, misses: 0, facts }
}

/** The line asked something of its own accord: where nothing else runs, the next message may answer it. */
export function expectAnswer(
  state: ConversationState,
  question: { flow: string; step: string; slots: Slots; done: Frame['done'] },
): ConversationState {
  if (state.frames.length > 0) return state
  const { flow, step, slots, done } = question
  return {
    ...state,
    frames: [{ flow, slots: { ...state.facts, ...slots }, done, answered: [] }],
    awaiting: { step, item: null, misses: 0 },
  }
}

/** The running flow's frame. */
export function topFrame(state: ConversationState): Frame | undefined {
  return state.frames.at(-1)
}

/** Value at a path of a frame: `matters.length`, `outcome.find`, `item.place`. `undefined`: not there. */
export function valueAt(frame: Frame, item: Slots | null, path: string): unknown {
  const [head, ...rest] = path.split('.') as [string, ...string[]]
  if (head === 'outcome')
    return Object.entries(frame.done).find(([key]) => key.split('.')[1] === rest[0])?.[1]
  const root: unknown = head === 'item' ? item : frame.slots[head]
  return rest.reduce<unknown>(
    (value, key) => (value === null || value === undefined ? undefined : (value as Slots)[key]),
    root,
  )
}
