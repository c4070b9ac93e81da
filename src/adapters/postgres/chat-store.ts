import type pg from 'pg'
import type { ChatRecord, ChatStore, ListedChat } from '../../usecases/chat-ports.ts'
import { CHAT_COLUMNS, type ChatRow, chatOf } from './chat-rows.ts'
import { runStatement } from './connection.ts'

interface ListedRow extends ChatRow {
  last_seq: number
  last_words: string | null
  number: number | null
  display_name: string | null
}

/** More than this nobody looks after at once. */
const MOST_OPEN = 500
const MOST_DUE = 100

/** The queue, and the chats that people have. */
export function createChatStore(pool: pg.Pool, jurisdiction: string): ChatStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })

  return {
    async open() {
      const rows = await run<ListedRow>(
        'open-chats',
        `select ${CHAT_COLUMNS}, conversation.last_seq, said.text as last_words, seat.number, accounts.display_name
         from chats chat
         join conversations conversation on conversation.id = chat.conversation_id
         left join chat_seats seat on seat.account_id = chat.held_by
         left join accounts on accounts.id = chat.held_by
         left join lateral (
           select left(body ->> 'text', 200) as text from transcript
           where conversation_id = chat.conversation_id and speaker = 'resident' order by seq desc limit 1
         ) said on true
         where chat.jurisdiction = $1 and chat.state <> 'ended'
         order by chat.state desc, chat.asked_at, chat.id limit $2`,
        [jurisdiction, MOST_OPEN],
      )
      return rows.map(listedOf)
    },

    async seen(accountId, at) {
      await run(
        'chat-seat-seen',
        `insert into chat_seats (account_id, seen_at) values ($1, $2)
         on conflict (account_id) do update set seen_at = excluded.seen_at`,
        [accountId, at],
      )
    },

    async due({ lateBefore, idleBefore, awayBefore, isClosed, now }) {
      const rows = await run<{
        id: string
        conversation_id: string
        because: 'late' | 'idle' | 'away' | 'closed'
      }>(
        'chats-due',
        `select id, conversation_id, because from (
           select chat.id, chat.conversation_id, case
             when state = 'waiting' and channel = 'enterprise' then null
             when state = 'waiting' and $5 then 'closed'
             when state = 'waiting' and late_at is null and asked_at <= $2 then 'late'
             when state = 'held' and (seat.seen_at is null or seat.seen_at <= $4 or (
               exists (select from accounts where id = held_by) and not exists (
                 select from sessions where account_id = held_by and until > $6 and idle_until > $6))) then 'away'
             when state = 'held' and heard_at <= $3 then 'idle'
           end as because
           from chats chat left join chat_seats seat on seat.account_id = chat.held_by
           where jurisdiction = $1 and state <> 'ended'
         ) open where because is not null limit $7`,
        [jurisdiction, lateBefore, idleBefore, awayBefore, isClosed, now, MOST_DUE],
      )
      return rows.map(({ id, conversation_id: conversationId, because }) => ({ id, conversationId, because }))
    },

    async pushed(chatId, seq) {
      const text = 'update chats set pushed_seq = greatest(pushed_seq, $2) where id = $1'
      await run('chat-pushed', text, [chatId, seq])
    },

    async records(chatId) {
      const rows = await run<{
        at: Date
        what: ChatRecord['what']
        account_id: string | null
        data: Record<string, unknown>
        login: string | null
      }>(
        'chat-records',
        `select at, what, account_id, data, accounts.login from chat_records
         left join accounts on accounts.id = account_id where chat_id = $1 order by chat_records.id`,
        [chatId],
      )
      return rows.map(({ account_id: accountId, ...row }) => ({ chatId, accountId, ...row }))
    },

    async count() {
      const [row] = await run<{ waiting: number; held: number; oldest: Date | null }>(
        'count-chats',
        `select count(*) filter (where state = 'waiting')::int as waiting,
           count(*) filter (where state = 'held')::int as held,
           min(asked_at) filter (where state = 'waiting') as oldest
         from chats where jurisdiction = $1 and state <> 'ended'`,
        [jurisdiction],
      )
      return { waiting: row!.waiting, held: row!.held, oldestAskedAt: row!.oldest }
    },
  }
}

function listedOf(row: ListedRow): ListedChat {
  const { number, held_by: accountId } = row
  return {
    ...chatOf(row),
    lastSeq: row.last_seq,
    lastWords: row.last_words ?? '',
    holder:
      accountId !== null && number !== null
        ? { accountId, number, displayName: row.display_name ?? '' }
        : null,
  }
}
