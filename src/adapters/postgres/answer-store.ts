import type pg from 'pg'
import type { AnswerStore, KeptAnswer } from '../../usecases/ports.ts'
import { runStatement } from './connection.ts'
import type { StatementPart } from './statement-part.ts'

/** Answers kept for repeated requests, by account and the caller's key. */
export function createAnswerStore(pool: pg.Pool): AnswerStore {
  return {
    async find(accountId, key) {
      const [row] = await runStatement<{ request: string; body: unknown; at: Date }>(pool, {
        name: 'kept-answer',
        text: 'select request, body, at from kept_answers where account_id = $1 and key = $2',
        values: [accountId, key],
      })
      return row ? { accountId, key, ...row } : null
    },
    async keep(answer) {
      const { values, text } = answerPart(answer)
      await runStatement(pool, {
        name: 'keep-answer',
        text: `${text(values.map((_, i) => `$${i + 1}`))} on conflict do nothing`,
        values,
      })
    },
    async forgetBefore(at) {
      await runStatement(pool, {
        name: 'forget-answers',
        text: 'delete from kept_answers where at < $1',
        values: [at],
      })
    },
  }
}

/** Keeps an answer with what the transaction writes; a second one of the same key refuses it all. */
export function answerPart({ accountId, key, request, body, at }: KeptAnswer): StatementPart {
  return {
    kind: 'a',
    values: [accountId, key, request, JSON.stringify(body), at],
    text: parameters => `insert into kept_answers (account_id, key, request, body, at)
      values (${parameters.join(', ')})`,
  }
}
