import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isOurs } from '../../examples/enterprise-client/check-delivery.ts'
import { delivery } from '../../src/adapters/http/enterprise/enterprise-schemas.ts'
import { DELIVERY, EXAMPLES } from '../../src/adapters/http/enterprise/examples.ts'
import {
  type ApiDocument,
  answerOf,
  bodyOf,
  operationsOf,
} from '../../src/adapters/http/enterprise/json-schema.ts'
import { PROBLEMS } from '../../src/adapters/http/enterprise/problem-details.ts'
import { type EnterpriseProgram, enterpriseProgram } from '../support/enterprise-client.ts'
import { useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const lines = useTestLine()
let running: WiredDesk
let document: ApiDocument
let program: EnterpriseProgram
beforeAll(async () => {
  running = await startWiredDesk(lines.fresh().line)
  program = await enterpriseProgram(running)
  document = (await call(running.url, '/api/enterprise/v1/openapi.json')).json
})
afterAll(() => running.stop())

describe('the description of the enterprise API', () => {
  test('is of this interface alone and whole: no reference leads nowhere', () => {
    expect(Object.keys(document.paths).every(path => path.startsWith('/api/enterprise/v1/'))).toBe(true)
    expect(document.openapi).toBe('3.1.0')
    expect(document.servers).toEqual([{ url: running.url }])
    const used = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)].map(
      ([, name]) => name!,
    )
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted())
  })

  test('names the key that each operation needs, and each operation once', () => {
    const operations = operationsOf(document).map(({ operation }) => operation)
    for (const { security } of operations) expect(security).toEqual([{ enterpriseKey: [] }])
    const ids = operations.map(({ operationId }) => operationId)
    expect(ids.toSorted()).toEqual(Object.keys(EXAMPLES).toSorted())
  })

  test('shows an example of each body, each answer and each refusal', () => {
    for (const { operation } of operationsOf(document)) {
      const { operationId, requestBody, responses } = operation
      expect([operationId, bodyOf(operation)?.example !== undefined]).toEqual([
        operationId,
        requestBody !== undefined,
      ])
      const isGone = '204' in responses
      expect([operationId, answerOf(operation)?.example !== undefined]).toEqual([operationId, !isGone])
      for (const status of ['401', '403', '429', '500', '503'])
        expect(responses[status]?.content?.['application/problem+json']?.example).toMatchObject({
          status: Number(status),
        })
    }
  })

  test('shows what is really answered: the same fields', async () => {
    const fieldsOf = (value: unknown): unknown =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.keys(value).toSorted()
        : typeof value
    const answers: Record<string, unknown> = {}
    const filed = await program.send('/cases', EXAMPLES.fileCase!.request)
    expect(filed.status).toBe(201)
    answers.fileCase = filed.json
    const { number, externalId } = filed.json.case
    answers.listCases = (await program.send('/cases')).json
    answers.getCase = (await program.send(`/cases/${number}`)).json
    answers.getCaseByExternalId = (await program.send(`/cases/by-external-id/${externalId}`)).json
    answers.addInformation = (
      await program.send(`/cases/${number}/information`, EXAMPLES.addInformation!.request)
    ).json
    answers.urgeCase = (await program.send(`/cases/${number}/urge`, {})).json
    answers.withdrawCase = (await program.send(`/cases/${number}/withdrawal`, {})).json
    answers.listSubjects = (await program.send('/subjects')).json
    answers.addWebhook = (await program.send('/webhooks', EXAMPLES.addWebhook!.request)).json
    answers.listWebhooks = (await program.send('/webhooks')).json
    for (const [id, answer] of Object.entries(answers)) {
      const example = EXAMPLES[id]!.answer as Record<string, unknown>
      expect([id, fieldsOf(answer)]).toEqual([id, fieldsOf(example)])
      for (const [name, value] of Object.entries(example))
        if (Array.isArray(value) && value.length > 0)
          expect([id, name, fieldsOf((answer as Record<string, unknown[]>)[name]![0])]).toEqual([
            id,
            name,
            fieldsOf(value[0]),
          ])
    }
    expect(filed.json.case.subject).toEqual(
      EXAMPLES.getCase!.answer && (EXAMPLES.getCase!.answer as { subject: object }).subject,
    )
  })

  test('speaks three languages', async () => {
    const summary = async (language: string) => {
      const { json } = await call(running.url, '/api/enterprise/v1/openapi.json', {
        headers: { 'accept-language': language },
      })
      return (json as ApiDocument).paths['/api/enterprise/v1/cases']!.post!.summary
    }
    expect(await Promise.all(['zh-Hans', 'zh-Hant', 'en'].map(summary))).toEqual([
      '登记一件诉求',
      '登記一件訴求',
      'File a matter',
    ])
  })
})

