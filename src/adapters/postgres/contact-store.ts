import type pg from 'pg'
import type { ContactStore } from '../../usecases/channel-ports.ts'
import { runStatement } from './connection.ts'
import type { PersonVault } from './store-parts.ts'

interface ContactRow {
  channel: string
  sealed_address: Buffer
  is_gone: boolean
}

/** Contacts; an address is sealed under its conversation. */
export function createContactStore(pool: pg.Pool, vault: PersonVault, jurisdiction: string): ContactStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })
  return {
    async heard({ conversationId, channel, address }, { messages, forMs }, at) {
      const until = new Date(at.getTime() + forMs)
      await run(
        'contact-heard',
        `insert into contacts as known
           (conversation_id, jurisdiction, channel, sealed_address, is_gone, heard_at, messages_left, left_until)
         values ($1, $2, $3, $4, false, $5, $6, $7)
         on conflict (conversation_id) do update set is_gone = false, heard_at = $5,
           messages_left = case when known.left_until > $5 and known.messages_left > $6
             then known.messages_left else $6 end,
           left_until = case when known.left_until > $5 and known.messages_left > $6
             then known.left_until else $7 end`,
        [
          conversationId,
          jurisdiction,
          channel,
          vault.sealSecret(conversationId, address),
          at,
          messages,
          until,
        ],
      )
    },
    async byConversation(conversationId) {
      const [row] = await run<ContactRow>(
        'contact',
        'select channel, sealed_address, is_gone from contacts where conversation_id = $1',
        [conversationId],
      )
      if (!row) return null
      const address = vault.openSecret(conversationId, row.sealed_address)
      return { conversationId, channel: row.channel, address, isGone: row.is_gone }
    },
    async take(conversationId, now) {
      const rows = await run(
        'contact-take',
        `update contacts set messages_left = messages_left - 1
         where conversation_id = $1 and messages_left > 0 and left_until > $2 returning 1`,
        [conversationId, now],
      )
      return rows.length > 0
    },
    async giveBack(conversationId) {
      await run(
        'contact-give-back',
        'update contacts set messages_left = messages_left + 1 where conversation_id = $1',
        [conversationId],
      )
    },
    async left(conversationId) {
      await run('contact-left', 'update contacts set is_gone = true where conversation_id = $1', [
        conversationId,
      ])
    },
  }
}
