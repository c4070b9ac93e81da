import type { Account } from './staff-ports.ts'

/** Long work that is begun at the desk; of each kind one runs at a time, over all instances. */
export const TASK_KINDS = ['audit', 'training'] as const
export type TaskKind = (typeof TASK_KINDS)[number]

/** `lost`: the instance that did it was killed. */
export const TASK_STATES = ['running', 'done', 'failed', 'cancelled', 'lost'] as const
export type TaskState = (typeof TASK_STATES)[number]

/** How far it is: which part of the work, and so many steps of so many (of all parts together). */
export interface TaskProgress {
  part: string
  done: number
  of: number
}

export interface DeskTask {
  id: string
  kind: TaskKind
  state: TaskState
  progress: TaskProgress
  /** What came of it, or why nothing did; null while it runs. Plain JSON, of the kind's own shape. */
  result: unknown
  /** Who began it. */
  by: Pick<Account, 'login' | 'displayName'>
  startedAt: Date
  endedAt: Date | null
}

/** Tasks of all instances. An instance that is silent about its task for a while has lost it. */
export interface DeskTaskStore {
  /** False while another of this kind runs. */
  begin(task: Omit<DeskTask, 'state' | 'result' | 'endedAt'>): Promise<boolean>
  /** It still runs and is so far. @returns whether to go on: false when somebody has cancelled it or it was given up for lost */
  beat(id: string, progress: TaskProgress, now: Date): Promise<boolean>
  /** @returns false when it no longer ran */
  end(id: string, outcome: { state: TaskState; result: unknown; at: Date }): Promise<boolean>
  /** Whoever does it is to stop. @returns false when it does not run */
  cancel(id: string): Promise<boolean>
  /** Gives up the running ones that were last heard of before. */
  loseSilent(heardBefore: Date, now: Date): Promise<void>
  /** Newest first. */
  latest(kind: TaskKind, limit: number): Promise<DeskTask[]>
}
