import type pg from 'pg'
import type { DeskTask, DeskTaskStore } from '../../usecases/desk-task-ports.ts'
import { runStatement } from './connection.ts'

interface TaskRow extends Pick<DeskTask, 'id' | 'kind' | 'state' | 'progress' | 'result'> {
  login: string
  display_name: string
  started_at: Date
  ended_at: Date | null
}

/** Long work of the desk, one row each. */
export function createDeskTaskStore(pool: pg.Pool): DeskTaskStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name: `task-${name}`, text, values })
  return {
    async begin({ id, kind, progress, by, startedAt }) {
      const begun = await run(
        'begin',
        `insert into desk_tasks (id, kind, state, progress, login, display_name, started_at, heard_at)
         values ($1, $2, 'running', $3, $4, $5, $6, $6)
         on conflict (kind) where state = 'running' do nothing returning id`,
        [id, kind, JSON.stringify(progress), by.login, by.displayName, startedAt],
      )
      return begun.length > 0
    },
    async beat(id, progress, now) {
      const going = await run(
        'beat',
        `update desk_tasks set progress = $2, heard_at = $3 where id = $1 and state = 'running' and not is_cancelled
         returning id`,
        [id, JSON.stringify(progress), now],
      )
      return going.length > 0
    },
    async end(id, { state, result, at }) {
      const ended = await run(
        'end',
        `update desk_tasks set state = $2, result = $3, ended_at = $4 where id = $1 and state = 'running'
         returning id`,
        [id, state, result === null ? null : JSON.stringify(result), at],
      )
      return ended.length > 0
    },
    async cancel(id) {
      const cancelled = await run(
        'cancel',
        `update desk_tasks set is_cancelled = true where id = $1 and state = 'running' returning id`,
        [id],
      )
      return cancelled.length > 0
    },
    async loseSilent(heardBefore, now) {
      await run(
        'lose',
        `update desk_tasks set state = 'lost', ended_at = $2 where state = 'running' and heard_at < $1`,
        [heardBefore, now],
      )
    },
    async latest(kind, limit) {
      const rows = await run<TaskRow>(
        'latest',
        `select id, kind, state, progress, result, login, display_name, started_at, ended_at from desk_tasks
         where kind = $1 order by started_at desc, id desc limit $2`,
        [kind, limit],
      )
      return rows.map(taskOf)
    },
  }
}

function taskOf({ login, display_name, started_at, ended_at, ...row }: TaskRow): DeskTask {
  return { ...row, by: { login, displayName: display_name }, startedAt: started_at, endedAt: ended_at }
}
