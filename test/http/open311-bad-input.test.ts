import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/kernel/errors.ts'
import { ask, file, STREET_LIGHT } from '../support/open311-client.ts'
import { startOpen311 } from '../support/open311-line.ts'
import { overlay, type TestLine } from '../support/test-line.ts'
import { useTestLine } from '../support/use-test-line.ts'
import type { RunningLine } from './start-line.ts'

/** Whatever is wrong is answered with the protocol's list of errors, in the format that was asked for, and files nothing. */

type Body = NonNullable<RequestInit['body']>

const lines = useTestLine()
let line: TestLine
let running: RunningLine
let url: string
let caseIds: string[]
beforeAll(async () => {
  const desk = lines.fresh()
  line = desk.line
  caseIds = desk.record.caseIds
  const plenty = { max: 10_000, seconds: 60 }
  running = await startOpen311(line, {
    rules: { 'open311-wrong-key-by-address': plenty, 'open311-read-by-address': plenty },
  })
  url = running.url
})
afterAll(() => running.stop())

const { address_string: _place, ...PLACELESS } = STREET_LIGHT
const { api_key: _key, ...KEYLESS } = STREET_LIGHT
const BUS = { ...STREET_LIGHT, service_code: 'transport_bus_stops-vehicles' }

type Bad = [what: string, fields: Record<string, string>, status: number, says: RegExp]
const BAD_FORMS: Bad[] = [
  ['no key', KEYLESS, 403, /API key/],
  ['an empty key', { ...STREET_LIGHT, api_key: '' }, 403, /API key/],
  ['a wrong key', { ...STREET_LIGHT, api_key: 'the-key-of-nobody-0000' }, 403, /API key/],
  ['another jurisdiction', { ...STREET_LIGHT, jurisdiction_id: 'boston.gov' }, 404, /jurisdiction/],
  ['no service', { ...STREET_LIGHT, service_code: '' }, 400, /service_code is missing/],
  ['an unknown service', { ...STREET_LIGHT, service_code: 'no-such' }, 404, /no such service/],
  ['a service of the prototype', { ...STREET_LIGHT, service_code: '__proto__' }, 404, /no such service/],
  [
    'a service that is only for filters',
    { ...STREET_LIGHT, service_code: 'environment' },
    404,
    /no such service/,
  ],
  ['no location', PLACELESS, 400, /no location/],
  ['a latitude alone', { ...PLACELESS, lat: '41.8' }, 400, /long is missing/],
  ['a longitude alone', { ...PLACELESS, long: '123.7' }, 400, /lat is missing/],
  ['a latitude that is none', { ...PLACELESS, lat: 'north', long: '123' }, 400, /lat is not a number/],
  ['NaN', { ...PLACELESS, lat: 'NaN', long: 'Infinity' }, 400, /lat is not a number/],
  ['a hexadecimal one', { ...PLACELESS, lat: '0x29', long: '123' }, 400, /lat is not a number/],
  ['an exponent', { ...PLACELESS, lat: '4e1', long: '123' }, 400, /lat is not a number/],
  ['a latitude out of range', { ...PLACELESS, lat: '91', long: '123' }, 400, /lat is out of range/],
  ['a longitude out of range', { ...PLACELESS, lat: '41', long: '-180.01' }, 400, /long is out of range/],
  ['another city', { ...PLACELESS, lat: '39.9', long: '116.4' }, 400, /outside of the area/],
  ['the sea', { ...PLACELESS, lat: '0', long: '0' }, 400, /outside of the area/],
  ['an unknown address_id', { ...PLACELESS, address_id: 'atlantis' }, 400, /address_id has a value/],
  ['an unknown map', { ...STREET_LIGHT, coordinate_system: 'EPSG:3857' }, 400, /coordinate_system is none/],
  ['a long description', { ...STREET_LIGHT, description: 'x'.repeat(4001) }, 400, /description is too long/],
  [
    'a long address',
    { ...STREET_LIGHT, address_string: '路'.repeat(201) },
    400,
    /address_string is too long/,
  ],
  ['a missing attribute', BUS, 400, /attribute\[TIME\] is missing/],
  [
    'an attribute that is not offered',
    { ...STREET_LIGHT, 'attribute[TYPE]': 'report' },
    400,
    /attribute\[TYPE\] is none/,
  ],
  ['a long attribute', { ...BUS, 'attribute[TIME]': '晚'.repeat(301) }, 400, /attribute\[TIME\] is too long/],
  ['a phone that is none', { ...STREET_LIGHT, phone: 'call me' }, 400, /cannot be read \(phone\)/],
  ['an address that is no web page', { ...STREET_LIGHT, media_url: 'javascript:alert(1)' }, 400, /media_url/],
  ['a file', { ...STREET_LIGHT, media_url: 'file:///etc/passwd' }, 400, /media_url/],
]

