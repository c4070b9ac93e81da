import { type Placed, readRows } from '../adapters/disk/read-rows.ts'
import { type LabelledMessage, labelledMessageSchema } from '../language/labelled-message.ts'

/** Reads labelled messages, each with its `file:line`. @throws InputError as `readRows` */
export function readPlacedMessages(path: string): Placed<LabelledMessage>[] {
  return readRows(path, labelledMessageSchema)
}

/** The messages alone. */
export function readMessages(path: string): LabelledMessage[] {
  return readPlacedMessages(path).map(({ row }) => row)
}
