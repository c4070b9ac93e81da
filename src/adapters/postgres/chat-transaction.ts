import type pg from 'pg'
import type { ChatTransaction, Seat } from '../../usecases/chat-ports.ts'
import { CHANGING, CHAT_COLUMNS, type ChatRow, changingOf, chatOf } from './chat-rows.ts'
import { runStatement } from './connection.ts'
import type { StatementPart } from './statement-part.ts'

/** So many recent ones tell how long one waits. */
const MOST_RECENT = 30

/** Reads at once; what is to be written goes to `write`, with all else that the transaction writes. */
export function chatTransaction(
  { pool, jurisdiction }: { pool: pg.Pool; jurisdiction: string },
  write: (part: StatementPart) => void,
): ChatTransaction {
  const read = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })

  return {
    async chat(id) {
      const [row] = await read<ChatRow>('chat', `select ${CHAT_COLUMNS} from chats chat where id = $1`, [id])
      return row ? chatOf(row) : null
    },

    async ofConversation(conversationId) {
      const [row] = await read<ChatRow>(
        'chat-of-conversation',
        `select ${CHAT_COLUMNS} from chats chat where conversation_id = $1 and state <> 'ended'`,
        [conversationId],
      )
      return row ? chatOf(row) : null
    },

    add(chat) {
      const { id, conversationId, channel, because, pushedSeq } = chat
      write({
        kind: 'h',
        values: [id, jurisdiction, conversationId, channel, because, ...changingOf(chat), pushedSeq],
        text: parameters => `insert into chats
          (id, jurisdiction, conversation_id, channel, because, ${CHANGING.join(', ')}, pushed_seq, version)
          values (${parameters.join(', ')}, 1)`,
      })
    },

    save(chat) {
      write({
        kind: 'H',
        values: [chat.id, chat.version, ...changingOf(chat)],
        changes: 1,
        text: ([id, version, ...values]) => `update chats
          set version = version + 1, ${CHANGING.map((name, i) => `${name} = ${values[i]}`).join(', ')}
          where id = ${id} and version = ${version} returning 1`,
      })
    },

    record({ chatId, at, what, accountId, data = {} }) {
      write({
        kind: 'R',
        values: [chatId, at, what, accountId, JSON.stringify(data)],
        text: parameters => `insert into chat_records (chat_id, at, what, account_id, data)
          values (${parameters.join(', ')})`,
      })
    },

    async ahead({ id, askedAt }) {
      const [row] = await read<{ ahead: number }>(
        'chats-ahead',
        `select count(*)::int as ahead from chats
         where jurisdiction = $1 and state = 'waiting' and (asked_at, id) < ($2, $3)`,
        [jurisdiction, askedAt, id],
      )
      return row!.ahead
    },

    async recentWaits(since) {
      const rows = await read<{ place_asked: number; ms: number }>(
        'recent-waits',
        `select place_asked, extract(epoch from held_at - asked_at)::float8 * 1000 as ms from chats
         where jurisdiction = $1 and held_at >= $2 order by held_at desc limit $3`,
        [jurisdiction, since, MOST_RECENT],
      )
      return rows.map(({ place_asked: place, ms }) => ({ place, ms }))
    },

    async countHeld(accountId) {
      const [row] = await read<{ held: number }>(
        'chats-held',
        `select count(*)::int as held from chats where jurisdiction = $1 and state = 'held' and held_by = $2`,
        [jurisdiction, accountId],
      )
      return row!.held
    },

    async seat(accountId) {
      const [row] = await read<{ number: number; display_name: string }>(
        'chat-seat',
        `with given as (
           insert into chat_seats (account_id) values ($1)
           on conflict (account_id) do update set account_id = excluded.account_id returning number
         )
         select number, coalesce((select display_name from accounts where id = $1), '') as display_name from given`,
        [accountId],
      )
      return { accountId, number: row!.number, displayName: row!.display_name } satisfies Seat
    },
  }
}