describe.each(['json', 'xml'] as const)('in %s', format => {
  test.each(BAD_FORMS)('%s', async (_what, fields, expected, says) => {
    const { status, type, body } = await ask(url, `requests.${format}?locale=en`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    })
    expect([status, type]).toEqual([
      expected,
      format === 'xml' ? 'text/xml; charset=utf-8' : 'application/json; charset=utf-8',
    ])
    const errors = format === 'xml' ? body.errors.error : body
    expect(Object.keys(errors[0])).toEqual(['code', 'description'])
    expect(String(errors[0].code)).toBe(String(expected))
    expect(errors.map((each: { description: string }) => each.description).join('\n')).toMatch(says)
  })
})

test('everything that is wrong is told at once', async () => {
  const { body } = await file(url, { ...BUS, address_string: '', lat: '91', phone: '-' })
  expect(body).toHaveLength(3)
})

describe('a body that cannot be read', () => {
  const post = (body: Body, type?: string) =>
    ask(url, 'requests.json?locale=en', {
      method: 'POST',
      body,
      headers: type ? { 'content-type': type } : {},
    })
  const FORM = 'application/x-www-form-urlencoded'

  test.each<[what: string, body: Body, type: string, says: RegExp]>([
    ['a broken escape', 'api_key=%zz', FORM, /cannot be read/],
    ['half an escape', 'description=%E4%BD', FORM, /cannot be read/],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x3d]), FORM, /cannot be read/],
    ['far too many fields', 'a=1&'.repeat(500), FORM, /cannot be read/],
    ['broken JSON', '{"api_key":', 'application/json', /cannot be read/],
    ['a JSON list', '[]', 'application/json', /cannot be read/],
    ['JSON null', 'null', 'application/json', /cannot be read/],
    ['deep JSON', `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`, 'application/json', /cannot be read/],
    ['XML', '<?xml version="1.0"?><request/>', 'text/xml', /form-urlencoded/],
    ['hostile XML', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'application/xml', /form-urlencoded/],
    ['text', 'hello', 'text/plain', /form-urlencoded/],
    ['a multipart body without a boundary', 'x', 'multipart/form-data', /cannot be read/],
    [
      'half a multipart body',
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
      'multipart/form-data; boundary=x',
      /cannot be read/,
    ],
    ['an oversize body', `description=${'x'.repeat(70_000)}`, FORM, /too large/],
  ])('%s', async (_what, body, type, says) => {
    const answer = await post(body, type)
    expect([answer.status, answer.body[0].code]).toEqual([400, 400])
    expect(answer.body[0].description).toMatch(says)
  })

  test('a file within', async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries(STREET_LIGHT)) form.append(name, value)
    form.append('media', new Blob(['\u00ff\u00d8']), 'photo.jpg')
    expect((await post(form)).status).toBe(400)
  })

  test('nothing at all', async () => {
    const { status, body } = await ask(url, 'requests.json', { method: 'POST' })
    expect([status, body[0].code]).toEqual([403, 403])
  })
})

test.each([
  ['start_date=yesterday', /start_date is not a W3C date/],
  ['start_date=2026-02-30', /start_date is not a W3C date/],
  ['end_date=2026-11-24T10:00:00', /end_date is not a W3C date/],
  ['end_date=2026-11-24T25:00:00Z', /end_date is not a W3C date/],
  ['start_date=2026-01-01&end_date=2026-06-01', /longer than 90 days/],
  ['start_date=2026-06-01&end_date=2026-01-01', /before start_date/],
  ['status=new', /status is none/],
  ['page=0', /page is out of range/],
  ['page=-1', /page is not a number/],
  ['page_size=1001', /page_size is out of range/],
  ['page=99999999999999999999', /page is too long|page is not a number/],
  [
    `service_request_id=${Array.from({ length: 1001 }, (_, i) => i).join(',')}`,
    /service_request_id is too long/,
  ],
])('a list with %s', async (query, says) => {
  for (const path of ['requests', 'servicerequestupdates']) {
    const { status, body } = await ask(url, `${path}.json?locale=en&${query}`)
    if (path === 'servicerequestupdates' && query === 'status=new') continue
    expect([status, body[0].code]).toEqual([400, 400])
    expect(body[0].description).toMatch(says)
  }
})

