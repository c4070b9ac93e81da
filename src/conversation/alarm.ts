import type { Understanding } from '../language/understanding.ts'
import { SURE } from './hearing.ts'
import { type ConversationState, topFrame } from './state.ts'

const SAYS_MISTAKEN = /[搞弄报打]错|误会|没(?:啥|什么)?事|mistake/iu

/** Does a message raise an alarm? "不用派救护车，我没事" sounds like danger and says that there is none. */
export function isAlarm(said: Understanding): boolean {
  return said.dangers.some(danger => !(danger.isSensed && isCleared(said)))
}

/** Is an emergency being filed, or was something asked about it? */
export function isInEmergency({ frames }: ConversationState): boolean {
  return frames.some(frame => frame.flow === 'emergency')
}

/** Is the alarm taken back? "搞错了" while an emergency is asked about refuses no question. */
export function isTakenBack(state: ConversationState, said: Understanding): boolean {
  if (topFrame(state)?.flow !== 'emergency' || !state.facts.emergency) return false
  return isCleared(said) || (said.intent.label === 'deny' && SAYS_MISTAKEN.test(said.normalised))
}

function isCleared({ intent }: Understanding): boolean {
  return intent.label === 'all-clear' && intent.confidence >= SURE
}
