import { cleanText } from '../../kernel/clean-text.ts'

/** Longer than the ids that vendors give; what is longer does not fit into an index of the store. */
const LONGEST = 200

/** A vendor's id of a message as the store keeps it. What differs between two ids of a channel stands at their end. */
export function keptId(id: string): string {
  return [...cleanText(id)].slice(-LONGEST).join('')
}
