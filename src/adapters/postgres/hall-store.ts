import type pg from 'pg'
import { TICKET_ACTIONS } from '../../hall/ticket.ts'
import type { AtWindow, HallSeat, HallStore, NewTicket, StoredTicket } from '../../usecases/hall-ports.ts'
import { runStatement } from './connection.ts'

interface TicketRow {
  id: string
  day: string
  code: string
  label: string
  group: string
  state: StoredTicket['state']
  conversation_id: string | null
  credit_minutes: number
  only_window: string | null
  window: string | null
  calls: number
  taken_at: Date
  called_at: Date | null
  finished_at: Date | null
}

type Run = <Row extends object = TicketRow>(name: string, text: string, values: unknown[]) => Promise<Row[]>

const COLUMNS = `id, day::text as day, code, label, "group", state, conversation_id, credit_minutes, only_window, "window",
  calls, taken_at, called_at, finished_at`

/** Numbers of one city's hall. */
export function createHallStore(pool: pg.Pool, jurisdiction: string): HallStore {
  const run: Run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values: [jurisdiction, ...values] })
  const one = async (rows: Promise<TicketRow[]>) => {
    const [row] = await rows
    return row ? ticketOf(row) : null
  }
  return {
    take: ticket => take(run, ticket),
    byCode: code =>
      one(
        run('hall-by-code', `select ${COLUMNS} from hall_tickets where jurisdiction = $1 and code = $2`, [
          code,
        ]),
      ),
    ofConversation: (conversationId, day) =>
      one(
        run(
          'hall-of-conversation',
          `select ${COLUMNS} from hall_tickets where jurisdiction = $1 and conversation_id = $2 and day = $3
           order by taken_at desc, id desc limit 1`,
          [conversationId, day],
        ),
      ),
    async day(day) {
      const [rows, seats] = await Promise.all([
        run(
          'hall-day',
          `select ${COLUMNS} from hall_tickets where jurisdiction = $1 and day = $2 order by id`,
          [day],
        ),
        run<HallSeat>(
          'hall-seats',
          `select "window", account_id as "accountId", since from hall_windows
           where jurisdiction = $1 and day = $2 and is_open`,
          [day],
        ),
      ])
      return { tickets: rows.map(ticketOf), seats }
    },
    callNext: (at, groups) => one(callNext(run, at, groups)),
    change: (id, action, change) => {
      const { from, to, atWindow } = TICKET_ACTIONS[action]
      const { by, at, group = null, onlyWindow = null, creditMinutes = 0 } = change
      return one(
        run(
          'hall-change',
          `with changed as (
             update hall_tickets set state = $4, "group" = coalesce($7, "group"), only_window = case $3 when 'transfer' then $8 else only_window end,
               credit_minutes = credit_minutes + $9, calls = case $3 when 'recall' then calls + 1 when 'transfer' then 0
                 when 'rejoin' then 0 else calls end,
               finished_at = case when $4 in ('served', 'missed', 'left') then $10::timestamptz end,
               told_at = case when $4 = 'waiting' then null else told_at end
             where jurisdiction = $1 and id = $2 and state = any($5) and ($6::text is null or "window" = $6)
             returning *
           ), noted as (
             insert into hall_events (ticket_id, what, "window", account_id, at)
             select id, $3, $6, $11, $10::timestamptz from changed
           ) select ${COLUMNS} from changed`,
          [
            id,
            action,
            to,
            from,
            atWindow ? (by?.window ?? '') : null,
            group,
            onlyWindow,
            creditMinutes,
            at,
            by?.accountId ?? null,
          ],
        ),
      )
    },
    async openWindow({ window, day, accountId, at }) {
      const rows = await run(
        'hall-open-window',
        `insert into hall_windows as old (jurisdiction, "window", day, account_id, is_open, since)
         values ($1, $2, $3, $4, true, $5)
         on conflict (jurisdiction, "window") do update set day = $3, account_id = $4, is_open = true, since = $5
         where old.account_id = $4 or not old.is_open or old.day <> $3 returning 1`,
        [window, day, accountId, at],
      )
      return rows.length > 0
    },
    async closeWindow({ window, day, accountId, at }) {
      const rows = await run(
        'hall-close-window',
        `update hall_windows set is_open = false, since = $5
         where jurisdiction = $1 and "window" = $2 and day = $3 and account_id = $4 and is_open returning 1`,
        [window, day, accountId, at],
      )
      return rows.length > 0
    },
    async markTold(ids, at) {
      const rows = await run(
        'hall-mark-told',
        `update hall_tickets set told_at = $3
         where jurisdiction = $1 and id = any($2) and told_at is null and state = 'waiting' returning ${COLUMNS}`,
        [ids, at],
      )
      return rows.map(ticketOf)
    },
  }
}

async function take(run: Run, ticket: NewTicket): Promise<StoredTicket> {
  const { request } = ticket
  const earlier = async () => {
    if (request === null) return null
    const text = `select ${COLUMNS} from hall_tickets where jurisdiction = $1 and request = $2`
    return (await run('hall-of-request', text, [request]))[0] ?? null
  }
  const known = await earlier()
  if (known) return ticketOf(known)
  const [row] = await run<TicketRow>(
    'hall-take',
    `with counted as (
       insert into hall_counters as old (jurisdiction, day, prefix, last) values ($1, $3, $7, 1)
       on conflict (jurisdiction, day, prefix) do update set last = old.last + 1 returning last
     ), taken as (
       insert into hall_tickets (jurisdiction, id, day, code, request, "group", taken_by, conversation_id, credit_minutes,
         taken_at, label, state)
       select $1, $2, $3, $4, $5, $6, $8, $9, $10, $11::timestamptz, $7 || lpad(last::text, greatest(3, length(last::text)), '0'), 'waiting'
       from counted returning *
     ), noted as (
       insert into hall_events (ticket_id, what, at) select id, 'take', $11::timestamptz from taken
     ) select ${COLUMNS} from taken`,
    [
      ticket.id,
      ticket.day,
      ticket.code,
      request,
      ticket.group,
      ticket.prefix,
      ticket.takenBy,
      ticket.conversationId,
      ticket.creditMinutes,
      ticket.takenAt,
    ],
  )
  return ticketOf(row!)
}

/** Whoever counts as first, as `hall-queue` says it; one that another window is just calling is passed over. */
function callNext(
  run: Run,
  { day, window, accountId, at }: AtWindow,
  groups: readonly string[],
): Promise<TicketRow[]> {
  return run(
    'hall-call-next',
    `with next as (
       select id from hall_tickets
       where jurisdiction = $1 and day = $2 and state = 'waiting' and "group" = any($4)
         and (only_window is null or only_window = $3)
       order by taken_at - make_interval(mins => credit_minutes), id limit 1 for update skip locked
     ), called as (
       update hall_tickets each set state = 'called', "window" = $3, called_at = $6::timestamptz, calls = 1
       from next where each.id = next.id returning each.*
     ), noted as (
       insert into hall_events (ticket_id, what, "window", account_id, at) select id, 'call', $3, $5, $6::timestamptz from called
     ) select ${COLUMNS} from called`,
    [day, window, groups, accountId, at],
  )
}

function ticketOf(row: TicketRow): StoredTicket {
  return {
    id: row.id,
    day: row.day,
    code: row.code,
    label: row.label,
    group: row.group,
    state: row.state,
    conversationId: row.conversation_id,
    creditMinutes: row.credit_minutes,
    onlyWindow: row.only_window,
    window: row.window,
    calls: row.calls,
    takenAt: row.taken_at,
    calledAt: row.called_at,
    finishedAt: row.finished_at,
  }
}
