import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EnterpriseClient, ProblemError } from '../../examples/enterprise-client/yihao-enterprise.ts'
import { readContent } from '../../src/adapters/disk/read-content.ts'
import { describeEnterpriseApi } from '../../src/adapters/http/enterprise/describe-enterprise-api.ts'
import { enterpriseClient } from '../../src/cli/enterprise-client.ts'
import { loadContent } from '../../src/content/load-content.ts'
import { enterpriseProgram, LIGHT } from '../support/enterprise-client.ts'
import { useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const FOLDER = 'examples/enterprise-client'
const lines = useTestLine()
let running: WiredDesk
let key: string
let client: EnterpriseClient
beforeAll(async () => {
  running = await startWiredDesk(lines.fresh().line)
  key = (await enterpriseProgram(running)).secret
  client = new EnterpriseClient({ baseUrl: running.url, key })
})
afterAll(() => running.stop())

test('the client in examples is what `npm run docs` makes of the description now', async () => {
  const { texts } = loadContent(await readContent('.', 'cities/shenfu'), 'cities/shenfu')
  const document = await describeEnterpriseApi(
    (locale, each, params) => texts.of(locale, each, params as Record<string, string>),
    'https://12345.example.cn',
  )
  expect(readFileSync(`${FOLDER}/yihao-enterprise.ts`, 'utf8')).toBe(enterpriseClient(document))
})

describe('the client in examples', () => {
  test('files, lists, follows and acts', async () => {
    const { case: filed } = await client.fileCase({ ...LIGHT, externalId: 'C/1 ?'.replace(' ', '') })
    expect((await client.getCase(filed.number)).number).toBe(filed.number)
    expect((await client.getCaseByExternalId('C/1?')).number).toBe(filed.number)
    expect((await client.urgeCase(filed.number)).history.at(-1)?.type).toBe('urged')
    expect((await client.addInformation(filed.number, { text: '第二盏' })).actions).toContain('withdraw')
    expect((await client.withdrawCase(filed.number)).state).toBe('withdrawn')
    const { rows, nextCursor } = await client.listCases({ state: 'withdrawn', limit: 1 })
    expect([rows.map(({ number }) => number), nextCursor]).toEqual([[filed.number], null])
    expect((await client.listSubjects()).rows.map(({ id }) => id)).toContain(LIGHT.subject)
  })

  test.each(['/gate/12345', '/gate/12345/', ''])('keeps the prefix of its address: %j', async prefix => {
    const asked: string[] = []
    const behindGate: typeof fetch = (input, init) => {
      asked.push(String(input))
      return fetch(String(input).replace('/gate/12345', ''), init)
    }
    const gated = new EnterpriseClient({ baseUrl: running.url + prefix, key, fetch: behindGate })
    await gated.listCases({ limit: 1 })
    expect(asked).toEqual([`${running.url}${prefix.replace(/\/$/, '')}/api/enterprise/v1/cases?limit=1`])
  })

  test('manages webhooks', async () => {
    const { webhook, secret } = await client.addWebhook({
      url: 'https://erp.example.cn/a',
      events: ['case.replied'],
    })
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect((await client.listWebhooks()).rows).toEqual([webhook])
    await client.removeWebhook(webhook.id)
    expect((await client.listWebhooks()).rows).toEqual([])
  })

  test('does once what it sends twice under one key', async () => {
    const options = { idempotencyKey: 'client-1' }
    const [first, second] = [await client.fileCase(LIGHT, options), await client.fileCase(LIGHT, options)]
    expect(second.case.number).toBe(first.case.number)
  })

  test('throws a problem that says what is wrong', async () => {
    const error = await client.fileCase({ words: ' ', contact: { phone: 'x' } }).catch(refused => refused)
    expect(error).toBeInstanceOf(ProblemError)
    const { problem } = error as ProblemError
    expect(problem).toMatchObject({ status: 400, code: 'body-invalid' })
    expect(problem.errors?.map(({ field }) => field).toSorted()).toEqual(['contact.phone', 'words'])
  })

  test('runs as the example shows', async () => {
    const run = (YIHAO_KEY: string) =>
      promisify(execFile)(process.execPath, [`${FOLDER}/follow-a-case.ts`, 'E-1'], {
        env: { ...process.env, YIHAO_URL: running.url, YIHAO_KEY },
      })
    const { stdout } = await run(key)
    expect(stdout).toMatch(/^\d{12} /)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('withdrawn')
    await expect(run('yk_wrong')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('401 token-invalid'),
    })
  })
})
