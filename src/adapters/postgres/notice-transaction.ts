import type pg from 'pg'
import type { Wants } from '../../followup/notification-rules.ts'
import { DAY } from '../../kernel/clock.ts'
import type {
  Call,
  CallClaim,
  CallOutcome,
  Notice,
  NoticeEnd,
  NoticeTransaction,
} from '../../usecases/notice-ports.ts'
import { runStatement } from './connection.ts'
import type { StatementPart } from './statement-part.ts'
import type { PersonVault } from './store-parts.ts'

/** More than this is not told in one message. */
const MOST_AT_ONCE = 20
const MOST_REPEATS = 20

interface NoticeParts {
  pool: pg.Pool
  vault: PersonVault
  jurisdiction: string
}

/** Reads at once; what is to be written goes to `write`, with all else that the transaction writes. */
export function noticeTransaction(
  { pool, vault, jurisdiction }: NoticeParts,
  write: (part: StatementPart) => void,
): NoticeTransaction {
  const read = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })

  const putWants = (userKey: Buffer, wants: Wants, at: Date, isFirstWord: boolean) => {
    const values = [userKey, wants, vault.linkHash(vault.linkToken(userKey)), at]
    const otherwise = isFirstWord
      ? 'nothing'
      : 'update set wants = excluded.wants, changed_at = excluded.changed_at'
    write({
      kind: isFirstWord ? 'w' : 'W',
      values,
      text: parameters => `insert into notice_wishes (user_key, wants, link_hash, changed_at)
        values (${parameters.join(', ')}) on conflict (user_key) do ${otherwise}`,
    })
  }

  const added: { case_id: string; seq: number; event: string; at: Date }[] = []
  const insertion: StatementPart = {
    kind: 'n',
    values: [],
    text: ([city, json]) => `insert into notices (case_id, seq, jurisdiction, event, at)
      select case_id, seq, ${city}, event, at
      from json_to_recordset(${json}) as row(case_id text, seq integer, event text, at timestamptz)`,
  }

  return {
    add(notices) {
      if (notices.length === 0) return
      added.push(...notices.map(({ caseId, seq, event, at }) => ({ case_id: caseId, seq, event, at })))
      // All of a transaction are one part, however many cases it changes.
      const isFirst = insertion.values.length === 0
      insertion.values = [jurisdiction, JSON.stringify(added)]
      if (isFirst) write(insertion)
    },

    async waiting(caseId) {
      const rows = await read<{ case_id: string; seq: number; event: string; at: Date }>(
        'notices-waiting',
        `select notice.case_id, notice.seq, notice.event, notice.at
         from cases this
         join cases own on own.user_key = this.user_key
           and own.conversation_id is not distinct from this.conversation_id
         join notices notice on notice.case_id = own.id and notice.told_at is null
         where this.id = $1 order by notice.at, notice.case_id, notice.seq limit $2`,
        [caseId, MOST_AT_ONCE],
      )
      return rows.map(({ case_id, ...row }) => ({ caseId: case_id, ...row }))
    },

    settle(notices: readonly Notice[], how: NoticeEnd, at: Date) {
      if (notices.length === 0) return
      const rows = notices.map(({ caseId, seq }) => ({ case_id: caseId, seq }))
      write({
        kind: `N${notices.length}`,
        values: [how, at, JSON.stringify(rows)],
        changes: notices.length,
        text: ([end, told, json]) => `update notices set told_at = ${told}, how = ${end}
          from json_to_recordset(${json}) as row(case_id text, seq integer)
          where notices.case_id = row.case_id and notices.seq = row.seq and notices.told_at is null returning 1`,
      })
    },

    async lastHeard(conversationId) {
      const [row] = await read<{ at: Date }>(
        'last-heard',
        `select at from transcript where conversation_id = $1 and speaker = 'resident' order by seq desc limit 1`,
        [conversationId],
      )
      return row?.at ?? null
    },

    async wants(caseId) {
      const [row] = await read<{ wants: Wants }>(
        'wants',
        `select wants from notice_wishes where user_key = (select user_key from cases where id = $1)`,
        [caseId],
      )
      return row?.wants ?? 'all'
    },

    setWants(person, wants, at) {
      putWants(vault.userKey(person), wants, at, false)
    },

    async linkOf(caseId, at) {
      const [row] = await read<{ user_key: Buffer }>('user-key', 'select user_key from cases where id = $1', [
        caseId,
      ])
      putWants(row!.user_key, 'all', at, true)
      return vault.linkToken(row!.user_key)
    },

    async wantsByLink(token) {
      const [row] = await read<{ wants: Wants }>(
        'wants-by-link',
        'select wants from notice_wishes where link_hash = $1',
        [vault.linkHash(token)],
      )
      return row?.wants ?? null
    },

    setWantsByLink(token, wants, at) {
      write({
        kind: 'L',
        values: [vault.linkHash(token), wants, at],
        text: ([link, wish, changed]) =>
          `update notice_wishes set wants = ${wish}, changed_at = ${changed} where link_hash = ${link}`,
      })
    },

    addCall({ id, caseId, purpose, seq, notBefore, tries }) {
      write({
        kind: 'o',
        values: [id, caseId, jurisdiction, purpose, seq, notBefore, tries],
        text: parameters => `insert into calls (id, case_id, jurisdiction, purpose, seq, not_before, tries)
          values (${parameters.join(', ')}) on conflict (id) do nothing`,
      })
    },

    async call(id) {
      const [row] = await read<CallRow>(
        'call',
        `select ${CALL_COLUMNS} from calls call where id = $1 and ended_at is null`,
        [id],
      )
      return row ? { ...callOf(row), claim: claimOf(row) } : null
    },

    claimCall({ id }: Call, { accountId, until }: CallClaim, now: Date) {
      write({
        kind: 'k',
        values: [id, accountId, until, now],
        changes: 1,
        text: ([key, account, end, at]) => `update calls set account_id = ${account}, claimed_until = ${end}
          where id = ${key} and ended_at is null
            and (claimed_until is null or claimed_until <= ${at} or account_id = ${account}) returning 1`,
      })
    },

    releaseCall({ id }: Call, accountId: string) {
      write({
        kind: 'K',
        values: [id, accountId],
        text: ([key, account]) => `update calls set account_id = null, claimed_until = null
          where id = ${key} and account_id = ${account} and ended_at is null`,
      })
    },

    postponeCall({ id, tries }: Call, notBefore: Date) {
      write({
        kind: 'O',
        values: [id, tries, notBefore],
        changes: 1,
        text: ([key, known, next]) => `update calls
          set tries = tries + 1, not_before = ${next}, account_id = null, claimed_until = null
          where id = ${key} and tries = ${known} and ended_at is null returning 1`,
      })
    },

    endCall({ id, tries }: Call, outcome: CallOutcome, accountId: string, at: Date) {
      write({
        kind: 'E',
        values: [id, tries, outcome, accountId, at],
        changes: 1,
        text: ([key, known, end, account, ended]) => `update calls
          set ended_at = ${ended}, outcome = ${end}, account_id = ${account}, tries = tries + 1
          where id = ${key} and tries = ${known} and ended_at is null returning 1`,
      })
    },

    async repeatsOf(caseId, repliedAt, days) {
      const until = new Date(repliedAt.getTime() + days * DAY)
      const rows = await read<{ number: string; filed_at: Date }>(
        'repeats',
        `select later.number, later.filed_at from cases this
         join cases later on later.user_key = this.user_key and later.subject = this.subject
         where this.id = $1 and later.id <> this.id and later.filed_at > $2 and later.filed_at <= $3
         order by later.filed_at limit $4`,
        [caseId, repliedAt, until, MOST_REPEATS],
      )
      return rows.map(({ number, filed_at: filedAt }) => ({ number, filedAt }))
    },
  }
}

interface CallRow {
  id: string
  case_id: string
  purpose: Call['purpose']
  seq: number
  not_before: Date
  tries: number
  account_id: string | null
  claimed_until: Date | null
}

/** Of the table `calls` under the name `call`. */
export const CALL_COLUMNS = `call.id, call.case_id, call.purpose, call.seq, call.not_before, call.tries,
  call.account_id, call.claimed_until`

export function callOf({ case_id: caseId, not_before: notBefore, id, purpose, seq, tries }: CallRow): Call {
  return { id, caseId, purpose, seq, notBefore, tries }
}

export function claimOf({
  account_id: accountId,
  claimed_until: until,
}: Pick<CallRow, 'account_id' | 'claimed_until'>): CallClaim | null {
  return accountId !== null && until !== null ? { accountId, until } : null
}
