import type pg from 'pg'
import type { FinalUtterance, PhoneCall, PhoneCallStore } from '../../usecases/phone-call-ports.ts'
import type { ReceivedSeqs } from '../../usecases/received-seqs.ts'
import { runStatement, runTogether, type Statement } from './connection.ts'
import type { PersonVault } from './store-parts.ts'

interface CallRow {
  id: string
  version: number
  direction: PhoneCall['direction']
  sealed_caller: Buffer | null
  dnis: string | null
  queue: string | null
  agent_id: string | null
  locale: string | null
  started_at: Date | null
  ended_at: Date | null
  end_reason: string | null
  duration_ms: number | null
  recording_ref: string | null
  received: ReceivedSeqs
  last_position: number
  heard_at: Date
}

interface UtteranceRow {
  position: number
  utterance_id: string
  revision: number
  role: FinalUtterance['role']
  sealed_text: Buffer
  begin_ms: number
  end_ms: number
  confidence: number | null
}

/** Columns of a call that change, in the order of their parameters from the third on. */
const CHANGING = `direction, sealed_caller, dnis, queue, agent_id, locale, started_at, ended_at, end_reason, duration_ms,
  recording_ref, received, last_position, heard_at`
const CHANGES = CHANGING.split(/,\s*/)

/** Telephone calls; the caller's number and the words are sealed under the call's id. */
export function createPhoneCallStore(
  pool: pg.Pool,
  vault: PersonVault,
  jurisdiction: string,
): PhoneCallStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })
  return {
    async load(wanted) {
      if (wanted.length === 0) return []
      const named = wanted.flatMap(({ callId, utteranceIds }) =>
        utteranceIds.map(id => [callId, id] as const),
      )
      // One statement, so that both are of one moment.
      const rows = await run<CallRow & { finals: string[] }>(
        'phone-calls',
        `select call.*, array(
            select said.utterance_id from utterances said
              join unnest($2::text[], $3::text[]) as named (call_id, id)
                on said.call_id = named.call_id and said.utterance_id = named.id
            where said.call_id = call.id
          ) as finals
         from phone_calls call where id = any($1)`,
        [wanted.map(({ callId }) => callId), named.map(([callId]) => callId), named.map(([, id]) => id)],
      )
      return rows.map(({ finals, ...row }) => ({ call: callOf(row, vault), finals: new Set(finals) }))
    },

    async save(changes) {
      // In one order everywhere, so that two writers never wait for each other.
      const ordered = changes.toSorted((one, other) => (one.call.id < other.call.id ? -1 : 1))
      await runTogether(
        pool,
        ordered.flatMap(({ call, finals }) => [
          call.version === 0 ? insertion(call, vault, jurisdiction) : update(call, vault),
          ...(finals.length > 0 ? [saying(call.id, finals, vault)] : []),
        ]),
      )
    },

    async utterancesAfter(callId, position, limit) {
      const rows = await run<UtteranceRow>(
        'utterances-after',
        `select position, utterance_id, revision, role, sealed_text, begin_ms, end_ms, confidence
         from utterances where call_id = $1 and position > $2 order by position limit $3`,
        [callId, position, limit],
      )
      return rows.map(row => utteranceOf(callId, row, vault))
    },

    async running(since, limit) {
      const rows = await run<CallRow>(
        'running-phone-calls',
        `select * from phone_calls where ended_at is null and heard_at >= $1 order by heard_at desc, id limit $2`,
        [since, limit],
      )
      return rows.map(row => callOf(row, vault))
    },
  }
}

function insertion(call: PhoneCall, vault: PersonVault, jurisdiction: string): Statement {
  return {
    name: 'add-phone-call',
    text: `insert into phone_calls (id, jurisdiction, version, ${CHANGING})
      values ($1, $2, 1, ${CHANGES.map((_, i) => `$${i + 3}`).join(', ')})`,
    values: [call.id, jurisdiction, ...changesOf(call, vault)],
  }
}

function update(call: PhoneCall, vault: PersonVault): Statement {
  return {
    name: 'change-phone-call',
    text: `with changed as (
        update phone_calls set version = version + 1, ${CHANGES.map((name, i) => `${name} = $${i + 3}`).join(', ')}
        where id = $1 and version = $2 returning 1
      ) select expect_changed((select count(*) from changed), 1)`,
    values: [call.id, call.version, ...changesOf(call, vault)],
  }
}

function changesOf(call: PhoneCall, vault: PersonVault): unknown[] {
  const { id, direction, ani, dnis, queue, agentId, locale, startedAt, end, received } = call
  const person = ani && { name: null, phone: ani, channel: 'telephone', channelUserId: ani }
  return [
    direction,
    person ? vault.seal(id, person) : null,
    dnis,
    queue,
    agentId,
    locale,
    startedAt,
    end?.heardAt ?? null,
    end?.reason ?? null,
    end?.durationMs ?? null,
    end?.recordingRef ?? null,
    JSON.stringify(received),
    call.lastPosition,
    call.heardAt,
  ]
}

function saying(callId: string, finals: readonly FinalUtterance[], vault: PersonVault): Statement {
  const column = (of: (utterance: FinalUtterance) => unknown) => finals.map(of)
  return {
    name: 'add-utterances',
    text: `insert into utterances (call_id, position, utterance_id, revision, role, sealed_text, begin_ms, end_ms, confidence)
      select $1, * from unnest($2::int[], $3::text[], $4::int[], $5::text[], $6::bytea[], $7::int[], $8::int[], $9::real[])`,
    values: [
      callId,
      column(each => each.position),
      column(each => each.utteranceId),
      column(each => each.revision),
      column(each => each.role),
      column(each => vault.sealSecret(sealedUnder(callId, each.utteranceId), each.text)),
      column(each => each.beginMs),
      column(each => each.endMs),
      column(each => each.confidence),
    ],
  }
}

function callOf(row: CallRow, vault: PersonVault): PhoneCall {
  const { id, version, direction, dnis, queue, locale, received } = row
  return {
    id,
    version,
    direction,
    ani: row.sealed_caller ? vault.open(id, row.sealed_caller).phone : null,
    dnis,
    queue,
    agentId: row.agent_id,
    locale,
    startedAt: row.started_at,
    end: row.ended_at && {
      heardAt: row.ended_at,
      reason: row.end_reason,
      durationMs: row.duration_ms,
      recordingRef: row.recording_ref,
    },
    received,
    lastPosition: row.last_position,
    heardAt: row.heard_at,
  }
}

function utteranceOf(callId: string, row: UtteranceRow, vault: PersonVault): FinalUtterance {
  const { position, utterance_id: utteranceId, revision, role, confidence } = row
  return {
    position,
    utteranceId,
    revision,
    role,
    text: vault.openSecret(sealedUnder(callId, utteranceId), row.sealed_text),
    beginMs: row.begin_ms,
    endMs: row.end_ms,
    confidence,
  }
}

function sealedUnder(callId: string, utteranceId: string): string {
  return JSON.stringify([callId, utteranceId])
}
