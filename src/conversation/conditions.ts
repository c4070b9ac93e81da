import type { Matcher } from './flow.ts'
import { type Frame, type Slots, valueAt } from './state.ts'

/** Do all conditions of a step hold, in the frame and for one of its items? */
export function holds(when: Record<string, Matcher> | undefined, frame: Frame, item: Slots | null): boolean {
  return Object.entries(when ?? {}).every(([path, matcher]) => matches(valueAt(frame, item, path), matcher))
}

function matches(value: unknown, matcher: Matcher): boolean {
  if (Array.isArray(matcher)) return matcher.includes((value ?? null) as string | null)
  if (matcher === null || typeof matcher !== 'object') return (value ?? null) === matcher
  if ('filled' in matcher) return (value !== undefined && value !== null) === matcher.filled
  if ('answered' in matcher) return value !== undefined
  return typeof value === 'number' && value > matcher.over
}