describe('what is posted to webhooks', () => {
  test('stands in the description, with an example whose signature can be checked', () => {
    const { post } = document.webhooks.caseEvent!
    const { schema, example } = bodyOf(post)!
    expect(schema).toEqual({ $ref: '#/components/schemas/Delivery' })
    expect(delivery.strict().parse(example)).toEqual(example)
    const headers = Object.fromEntries((post.parameters ?? []).map(each => [each.name, each]))
    expect(Object.keys(headers)).toEqual(['X-Yihao-Signature', 'Idempotency-Key'])
    expect(headers['Idempotency-Key']?.example).toBe(DELIVERY.id)
    const { secret } = EXAMPLES.addWebhook!.answer as { secret: string }
    const signature = String(headers['X-Yihao-Signature']?.example)
    expect(isOurs(signature, JSON.stringify(example), secret, new Date(DELIVERY.at))).toBe(true)
    expect(Object.keys(post.responses)).toEqual(['2XX'])
  })

  test('has every field of the description, and no other', () => {
    const { properties = {}, required } = document.components.schemas.Delivery!
    expect(Object.keys(properties)).toEqual(Object.keys(DELIVERY))
    expect(required).toEqual(Object.keys(DELIVERY))
    expect(Object.keys(properties.case?.properties ?? {})).toEqual(Object.keys(DELIVERY.case))
    expect(properties.type?.enum).toContain(DELIVERY.type)
  })

  test('is told of in three languages', async () => {
    const summary = async (language: string) => {
      const { json } = await call(running.url, '/api/enterprise/v1/openapi.json', {
        headers: { 'accept-language': language },
      })
      return (json as ApiDocument).webhooks.caseEvent!.post.summary
    }
    expect(await Promise.all(['zh-Hans', 'zh-Hant', 'en'].map(summary))).toEqual([
      '工单有进展时推送',
      '工單有進展時推送',
      'Something has happened with a case',
    ])
  })
})

describe('/developers', () => {
  const pageIn = async (query = '', language = 'zh-Hans') => {
    const response = await fetch(`${running.url}/developers${query}`, {
      headers: { 'accept-language': language },
    })
    return { html: await response.text(), policy: response.headers.get('content-security-policy') ?? '' }
  }

  test('shows every operation and every problem, where the problems themselves point', async () => {
    const { html } = await pageIn()
    for (const { operation } of operationsOf(document))
      expect(html).toContain(`<section id="${operation.operationId}">`)
    for (const code of Object.keys(PROBLEMS)) expect(html).toContain(`<tr id="${code}">`)
    expect(html).toContain('contact.phone')
    expect(html).toContain('X-Yihao-Signature')
    expect(html).not.toMatch(/undefined|\[object/)
  })

  test('loads nothing from anywhere and runs nothing', async () => {
    const { html, policy } = await pageIn()
    expect(policy).toContain("default-src 'none'")
    expect(html).not.toMatch(/<script|<link|<img|src=/)
    expect(html.replaceAll(running.url, '')).not.toMatch(/href="https?:/)
  })

  test('speaks the language that is asked for, else that of the browser', async () => {
    expect((await pageIn('', 'en')).html).toContain('<html lang="en">')
    const { html } = await pageIn('?locale=zh-Hant', 'en')
    expect(html).toContain('<html lang="zh-Hant">')
    expect(html).toContain('登記一件訴求')
    expect((await pageIn('?locale=fr&locale=x', 'en')).html).toContain('<html lang="en">')
  })
})
