import { step } from '../conversation/engine.ts'
import type { Effect, EngineContext, EngineInput } from '../conversation/engine-context.ts'
import type { Reply } from '../conversation/reply.ts'
import { type ConversationState, conversationStateSchema } from '../conversation/state.ts'
import type { Locale } from '../language/understanding.ts'
import type { EffectContext } from './effect-context.ts'
import { flowEffects } from './flow-effects.ts'
import { choiceTitle } from './render-reply.ts'

/** More effects than this in one turn is a circle in a dialog. */
const MOST_EFFECTS = 20

/** What came of a talk: what the engine remembers, and what is said in which language. */
export interface Talked {
  state: ConversationState
  replies: Reply[]
  locale: Locale
  /** The language that the person asked for, if they did. */
  asked: Locale | null
}

/** Runs the engine, and the use cases that it asks for, until it waits for the person again. */
export async function runTalk(context: EffectContext, input: EngineInput): Promise<Talked> {
  const engine = engineContext(context)
  const replies: Reply[] = []
  let result = step(conversationStateSchema.parse(context.conversation.state), input, engine)
  const asked = result.locale
  const locale = asked ?? context.locale
  for (let effects = 0; ; effects++) {
    replies.push(...result.replies)
    if (!result.effect) return { state: result.state, replies, locale, asked }
    if (effects >= MOST_EFFECTS) throw new Error(`effects without end at ${result.effect.name}`)
    const outcome = await perform({ ...context, locale }, result.effect)
    result = step(result.state, { is: 'outcome', outcome }, engine)
  }
}

async function perform(context: EffectContext, effect: Effect) {
  const run = flowEffects[effect.name]
  if (!run) throw new Error(`a dialog asks for "${effect.name}", which does not exist`)
  return run(context, effect.slots, effect.flow)
}

function engineContext({ line, locale }: EffectContext): EngineContext {
  const { content } = line
  return {
    flows: content.flows,
    repairs: content.repairs,
    elements: content.elements,
    flowOfIntent: line.flowOfIntent,
    repairOfIntent: line.repairOfIntent,
    titleOf: choice => choiceTitle(line, choice, locale),
    understand: text => line.understander.understand(text, { now: line.clock.now() }),
  }
}
