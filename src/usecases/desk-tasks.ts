import { setImmediate } from 'node:timers/promises'
import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { DeskTask, TaskKind, TaskProgress, TaskState } from './desk-task-ports.ts'
import type { Line } from './line.ts'
import { checkAdministrator } from './mend-deliveries.ts'
import type { Account } from './ports.ts'

/** An instance that says nothing of its task for so long has lost it. */
export const SILENT_MS = 30_000
const MOST_LISTED = 10

/** What work sees of its task. */
export interface TaskWatch {
  /** Aborted when it is to stop. */
  signal: AbortSignal
  tell(progress: TaskProgress): void
  /** Lets everything else have its turn. @throws the signal's reason when it is to stop */
  breathe(): Promise<void>
}

/** `failed`: an expected end without what was wanted; the result says why. */
export interface TaskOutcome {
  state: Extract<TaskState, 'done' | 'failed'>
  result: unknown
}

export type TaskWork = (watch: TaskWatch) => Promise<TaskOutcome>

interface Running {
  kind: TaskKind
  stop: AbortController
  progress: TaskProgress
  settled: Promise<void>
}

/** The long work of the desk that this instance does, and what all instances know of theirs. */
export class DeskTasks {
  readonly #line: Pick<Line, 'store' | 'bus' | 'clock' | 'chance' | 'logger'>
  readonly #running = new Map<string, Running>()

  constructor(line: Pick<Line, 'store' | 'bus' | 'clock' | 'chance' | 'logger'>) {
    this.#line = line
  }

  /**
   * Begins it and does not wait for its end.
   * @throws AppError `action-forbidden` for all but administrators, `task-running` while another of its kind runs on any instance
   */
  async begin(account: Account, kind: TaskKind, progress: TaskProgress, work: TaskWork): Promise<DeskTask> {
    checkAdministrator(account)
    await this.#giveUpLost()
    const { store, clock, chance, logger } = this.#line
    const startedAt = clock.now()
    const { login, displayName } = account
    const task = { id: newId(startedAt, chance), kind, progress, by: { login, displayName }, startedAt }
    if (!(await store.tasks.begin(task))) throw new AppError('task-running', { kind })
    logger.info({ id: task.id, kind, account: login }, 'long work was begun at the desk')
    this.#run(task, work)
    return { ...task, state: 'running', result: null, endedAt: null }
  }

  #run({ id, kind, progress }: Pick<DeskTask, 'id' | 'kind' | 'progress'>, work: TaskWork): void {
    const stop = new AbortController()
    const running: Running = { kind, stop, progress, settled: Promise.resolve() }
    this.#running.set(id, running)
    this.#publish(id, kind)
    const watch: TaskWatch = {
      signal: stop.signal,
      tell: now => {
        running.progress = now
      },
      async breathe() {
        await setImmediate()
        stop.signal.throwIfAborted()
      },
    }
    running.settled = this.#end(id, running, work(watch)).catch(error =>
      // The store is away: the others take it for lost.
      this.#line.logger.warn({ err: error, id }, 'the end of long work could not be kept'),
    )
  }

  async #end(id: string, { kind, stop }: Running, work: Promise<TaskOutcome>): Promise<void> {
    const { store, clock, logger } = this.#line
    const outcome = await work.catch((error): { state: TaskState; result: unknown } => {
      if (stop.signal.aborted) return { state: 'cancelled', result: null }
      logger.error({ err: error, id, kind }, 'long work of the desk broke')
      return { state: 'failed', result: { because: 'broken' } }
    })
    try {
      await store.tasks.end(id, { ...outcome, at: clock.now() })
    } finally {
      this.#running.delete(id)
      this.#publish(id, kind)
    }
  }

  /** Tells how far what runs here is, and stops what somebody cancelled elsewhere. Called every second or so. */
  async beat(): Promise<void> {
    for (const [id, running] of this.#running) {
      const isWanted = await this.#line.store.tasks.beat(id, running.progress, this.#line.clock.now())
      if (!isWanted) running.stop.abort()
      this.#publish(id, running.kind)
    }
  }

  /** Of one kind, newest first. @throws AppError `action-forbidden` for all but administrators */
  async list(account: Account, kind: TaskKind): Promise<DeskTask[]> {
    checkAdministrator(account)
    await this.#giveUpLost()
    return this.#line.store.tasks.latest(kind, MOST_LISTED)
  }

  /** On whichever instance it runs. @throws AppError `task-not-found` when it does not run, `action-forbidden` */
  async cancel(account: Account, id: string): Promise<void> {
    checkAdministrator(account)
    if (!(await this.#line.store.tasks.cancel(id))) throw new AppError('task-not-found')
    this.#line.logger.info({ id, account: account.login }, 'long work was cancelled at the desk')
    this.#running.get(id)?.stop.abort()
  }

  /** Stops what runs here and waits for it. */
  async stop(): Promise<void> {
    const running = [...this.#running.values()]
    for (const { stop } of running) stop.abort()
    await Promise.all(running.map(({ settled }) => settled))
  }

  /** Waits for what runs here. */
  async settled(): Promise<void> {
    await Promise.all(Array.from(this.#running.values(), ({ settled }) => settled))
  }

  #giveUpLost(): Promise<void> {
    const now = this.#line.clock.now()
    return this.#line.store.tasks.loseSilent(new Date(now.getTime() - SILENT_MS), now)
  }

  #publish(taskId: string, kind: TaskKind): void {
    this.#line.bus.publish([{ topic: 'task', taskId, kind }])
  }
}
