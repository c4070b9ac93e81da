import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountFor } from '../../../src/cli/soak-account.ts'
import type { SoakRecord } from '../../../src/cli/soak-people.ts'
import {
  fileSample,
  type SampleCase,
  sampleConversation,
  sampleFiling,
  sampleTurn,
} from '../../support/sample-cases.ts'
import { createTestStore, type TestStore } from '../../support/test-store.ts'

let opened: TestStore
let whole: SampleCase
beforeAll(async () => {
  opened = await createTestStore()
  const conversation = sampleConversation()
  whole = fileSample()
  await opened.store.transact(async tx => {
    tx.saveConversation(conversation, null)
    tx.addTranscript(sampleTurn(conversation.id, 1, 'm1'))
    tx.addCase(whole.case, whole.events, sampleFiling({ conversationId: conversation.id }))
  })
})
afterAll(() => opened.drop())

const told = (changes: Partial<SoakRecord>): SoakRecord => ({
  filings: [],
  signed: [],
  refusals: 0,
  cuts: 0,
  oddities: [],
  ...changes,
})

test('the account of a soak names whatever is missing, doubled, half or odd', async () => {
  const { store } = opened
  const { number } = whole.case
  expect(await accountFor(store, told({ filings: [number] }))).toMatchObject({
    cases: 1,
    events: 3,
    problems: [],
  })
  const gone = '261124999999'
  const wrong = told({ filings: [number, number, gone], signed: [number], oddities: ['sign: 500'] })
  expect((await accountFor(store, wrong)).problems).toEqual([
    'somebody was told: sign: 500',
    'a case number was given twice',
    `case ${gone} was told and is gone`,
    `case ${number} is no longer signed`,
  ])

  const half = fileSample()
  const later = sampleConversation()
  await store.transact(async tx => {
    tx.saveConversation(later, null)
    tx.addTranscript(sampleTurn(later.id, 1, 'm1').slice(0, 1))
    tx.addCase(half.case, half.events, sampleFiling({ conversationId: later.id }))
  })
  expect((await accountFor(store, told({}))).problems).toEqual([
    `a message was kept without its answer in ${later.id}`,
  ])
})
