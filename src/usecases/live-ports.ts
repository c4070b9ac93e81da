import type { TaskKind } from './desk-task-ports.ts'
import type { CallTrail } from './phone-call-ports.ts'

/** Something changed; receivers refetch when they see a gap. Best effort: never the only way to learn it. */
export type BusMessage =
  | { topic: 'conversation'; conversationId: string; seq: number }
  /** Of the case, or of what the desk has to do for it: with the same version again, too. */
  | { topic: 'case'; caseId: string; version: number }
  | { topic: 'call'; callId: string; position: number }
  /** A chat in which a person is called or talks is not as it was, or something was said in it. */
  | { topic: 'chat'; chatId: string; seq: number }
  | { topic: 'task'; taskId: string; kind: TaskKind }
  /** A number of the hall was taken, called or is over, or a window opened or closed. */
  | { topic: 'hall' }
/** A number of the hall was taken, called or is over, or a window opened or closed. */

export interface Bus {
  publish(messages: readonly BusMessage[]): void
  /** Returns how to stop listening. */
  subscribe(listener: (message: BusMessage) => void): () => void
  readonly trail: CallTrail
  close(): Promise<void>
}

/** One turn at a time per conversation, over all instances that share it. */
export interface TurnLock {
  run<T>(conversationId: string, turn: () => Promise<T>): Promise<T>
}
