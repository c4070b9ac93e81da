import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MemoryBus } from '../../src/adapters/memory/memory-bus.ts'
import { readRecordedCall } from '../../src/cli/recorded-call.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { runProgram, scratchFolder } from '../support/run-program.ts'
import { endedEvent, finalEvent, startedEvent } from '../support/sample-call.ts'
import { startTelephoneLine, TELEPHONE_SECRET, type TelephoneLine } from '../support/telephone-line.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const CALL = 'test/calls/gas-smell.yaml'

describe('npm run play-call', () => {
  let home: TestStore
  let line: TelephoneLine
  beforeAll(async () => {
    home = await createTestStore()
    line = await startTelephoneLine({ store: home.store, bus: new MemoryBus(quietLogger) })
  })
  afterAll(async () => {
    await line?.stop()
    await home?.drop()
  })

  const play = (args: string[], secret = TELEPHONE_SECRET) =>
    runProgram('play-call', ['--url', line.url, ...args], { env: { TELEPHONE_SECRET: secret } })
  const textsOf = async (callId: string) =>
    (await home.store.phoneCalls.utterancesAfter(callId, 0, 1000)).map(({ text }) => text)

  test('tells the line of a recorded call, at the speed that is wanted', async () => {
    const { turns } = readRecordedCall(CALL)
    const start = performance.now()
    const { code, out } = await play(['--file', CALL, '--speed', '20'])
    const seconds = (performance.now() - start) / 1000
    expect(code).toBe(0)
    expect(seconds).toBeGreaterThan(turns.at(-1)!.to / 20)
    const callId = /^call (\S+)$/m.exec(out)![1]!
    expect(await textsOf(callId)).toEqual(turns.map(({ says }) => says))
    const [known] = await home.store.phoneCalls.load([{ callId, utteranceIds: [] }])
    expect(known!.call).toMatchObject({
      queue: 'emergency',
      agentId: '1001',
      end: { reason: 'resident-hung-up' },
    })
  })

  test('tells of events one a line, and says what was refused', async () => {
    const scratch = scratchFolder()
    try {
      const events = [
        startedEvent('lines', 1),
        finalEvent('lines', 2),
        finalEvent('lines', 3, { role: 'x' }),
        endedEvent('lines', 4),
      ]
      const { code, err } = await play(['--file', scratch.file('call.jsonl', events), '--speed', '100'])
      expect([code, err.trim()]).toEqual([1, expect.stringContaining('refused: event 3: role')])
      expect(await textsOf('lines')).toEqual(['第2句'])
    } finally {
      scratch.remove()
    }
  })

  test.each<[string, string[], string, string]>([
    ['no file', [], TELEPHONE_SECRET, '--file'],
    ['no such file', ['--file', 'test/calls/nowhere.yaml'], TELEPHONE_SECRET, 'nowhere.yaml'],
    ['no speed', ['--file', CALL, '--speed', '0'], TELEPHONE_SECRET, '--speed'],
    ['nobody there', ['--file', CALL, '--url', 'http://127.0.0.1:1'], TELEPHONE_SECRET, 'nobody answers'],
    ['no secret', ['--file', CALL], '', 'TELEPHONE_SECRET'],
    ['another secret', ['--file', CALL], 'another-secret-of-others', 'another TELEPHONE_SECRET'],
  ])('%s: says what is wrong', async (_name, args, secret, message) => {
    const { code, err } = await play(args, secret)
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })
})
