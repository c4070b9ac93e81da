import { afterAll, beforeAll } from 'vitest'
import type { Case } from '../../src/cases/case.ts'
import type { CaseEvent } from '../../src/cases/case-event.ts'
import type { Channel } from '../../src/cases/channels.ts'
import type { Conversation, Outgoing } from '../../src/conversation/message.ts'
import type { MatterDraft } from '../../src/conversation/reply.ts'
import { fileCase } from '../../src/usecases/file-case.ts'
import { openConversation } from '../../src/usecases/open-conversation.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { sweepClocks } from '../../src/usecases/sweep-clocks.ts'
import { type TurnResult, takeTurn } from '../../src/usecases/take-turn.ts'
import { actAtDesk } from '../../src/usecases/work-at-desk.ts'
import {
  createTestLine,
  inOwnCity,
  lineOver,
  recordingStore,
  type StoreRecord,
  type TestLine,
} from './test-line.ts'
import { createTestStore, type TestStore } from './test-store.ts'

/** Training, when the content has changed since the last run. */
const PATIENCE_MS = 180_000

/** A line of one's own over the file's store, with what was filed through it. */
export interface Desk {
  line: TestLine
  record: StoreRecord
}

/** Gives a test file a store and a line; every call of `fresh` has its own clock, chance, bus and record. */
export function useTestLine(): { fresh(): Desk; home(): TestStore } {
  let home: TestStore
  let base: TestLine
  let seed = 100
  beforeAll(async () => {
    home = await createTestStore()
    base = await createTestLine(home.store)
  }, PATIENCE_MS)
  afterAll(() => home.drop())
  return {
    home: () => home,
    fresh() {
      const { store, record } = recordingStore(home.store)
      seed++
      return { line: inOwnCity(lineOver(base, store, seed), seed), record }
    },
  }
}

let users = 0

/** A conversation of somebody who was never here. */
export function open(line: TestLine, channel: Channel = 'web-chat'): Promise<Conversation> {
  users++
  return openConversation(line, { channel, userId: `unit-${users}`, locale: 'zh-Hans' })
}

export function say(
  line: TestLine,
  conversation: Conversation,
  text: string,
  externalId: string | null = null,
): Promise<TurnResult> {
  const rest = { locale: null, attachments: [], clientData: null }
  return takeTurn(line, { conversationId: conversation.id, externalId, text, ...rest })
}

export function keysOf(turn: TurnResult): string[] {
  return turn.replies.map(entry => (entry.body as Outgoing).key)
}

/** A matter that says all that is needed; what it is about is given, so that no model is asked. */
export function sampleDraft(changes: Partial<MatterDraft> = {}): MatterDraft {
  const subject = 'urban-construction/municipal-facilities/street-light'
  return {
    words: '人民路3号门口路灯不亮了',
    subject,
    subjectCandidates: [{ label: subject, confidence: 0.93 }],
    evidence: [],
    type: 'help',
    place: '人民路3号',
    needsPlace: true,
    needsTime: false,
    needsDetail: false,
    placeKind: 'place',
    ...changes,
  }
}

/** Files one matter for a person in a new conversation and returns it as stored. */
export async function fileOne(
  { line }: Desk,
  changes: Partial<MatterDraft> = {},
  service: string | null = null,
  on: Channel = 'web-chat',
  phone: string | null = '13800138000',
): Promise<Filed> {
  const conversation = await open(line, on)
  const { channel, userId: channelUserId } = conversation
  const { case: filed } = await line.store.transact(tx =>
    fileCase(line, tx, {
      draft: sampleDraft(changes),
      person: { name: '王秀兰', phone, channel, channelUserId },
      actor: { role: 'resident', id: channelUserId },
      conversationId: conversation.id,
      family: null,
      service,
    }),
  )
  return { conversation, ...(await storedCase(line, filed.id)) }
}

/** Files the usual matter for somebody who joins that case. */
export async function joinOne({ line }: Desk, to: string, changes: Partial<MatterDraft> = {}): Promise<Case> {
  const { channel, userId: channelUserId } = await open(line)
  const { case: filed } = await line.store.transact(tx =>
    fileCase(line, tx, {
      draft: sampleDraft(changes),
      person: { name: null, phone: null, channel, channelUserId },
      actor: { role: 'resident', id: channelUserId },
      conversationId: null,
      family: null,
      service: null,
      joins: to,
    }),
  )
  return filed
}

export interface Filed {
  conversation: Conversation
  case: Case
  events: CaseEvent[]
}

export async function storedCase(line: TestLine, id: string): Promise<{ case: Case; events: CaseEvent[] }> {
  return (await line.store.transact(tx => tx.caseById(id)))!
}

/** Somebody at the desk; not stored. */
export function accountOf(role: Account['role'], department: string | null = null): Account {
  return {
    id: `00000000-0000-7000-8000-00000000000${role.length}`,
    login: `test-${role}`,
    displayName: role,
    role,
    department,
  }
}

/** An action at the desk on the case as it stands. */
export async function act(
  line: TestLine,
  account: Account,
  caseId: string,
  action: string,
  input: unknown = {},
  reason: string | null = null,
): Promise<number> {
  const { case: current } = await storedCase(line, caseId)
  return actAtDesk(line, account, caseId, { action, input, reason, expectedVersion: current.version })
}

/** Nobody says how it went until the clock closes the case. */
export async function lapse(line: TestLine, caseId: string): Promise<void> {
  line.clock.set((await storedCase(line, caseId)).case.clocks['follow-up']!.dueAt.toISOString())
  while ((await sweepClocks(line)) > 0);
}

/** What a department replies when all went well. */
export function replyInput(line: TestLine): object {
  return {
    text: '灯泡已经换好。',
    isTrue: true,
    isWithinDuty: true,
    contact: { how: 'phone', at: line.clock.now().toISOString() },
    solved: 'solved',
  }
}

/** A reply that wants to be left out of the scores. */
export function outOfDutyInput(line: TestLine): object {
  const outOfDuty = { because: 'beyond-duty', text: '该路灯由小区物业管养' }
  return { ...replyInput(line), isWithinDuty: false, outOfDuty }
}
