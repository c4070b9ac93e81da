import type pg from 'pg'
import type { HealthStore, LineInstance, Pulse } from '../../usecases/line-health-ports.ts'
import { runStatement } from './connection.ts'

interface PulseRow extends Pick<Pulse, 'channel' | 'failure'> {
  heard: number
  answered: number
  failed: number
  heard_at: Date | null
  answered_at: Date | null
  failed_at: Date | null
  token_at: Date | null
}

interface InstanceRow extends Pick<LineInstance, 'id' | 'model' | 'content'> {
  started_at: Date
  seen_at: Date
}

/** How the channels do, a row an hour each, and which instances there are. */
export function createHealthStore(pool: pg.Pool): HealthStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name: `health-${name}`, text, values })
  return {
    async addPulses(pulses, hour) {
      await run('add', ADD, [JSON.stringify(pulses), hour])
    },
    async pulses(since) {
      return (await run<PulseRow>('pulses', PULSES, [since])).map(pulseOf)
    },
    async seeInstance({ id, startedAt, seenAt, model, content }) {
      await run(
        'see',
        `insert into line_instances (id, started_at, seen_at, model, content) values ($1, $2, $3, $4, $5)
         on conflict (id) do update set seen_at = excluded.seen_at`,
        [id, startedAt, seenAt, model, content],
      )
    },
    async instances(seenSince) {
      const rows = await run<InstanceRow>(
        'instances',
        'select * from line_instances where seen_at >= $1 order by started_at, id',
        [seenSince],
      )
      return rows.map(({ started_at: startedAt, seen_at: seenAt, ...row }) => ({
        ...row,
        startedAt,
        seenAt,
      }))
    },
    async forgetBefore(at) {
      await run('forget-hours', 'delete from channel_pulses where hour < $1', [at])
      await run('forget-instances', 'delete from line_instances where seen_at < $1', [at])
    },
  }
}

/** In order of the channels, so that two instances never wait for each other. The later failure's words stay. */
const ADD = `insert into channel_pulses as kept
    (channel, hour, heard, answered, failed, heard_at, answered_at, failed_at, failure, token_at)
  select channel, $2, heard, answered, failed, "heardAt", "answeredAt", "failedAt", failure, "tokenAt"
  from jsonb_to_recordset($1::jsonb) as told (channel text, heard integer, answered integer, failed integer,
    "heardAt" timestamptz, "answeredAt" timestamptz, "failedAt" timestamptz, failure text, "tokenAt" timestamptz)
  order by channel
  on conflict (channel, hour) do update set
    heard = kept.heard + excluded.heard,
    answered = kept.answered + excluded.answered,
    failed = kept.failed + excluded.failed,
    heard_at = greatest(kept.heard_at, excluded.heard_at),
    answered_at = greatest(kept.answered_at, excluded.answered_at),
    failure = case when excluded.failed_at >= coalesce(kept.failed_at, '-infinity') then excluded.failure
      else kept.failure end,
    failed_at = greatest(kept.failed_at, excluded.failed_at),
    token_at = greatest(kept.token_at, excluded.token_at)`

const PULSES = `select channel,
    coalesce(sum(heard) filter (where hour >= $1), 0)::integer as heard,
    coalesce(sum(answered) filter (where hour >= $1), 0)::integer as answered,
    coalesce(sum(failed) filter (where hour >= $1), 0)::integer as failed,
    max(heard_at) as heard_at, max(answered_at) as answered_at, max(failed_at) as failed_at, max(token_at) as token_at,
    (array_agg(failure order by failed_at desc nulls last))[1] as failure
  from channel_pulses group by channel order by channel`

function pulseOf({ heard_at, answered_at, failed_at, token_at, ...row }: PulseRow): Pulse {
  return { ...row, heardAt: heard_at, answeredAt: answered_at, failedAt: failed_at, tokenAt: token_at }
}
