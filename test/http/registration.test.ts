import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { DAY } from '../../src/kernel/clock.ts'
import type { Draft } from '../../src/registration/facts.ts'
import { versionOf } from '../../src/usecases/view-registration.ts'
import { registrationRoutes } from '../../src/wire-registration.ts'
import { FOUNDER, sampleDraft, strokePng } from '../support/sample-registration.ts'
import { type Desk, storedCase, useTestLine } from '../support/use-test-line.ts'
import { call, type RunningLine, startLine } from './start-line.ts'

const signed = (draft: Draft): Draft => {
  const signature = { png: strokePng(), of: versionOf(draft) }
  return { ...draft, signatures: { p1: signature, p2: signature } }
}

describe('a company without a form, by HTTP', () => {
  const lines = useTestLine()
  const stored: Uint8Array[] = []
  let desk: Desk
  let running: RunningLine

  beforeAll(async () => {
    desk = lines.fresh()
    const { line } = desk
    const limiter = createRateLimiter({ clock: line.clock })
    const saveFile = async (bytes: Uint8Array) => `paper-${stored.push(bytes)}.pdf`
    running = await startLine({
      clock: line.clock,
      server: { routes: [registrationRoutes(line, { limiter, saveFile })] },
    })
  }, 180_000)
  afterAll(() => running?.stop())

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(running.url, `/api/registration${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const handIn = (draft: Draft, key: string, code: string | null = null) =>
    post('/hand-in', { draft, code }, { 'idempotency-key': key })

  test('everything wrong is told at once, with papers and sources; what is there is not sent again', async () => {
    const draft = sampleDraft({ tradeName: '国务院' })
    const { status, json } = await post('/view', { draft })
    expect(status).toBe(200)
    const view = json as {
      problems: { code: string }[]
      papers: { id: string; stamp: string }[]
      fields: object
    }
    expect(view.problems.map(({ code }) => code)).toEqual([
      'trade-name-forbidden',
      'permit-after',
      'signature-missing',
      'signature-missing',
    ])
    expect(view.papers.map(({ id }) => id)).toEqual(['application', 'resolution', 'articles', 'appointment'])
    expect(view.fields).toMatchObject({
      capital: { value: '100万元', source: { is: 'answer', from: ['capital'] } },
    })
    const have = view.papers.map(({ stamp }) => stamp)
    expect(((await post('/view', { draft, have })).json as typeof view).papers).toEqual([])
  })

  test('everyday words find standard entries', async () => {
    const { json } = await post('/scope', { words: '我想开个奶茶店' })
    expect((json as { found: { id: string }[] }).found[0]?.id).toBe('catering')
  })

  test('a draft comes back by its code until it expires, and lies sealed', async () => {
    const draft = sampleDraft()
    const kept = (await post('/drafts', { draft })).json as { code: string }
    expect((await post('/drafts/open', { code: kept.code.toLowerCase() })).json).toEqual({ draft })
    const changed = sampleDraft({ tradeName: '谷雨时' })
    expect((await post('/drafts', { draft: changed, code: kept.code })).json).toMatchObject({
      code: kept.code,
    })
    expect((await post('/drafts/open', { code: kept.code })).json).toEqual({ draft: changed })
    const later = new Date(desk.line.clock.now().getTime() + 31 * DAY)
    expect(await desk.line.store.registrationDrafts.open(kept.code, later)).toBeNull()
    await desk.line.store.registrationDrafts.forgetBefore(later)
    const gone = await post('/drafts/open', { code: kept.code })
    expect(gone).toMatchObject({ status: 404, json: { error: { code: 'registration-draft-not-found' } } })
  })

  test('a code that was never given keeps nothing of others', async () => {
    const { json } = await post('/drafts', { draft: sampleDraft(), code: 'AAAAAAAAAA' })
    expect((json as { code: string }).code).not.toBe('AAAAAAAAAA')
  })

  test('the ZIP holds every paper twice, and no paper another company', async () => {
    const response = await fetch(`${running.url}/api/registration/files`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ draft: sampleDraft() }),
    })
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()))
    expect(Object.keys(files)).toHaveLength(8)
    const xml = strFromU8(unzipSync(files['公司设立登记申请书.docx']!)['word/document.xml']!)
    expect(xml).toContain(FOUNDER)
    expect(strFromU8(files['公司章程.pdf']!.slice(0, 5))).toBe('%PDF-')
  })

  test('handed in it is a case with its papers, once however often it is sent', async () => {
    const draft = signed(sampleDraft())
    const { code } = (await post('/drafts', { draft })).json as { code: string }
    const first = await handIn(draft, 'once-1', code)
    expect(first.status).toBe(200)
    const papers = stored.length
    expect((await handIn(draft, 'once-1', code)).json).toEqual(first.json)
    expect(stored).toHaveLength(papers)
    const { number } = first.json as { number: string }
    const { rows } = await desk.line.store.listCases({
      search: number,
      includeConfidential: true,
      sort: 'newest',
      limit: 5,
    })
    expect(rows).toHaveLength(1)
    const { events, case: filed } = await storedCase(desk.line, rows[0]!.id)
    expect(filed.subject).toBe('commerce-tourism/licences/shop-licence')
    expect(JSON.stringify(events)).not.toContain(FOUNDER)
    expect(JSON.stringify(events)).toContain(`paper-${papers}.pdf`)
    expect((await post('/drafts/open', { code })).status).toBe(404)
    expect((await handIn(signed(sampleDraft({ tradeName: '谷雨时' })), 'once-1')).status).toBe(422)
  })

  test('what is not whole is refused with every problem, and nothing is filed', async () => {
    const papers = stored.length
    const { status, json } = await handIn(sampleDraft({ capitalFen: 1 }), 'not-whole')
    expect(status).toBe(409)
    const { error } = json as { error: { code: string; details: { problems: { code: string }[] } } }
    expect(error.code).toBe('registration-incomplete')
    expect(error.details.problems.map(({ code }) => code)).toEqual([
      'shares-too-much',
      'signature-missing',
      'signature-missing',
    ])
    expect(stored).toHaveLength(papers)
  })

  test.each([
    ['no key', '/hand-in', { draft: {} }],
    ['a share that is no whole 分', '/view', { draft: { shares: [{ person: 'p1', fen: 0.5 }] } }],
    ['a picture that is none', '/view', { draft: { signatures: { p1: { png: 'PHN2Zz4=', of: 'x' } } } }],
    ['an unknown field', '/view', { draft: { sex: 'F' } }],
  ])('%s is refused', async (_, path, body) => {
    expect((await post(path, body)).status).toBe(400)
  })
})
