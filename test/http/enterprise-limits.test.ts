import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BAKERY, enterpriseProgram, LIGHT, sender } from '../support/enterprise-client.ts'
import { useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const lines = useTestLine()
let running: WiredDesk
const rules = {
  'enterprise-read-by-key': { max: 5, seconds: 60 },
  'enterprise-write-by-key': { max: 2, seconds: 60 },
  'wrong-secret-by-address': { max: 3, seconds: 60 },
}
beforeAll(async () => {
  running = await startWiredDesk(lines.fresh().line, undefined, { rules })
})
afterAll(() => running.stop())

describe('limits of the enterprise API', () => {
  test('are told with every answer, also with a refusal, and each key has its own', async () => {
    const { send } = await enterpriseProgram(running)
    const left: unknown[] = []
    for (let i = 0; i < 5; i++) {
      const { headers } = await send(i === 1 ? '/cases/1' : '/cases')
      expect(headers.get('ratelimit-policy')).toBe('"read";q=5;w=60')
      const [, remaining, seconds] = /^"read";r=(\d+);t=(\d+)$/.exec(headers.get('ratelimit') ?? '')!
      left.push(Number(remaining))
      expect(Number(seconds)).toBeGreaterThan(0)
      expect(headers.get('x-ratelimit-remaining')).toBe(remaining)
    }
    expect(left).toEqual([4, 3, 2, 1, 0])
    const refused = await send('/cases')
    expect([refused.status, refused.json.code]).toEqual([429, 'rate-limited'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.headers.get('ratelimit')).toMatch(/^"read";r=0;t=\d+$/)
    const other = await enterpriseProgram(running, BAKERY)
    expect((await other.send('/cases')).status).toBe(200)
  })

  test('count what changes something apart', async () => {
    const { send } = await enterpriseProgram(running)
    const answers = [await send('/cases', LIGHT), await send('/cases', {}), await send('/cases', LIGHT)]
    expect(answers.map(({ status }) => status)).toEqual([201, 400, 429])
    expect(answers[0]!.headers.get('ratelimit')).toMatch(/^"write";r=1;/)
    expect((await send('/cases')).status).toBe(200)
  })

  test('end guessing, and do not hold up who has a key', async () => {
    const { send } = await enterpriseProgram(running)
    const guesses: number[] = []
    for (let i = 0; i < 5; i++) guesses.push((await sender(running.url, `yk_${i}`)('/cases')).status)
    expect(guesses).toEqual([401, 401, 401, 429, 429])
    expect((await send('/cases')).status).toBe(200)
  })
})
