import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import type { Store } from '../../src/usecases/ports.ts'
import { guideRoutes } from '../../src/wire-guide.ts'
import { createTestLine } from '../support/test-line.ts'
import { call, type RunningLine, startLine } from './start-line.ts'

let running: RunningLine

beforeAll(async () => {
  const line = await createTestLine({} as Store)
  const limiter = createRateLimiter({ clock: line.clock })
  const routes = [guideRoutes(line, { limiter, publicUrl: 'https://line.example' })]
  running = await startLine({ server: { routes } })
}, 180_000)
afterAll(() => running.stop())

const post = (path: string, body: unknown, language = 'zh-CN') =>
  call(running.url, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': language },
    body: JSON.stringify(body),
  })

describe('the guide by HTTP', () => {
  it('lists everything by platform and category', async () => {
    const { status, json } = await call(running.url, '/api/guide')
    expect(status).toBe(200)
    const { platforms } = json as { platforms: { id: string; categories: { items: unknown[] }[] }[] }
    const community = platforms.find(({ id }) => id === 'community')!
    expect(community.categories.flatMap(({ items }) => items)).toHaveLength(82)
  })

  it('finds by everyday words, in the language that is read', async () => {
    const { json } = await post('/api/guide/search', { words: '娃上户口' }, 'zh-TW')
    expect((json as { found: unknown[] }).found[0]).toMatchObject({
      id: 'household-birth',
      name: '新生兒落戶',
    })
  })

  it('asks, answers, and takes the code of the answers in their place', async () => {
    const asked = await post('/api/guide/marriage', {})
    expect((asked.json as { question: { key: string } }).question.key).toBe('who')
    const answers = { who: 'both', before: 'yes' }
    const told = (await post('/api/guide/marriage', { answers })).json as {
      code: string
      documents: { id: string }[]
    }
    expect(told.documents.map(({ id }) => id)).toContain('divorce-papers')
    const again = (await post('/api/guide/marriage', { code: told.code })).json
    expect(again).toEqual(told)
  })

  it('prints a PDF', async () => {
    const response = await fetch(`${running.url}/api/guide/marriage/print`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ answers: { who: 'both', before: 'no' } }),
    })
    expect(response.headers.get('content-type')).toBe('application/pdf')
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
  })

  it.each([
    ['/api/guide/flying', {}, 404, 'guide-not-found'],
    ['/api/guide/marriage', { code: '1ZZ' }, 404, 'guide-code-invalid'],
    ['/api/guide/marriage', { code: '../../etc' }, 404, 'guide-code-invalid'],
    ['/api/guide/marriage', { answers: 'no' }, 400, 'body-invalid'],
    ['/api/guide/__proto__', {}, 404, 'guide-not-found'],
  ])('%s %j is refused', async (path, body, status, code) => {
    const answer = await post(path, body)
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject({ error: { code } })
  })

  it('answers to questions that are not there do nothing', async () => {
    const answers = { constructor: 'x', who: 'nobody', colour: 'red' }
    const { status, json } = await post('/api/guide/marriage', { answers })
    expect(status).toBe(200)
    expect(json).toMatchObject({ answers: {}, question: { key: 'who' } })
  })

  it('writes no situation into the log', () => {
    expect(running.logged.join('')).not.toMatch(/divorce|"before"|娃上户口/)
  })
})
