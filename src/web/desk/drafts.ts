import { forget, keep, recall } from '../shared/keep.ts'

/** So long what was begun is offered again. */
const KEPT_MS = 7 * 24 * 3600_000

interface Draft<T> {
  at: number
  values: T
}

/** Where what somebody has begun to write lies: in this browser, by account, case and action. */
export interface DraftPlace {
  account: string
  caseId: string
  action: string
}

const keyOf = ({ account, caseId, action }: DraftPlace) => `draft.${account}.${caseId}.${action}`

export function keepDraft<T>(place: DraftPlace, values: T, now: number): void {
  keep(keyOf(place), { at: now, values } satisfies Draft<T>)
}

/** What was begun there not too long ago; null when there is nothing. */
export function recallDraft<T>(place: DraftPlace, now: number): T | null {
  const draft = recall<Draft<T>>(keyOf(place))
  if (!draft) return null
  if (now - draft.at <= KEPT_MS) return draft.values
  forgetDraft(place)
  return null
}

export function forgetDraft(place: DraftPlace): void {
  forget(keyOf(place))
}