test.each([
  'requests/000000000000.json',
  'requests/nobody.json',
  'requests/%00.json',
  "requests/'%20or%201=1--.json",
  'tokens/%00%ff.json',
  'services/%00.json',
  'services/constructor.json',
  'nothing.json',
  'requests.csv',
])('%s is not there', async path => {
  const { status, body } = await ask(url, `${path}?locale=en`, { headers: { accept: 'application/json' } })
  // An address that cannot be decoded at all never reaches the protocol.
  if (path.includes('%ff')) expect(status).toBe(400)
  else expect([status, body[0].code]).toEqual([404, 404])
})

test.each([
  ['requests.json', 'application/json; charset=utf-8', /^\[\{"code":431,"description":"[^"]+"\}\]$/],
  ['requests.xml', 'text/xml; charset=utf-8', /<errors><error><code>431<\/code><description>[^<]+</],
])('2,000 ids are too many for %s', async (path, type, says) => {
  const ids = Array.from({ length: 2000 }, (_, i) => 261124000010 + i).join(',')
  const answer = await fetch(`${url}/open311/v2/${path}?service_request_id=${ids}`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([431, type])
  expect(await answer.text()).toMatch(says)
})

test.each([
  ['requests.csv', '', 'text/xml; charset=utf-8', /<errors><error><code>404</],
  ['requests.csv', 'application/json', 'application/json; charset=utf-8', /^\[\{"code":404,/],
  ['services.csv', 'text/csv', 'text/xml; charset=utf-8', /<errors><error><code>404</],
  ['nothing/at/all.json', '', 'application/json; charset=utf-8', /^\[\{"code":404,/],
])('%s as %j is 404', async (path, accept, type, says) => {
  const answer = await fetch(`${url}/open311/v2/${path}`, { headers: { accept } })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, type])
  expect(await answer.text()).toMatch(says)
})

test('an unknown service in a filter is 404', async () => {
  expect((await ask(url, 'requests.json?service_code=no-such')).status).toBe(404)
})

test('hostile strings are kept as they are and break nothing', async () => {
  const before = caseIds.length
  const hostile = `']]><script>alert(1)</script>&lol; \u0000\u001b\ud800 ‮ '; drop table cases; --`
  const { status, body } = await file(url, {
    ...BUS,
    description: hostile,
    'attribute[TIME]': hostile,
    'attribute[__proto__]': 'x',
    'attribute[constructor][]': 'y',
    first_name: hostile.slice(0, 40),
    device_id: hostile,
  })
  expect(status).toBe(200)
  expect(caseIds.length).toBe(before + 1)
  const own = await ask(url, `requests/${body[0].service_request_id}.xml?api_key=${STREET_LIGHT.api_key}`)
  expect(own.body.service_requests.request[0].description).toContain('<script>')
  expect(own.text).not.toContain('<script>')
  await ask(url, 'requests.xml?extensions=true')
})

test('too many requests are told when to come again', async () => {
  const strict = await startOpen311(line, {
    rules: { 'open311-read-by-address': { max: 1, seconds: 60 } },
  })
  await ask(strict.url, 'requests.xml')
  const { status, headers, body } = await ask(strict.url, 'requests.xml')
  expect([status, headers.get('retry-after')]).toEqual([429, '60'])
  expect(body.errors.error[0].code).toBe('429')
  await strict.stop()
})

test('too many wrong keys close the door, also for the right one no more than for reading', async () => {
  const strict = await startOpen311(line, {
    rules: { 'open311-wrong-key-by-address': { max: 2, seconds: 60 } },
  })
  const wrong = { ...STREET_LIGHT, api_key: 'the-key-of-nobody-0000' }
  const statuses = []
  for (let i = 0; i < 3; i++) statuses.push((await file(strict.url, wrong)).status)
  expect(statuses).toEqual([403, 403, 429])
  await strict.stop()
})

test('without any key nobody files and everybody reads', async () => {
  const closed = await startOpen311(line, { options: { clients: [] } })
  expect((await file(closed.url, STREET_LIGHT)).status).toBe(403)
  expect((await ask(closed.url, 'requests.json')).status).toBe(200)
  await closed.stop()
})

test('while the store is away the answer says so, and a bug tells nothing of itself', async () => {
  const away = async () => {
    throw new AppError('store-unavailable')
  }
  const broken = async () => {
    throw new Error('secret of the house')
  }
  for (const [list, expected] of [
    [away, 503],
    [broken, 500],
  ] as const) {
    const publicCases = overlay(line.store.publicCases, { list })
    const ill = await startOpen311({ ...line, store: overlay(line.store, { publicCases }) })
    const { status, body, text } = await ask(ill.url, 'requests.json')
    expect([status, body[0].code]).toEqual([expected, expected])
    expect(text).not.toContain('secret')
    await ill.stop()
  }
})

test('none of the refused was filed', () => {
  expect(caseIds).toHaveLength(1)
})
