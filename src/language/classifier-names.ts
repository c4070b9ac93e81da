import type { IntentFile } from './schemas.ts'

/** Names of the classifiers inside a model. */
export const classifierNames = {
  top: 'subject',
  /** Of the leaves below one top-level subject. */
  leavesOf: (top: string) => `subject/${top}`,
  /** Of all leaves at once, by nearness. */
  centres: 'subject-centres',
  intent: 'intent',
  requestType: 'request-type',
  danger: 'danger',
} as const

/** The label of what is about no subject (yes, thank you, where is my case), and of what tells of no danger. */
export const NOTHING = '-'

/** Does the conversation's core answer this intent? Then it names no subject. */
export function isAct({ id, flow }: IntentFile): boolean {
  return flow === null && id !== 'out-of-scope'
}
