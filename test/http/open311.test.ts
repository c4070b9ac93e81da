import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '../../src/kernel/clock.ts'
import { ask, file, STREET_LIGHT, type Wire } from '../support/open311-client.ts'
import { KEYS, startOpen311 } from '../support/open311-line.ts'
import type { TestLine } from '../support/test-line.ts'
import { accountOf, act, fileOne, useTestLine } from '../support/use-test-line.ts'
import type { RunningLine } from './start-line.ts'

/** The protocol's checklist, line by line, over the real line and store. */

const lines = useTestLine()
let line: TestLine
let running: RunningLine
let url: string
beforeAll(async () => {
  line = lines.fresh().line
  running = await startOpen311(line, { options: { publicUrl: 'https://12345.example.cn/' } })
  url = running.url
})
afterAll(() => running.stop())

const W3C = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/
const REQUEST_FIELDS = [
  'service_request_id',
  'status',
  'status_notes',
  'service_name',
  'service_code',
  'description',
  'agency_responsible',
  'service_notice',
  'requested_datetime',
  'updated_datetime',
  'expected_datetime',
  'address',
  'address_id',
  'zipcode',
  'lat',
  'long',
  'media_url',
]

describe('discovery', () => {
  const FIELDS = ['changeset', 'contact', 'key_service', 'endpoints']

  test.each(['/discovery.xml', '/open311/discovery.xml', '/open311/v2/discovery.xml'])('%s', async path => {
    const { status, type, body } = await ask(url, path)
    expect([status, type]).toEqual([200, 'text/xml; charset=utf-8'])
    expect(Object.keys(body.discovery)).toEqual(FIELDS)
    expect(body.discovery.changeset).toMatch(W3C)
    const [endpoint] = body.discovery.endpoints.endpoint
    expect(endpoint).toMatchObject({
      specification: 'http://wiki.open311.org/GeoReport_v2',
      url: 'https://12345.example.cn/open311/v2',
      type: 'production',
      formats: { format: ['text/xml', 'application/json'] },
    })
  })

  test('/discovery.json', async () => {
    const { status, type, body } = await ask(url, '/discovery.json')
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8'])
    expect(Object.keys(body)).toEqual(FIELDS)
    expect(body.endpoints).toHaveLength(1)
    expect(body.endpoints[0].formats).toEqual(['text/xml', 'application/json'])
    expect(body.contact).toContain('8890')
  })
})

describe('services', () => {
  const FIELDS = ['service_code', 'service_name', 'description', 'metadata', 'type', 'keywords', 'group']

  test('in JSON: a bare array of every subject that a resident can choose', async () => {
    const { status, type, body } = await ask(url, 'services.json')
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8'])
    expect(body).toHaveLength(line.content.subjects.leaves.length + 2)
    for (const service of body as Wire[]) expect(Object.keys(service)).toEqual(FIELDS)
    expect(body.find((each: Wire) => each.service_code === STREET_LIGHT.service_code)).toMatchObject({
      service_name: '路灯',
      metadata: true,
      type: 'realtime',
      group: '城乡建设',
    })
  })

  test('in XML: the same', async () => {
    const { type, text, body } = await ask(url, 'services.xml')
    expect(type).toBe('text/xml; charset=utf-8')
    expect(text.startsWith('<?xml version="1.0" encoding="UTF-8"?>')).toBe(true)
    const json = await ask(url, 'services.json')
    expect(body.services.service).toEqual(
      json.body.map((each: Wire) => ({ ...each, metadata: String(each.metadata) })),
    )
  })

  test('codes are unique and need no escape', async () => {
    const codes: string[] = (await ask(url, 'services.json')).body.map((each: Wire) => each.service_code)
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.filter(code => !/^[a-z0-9_-]+$/.test(code))).toEqual([])
  })

  test('reports are blackbox, nothing else is', async () => {
    const { body } = await ask(url, 'services.json')
    const blackbox = body.filter((each: Wire) => each.type !== 'realtime')
    expect(blackbox).toMatchObject([{ service_code: 'report', type: 'blackbox', metadata: false }])
  })

  test.each([
    ['services.json?locale=en', {}, 'Street lights'],
    ['services.json', { 'accept-language': 'en-GB,zh;q=0.5' }, 'Street lights'],
    ['services.json?locale=zh-TW', { 'accept-language': 'en' }, '路燈'],
    ['services.json?locale=tlh', {}, '路灯'],
  ])('%s with %j in its language', async (path, headers, name) => {
    const { body } = await ask(url, path, { headers: { ...headers } as Record<string, string> })
    const service = body.find((each: Wire) => each.service_code === STREET_LIGHT.service_code)
    expect(service.service_name).toBe(name)
  })

  test('without an ending the accepted format, else XML', async () => {
    expect((await ask(url, 'services')).type).toBe('text/xml; charset=utf-8')
    const json = await ask(url, 'services', { headers: { accept: 'application/json' } })
    expect(json.type).toBe('application/json; charset=utf-8')
  })
})

describe('a service definition', () => {
  const BUS = 'services/transport_bus_stops-vehicles'
  const FIELDS = ['variable', 'code', 'datatype', 'required', 'datatype_description', 'order', 'description']

  test('in JSON: what is needed of this subject, as in conversation', async () => {
    const { body } = await ask(url, `${BUS}.json`)
    expect(body.service_code).toBe('transport_bus_stops-vehicles')
    expect(body.attributes.map((each: Wire) => [each.code, each.datatype, each.required])).toEqual([
      ['TYPE', 'singlevaluelist', false],
      ['TIME', 'string', true],
      ['NAME', 'string', false],
    ])
    const [type, time] = body.attributes
    expect(Object.keys(type)).toEqual([...FIELDS, 'values'])
    expect(Object.keys(time)).toEqual(FIELDS)
    expect(type.values).toContainEqual({ key: 'complaint', name: '投诉' })
    expect(body.attributes.map((each: Wire) => each.order)).toEqual([1, 2, 3])
  })

  test('in XML: the same', async () => {
    const { body } = await ask(url, `${BUS}.xml`)
    const [type] = body.service_definition.attributes.attribute
    expect(type).toMatchObject({ variable: 'true', code: 'TYPE', required: 'false', order: '1' })
    expect(type.values.value).toContainEqual({ key: 'complaint', name: '投诉' })
  })

  test('of reports asks nothing, of an unknown service is 404', async () => {
    expect((await ask(url, 'services/report.json')).body).toEqual({ service_code: 'report', attributes: [] })
    const { status, body } = await ask(url, 'services/no-such.json')
    expect([status, body[0].code]).toEqual([404, 404])
  })
})

describe('filing', () => {
  test('in JSON gives the number and the promise', async () => {
    const { status, type, body } = await file(url, { ...STREET_LIGHT, account_id: 'a-1' })
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8'])
    expect(body).toEqual([
      {
        service_request_id: expect.stringMatching(/^\d{12}$/),
        service_notice: expect.stringMatching(/答复/),
        account_id: 'a-1',
      },
    ])
  })

  test('in XML the same', async () => {
    const { body } = await file(url, { ...STREET_LIGHT, device_id: 'xml' }, 'xml')
    const [request] = body.service_requests.request
    expect(request.service_request_id).toMatch(/^\d{12}$/)
    expect(Object.keys(request)).toEqual(['service_request_id', 'service_notice', 'account_id'])
  })

  test('makes a real case of the channel, with the person apart', async () => {
    const { body } = await file(url, {
      ...STREET_LIGHT,
      service_code: 'transport_bus_stops-vehicles',
      address_string: '人民路3号',
      'attribute[TIME]': '昨天晚上8点',
      'attribute[TYPE]': 'complaint',
      'attribute[NAME]': '305路',
      email: 'li@example.org',
      first_name: '梅',
      last_name: '李',
      phone: '+86 138-0013-8000',
      media_url: 'https://photos.example.org/1.jpg',
      description: '站牌倒了没人修',
    })
    const { stored, person } = await line.store.transact(async tx => {
      const stored = (await tx.caseByNumber(body[0].service_request_id))!
      return { stored, person: await tx.personOf(stored.case.id) }
    })
    expect(stored.case).toMatchObject({
      channel: 'open311',
      type: 'complaint',
      subject: 'transport/bus/stops-vehicles',
      words: '站牌倒了没人修',
      elements: { time: '昨天晚上8点', street: 'lishi' },
      state: 'dispatched',
    })
    expect(stored.case.elements.place).toContain('人民路3号')
    expect(person).toMatchObject({ name: '李梅', phone: '13800138000', channel: 'open311' })
    expect(stored.events.find(event => event.type === 'information-added')?.data.text).toBe(
      'https://photos.example.org/1.jpg',
    )
    expect(JSON.stringify(stored)).not.toMatch(/13800138000|李梅|li@example/)
  })

  test.each([
    ['lat and long', { lat: '41.822', long: '123.757' }],
    ['address_string', { address_string: '建设路12号' }],
    ['address_id', { address_id: 'wangbin' }],
  ])('takes %s as the place', async (_what, place) => {
    const { address_string: _, ...rest } = STREET_LIGHT
    const { status, body } = await file(url, { ...rest, ...place } as Record<string, string>)
    expect(status).toBe(200)
    const stored = await line.store.transact(tx => tx.caseByNumber(body[0].service_request_id))
    expect(stored!.case.elements.street).toBe('address_id' in place ? 'wangbin' : 'lishi')
    if ('lat' in place) expect(stored!.case.elements.at).toEqual([123.757, 41.822])
  })

  test('what was tapped on a Chinese map is stored as WGS-84', async () => {
    const tapped = { lat: '39.9133', long: '116.384', coordinate_system: 'gcj-02' }
    const { address_string: _, ...rest } = STREET_LIGHT
    const outside = await file(url, { ...rest, ...tapped })
    expect(outside.body[0].code).toBe(400)
    const inside = { lat: '41.8244', long: '123.7631', coordinate_system: 'GCJ-02' }
    const { body } = await file(url, { ...rest, ...inside })
    const stored = await line.store.transact(tx => tx.caseByNumber(body[0].service_request_id))
    const [longitude, latitude] = stored!.case.elements.at!
    expect(Math.abs(longitude - 123.7571)).toBeLessThan(0.001)
    expect(Math.abs(latitude - 41.822)).toBeLessThan(0.001)
  })

  test.each([
    ['attribute[TYPE][]', 'complaint'],
    ['attribute[TYPE][0]', 'complaint'],
  ])('%s is one answer', async (name, value) => {
    const { body } = await file(url, { ...STREET_LIGHT, [name]: value, device_id: name })
    const stored = await line.store.transact(tx => tx.caseByNumber(body[0].service_request_id))
    expect(stored!.case.type).toBe('complaint')
  })

  test('a JSON body and a multipart body are taken, too', async () => {
    const json = await ask(url, 'requests.json', {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        ...STREET_LIGHT,
        lat: 41.822,
        long: 123.757,
        attribute: { TYPE: 'suggestion' },
      }),
    })
    const form = new FormData()
    for (const [name, value] of Object.entries(STREET_LIGHT)) form.append(name, value)
    const multipart = await ask(url, 'requests.json', { method: 'POST', body: form })
    expect([json.status, multipart.status]).toEqual([200, 200])
    const stored = await line.store.transact(tx => tx.caseByNumber(json.body[0].service_request_id))
    expect(stored!.case.type).toBe('suggestion')
  })

  test('what is empty was not sent', async () => {
    const { status } = await file(url, { ...STREET_LIGHT, lat: '', long: ' ', media_url: '', phone: '' })
    expect(status).toBe(200)
  })

  test('a description may have 4,000 characters, of four bytes too', async () => {
    const long = '路灯不亮𠮷'.repeat(800)
    expect((await file(url, { ...STREET_LIGHT, description: long })).status).toBe(200)
    expect((await file(url, { ...STREET_LIGHT, description: `${long}。` })).status).toBe(400)
  })

  test('another language is answered in it', async () => {
    const { body } = await ask(url, 'requests.json?locale=en', {
      method: 'POST',
      body: new URLSearchParams({ ...STREET_LIGHT, device_id: 'english' }),
    })
    expect(body[0].service_notice).toMatch(/answers by \d\d:\d\d on/)
  })

  test('words of danger are filed as the line files them, and the notice says whom to call', async () => {
    const { body } = await file(url, { ...STREET_LIGHT, description: '家里着火了，有人被困在楼上' })
    expect(body[0].service_notice).toContain('119')
    const stored = await line.store.transact(tx => tx.caseByNumber(body[0].service_request_id))
    expect(stored!.case).toMatchObject({ isEmergency: true, state: 'dispatched' })
  })
})

describe('a token', () => {
  test('instead of the number where it is asked for, and the way back', async () => {
    const filed = await file(url, { ...STREET_LIGHT, token: 'true', device_id: 't' })
    expect(Object.keys(filed.body[0])).toEqual(['token', 'service_notice', 'account_id'])
    const { token } = filed.body[0]
    const json = await ask(url, `tokens/${token}.json`)
    expect(json.body).toEqual([{ service_request_id: expect.stringMatching(/^\d{12}$/), token }])
    const xml = await ask(url, `tokens/${token}.xml`)
    expect(xml.body.service_requests.request).toEqual(json.body)
    expect((await ask(url, 'tokens/nobody.json')).status).toBe(404)
  })
})

describe('requests', () => {
  let home: RunningLine
  let city: ReturnType<typeof lines.fresh>
  /** Numbers by what was filed. */
  const filed: Record<'light' | 'noise' | 'closed' | 'old', string> = {} as never
  const list = async (query: string) => {
    const { status, body } = await ask(home.url, `requests.json${query}`)
    expect(status).toBe(200)
    return (body as Wire[]).map(each => each.service_request_id)
  }

  beforeAll(async () => {
    city = lines.fresh()
    const { line } = city
    const at = line.clock.now()
    line.clock.set(new Date(at.getTime() - 100 * DAY))
    filed.old = (await fileOne(city)).case.number
    line.clock.set(new Date(at.getTime() - 10 * DAY))
    filed.noise = (await fileOne(city, { subject: 'environment/noise/construction-night' })).case.number
    const closed = (await fileOne(city)).case
    filed.closed = closed.number
    await act(line, accountOf('agent'), closed.id, 'merge', { into: (await fileOne(city)).case.id })
    line.clock.set(at)
    filed.light = (await fileOne(city)).case.number
    home = await startOpen311(line)
  })
  afterAll(() => home.stop())

  test('have every field of the protocol, in its order', async () => {
    const { type, body } = await ask(home.url, `requests/${filed.light}.json`)
    expect(type).toBe('application/json; charset=utf-8')
    expect(Object.keys(body[0])).toEqual(REQUEST_FIELDS)
    for (const when of ['requested_datetime', 'updated_datetime', 'expected_datetime'])
      expect(body[0][when]).toMatch(W3C)
    expect(body[0]).toMatchObject({
      status: 'open',
      service_code: STREET_LIGHT.service_code,
      agency_responsible: '城市管理综合执法局',
      zipcode: null,
      media_url: null,
    })
  })

  test('in XML the same', async () => {
    const json = await ask(home.url, `requests/${filed.light}.json`)
    const { type, body } = await ask(home.url, `requests/${filed.light}.xml`)
    expect(type).toBe('text/xml; charset=utf-8')
    const asText = Object.fromEntries(
      Object.entries(json.body[0]).map(([name, value]) => [name, value === null ? '' : String(value)]),
    )
    expect(body.service_requests.request).toEqual([asText])
  })

  test('by default those of the last 90 days, newest first', async () => {
    const all = await list('')
    expect(all[0]).toBe(filed.light)
    expect(all).toHaveLength(4)
    expect(all).not.toContain(filed.old)
  })

  test.each<[query: () => string, names: (keyof typeof filed)[]]>([
    [() => '?start_date=2026-11-24T00:00:00Z', ['light']],
    [() => '?start_date=2026-11-24', ['light']],
    [() => '?end_date=2026-11-01', ['old']],
    [() => '?start_date=2026-08-01T00:00:00%2B08:00&end_date=2026-09-01T00:00:00+08:00', ['old']],
    [() => '?service_code=environment_noise_construction-night', ['noise']],
    [() => '?service_code=environment_noise_construction-night,economy', ['noise']],
    [() => '?service_code=environment', ['noise']],
    [() => '?status=closed', ['closed']],
    [() => `?service_request_id=${filed.old}`, ['old']],
    [
      () => `?service_request_id=${filed.light},${filed.old}&status=closed&start_date=2020-01-01`,
      ['light', 'old'],
    ],
    [() => '?service_request_id=000000000000', []],
    [() => '?service_code=report', []],
    [() => '?status=&service_code=&start_date=&service_request_id=&end_date=2026-11-01', ['old']],
    [() => '?page=1&page_size=1', ['light']],
    [() => '?page=9&page_size=100', []],
  ])('filter %#', async (query, names) => {
    expect(await list(query())).toEqual(names.map(name => filed[name]))
  })

  test('status open leaves out what is closed', async () => {
    const open = await list('?status=open')
    expect(open).toHaveLength(3)
    expect(open).not.toContain(filed.closed)
    expect(await list('?status=open,closed')).toHaveLength(4)
  })

  test('pages follow one another and hold all', async () => {
    const pages = await Promise.all([1, 2, 3].map(page => list(`?page=${page}&page_size=2`)))
    expect(pages.map(page => page.length)).toEqual([2, 2, 0])
    expect(pages.flat()).toEqual(await list(''))
  })

  test('status is only open or closed, the rest is in the notes', async () => {
    const { body } = await ask(home.url, 'requests.json')
    expect(new Set(body.map((each: Wire) => each.status))).toEqual(new Set(['open', 'closed']))
    const closed = body.find((each: Wire) => each.service_request_id === filed.closed)
    expect(closed).toMatchObject({ status: 'closed', status_notes: '已并入另一件一并办理。' })
  })

  test('extensions=true adds where in the loop it is', async () => {
    const { body } = await ask(home.url, `requests/${filed.light}.json?extensions=true&locale=en`)
    expect(body[0].extended_attributes).toEqual({
      stage: 'transfer',
      stage_name: 'Assigning by duty',
      request_type: 'help',
      request_type_name: 'Request for help',
    })
    const xml = await ask(home.url, 'requests.xml?extensions=true')
    expect(xml.body.service_requests.request[0].extended_attributes.stage).toBe('transfer')
  })

  test('updates tell what happened, with the status after it', async () => {
    const json = await ask(home.url, `servicerequestupdates.json?service_request_id=${filed.closed}`)
    expect(json.body.map((each: Wire) => [each.status, each.description])).toEqual([
      ['open', '登记'],
      ['open', '受理'],
      ['open', '派单'],
      ['closed', '合并'],
    ])
    expect(Object.keys(json.body[0])).toEqual([
      'update_id',
      'service_request_id',
      'status',
      'updated_datetime',
      'description',
      'media_url',
    ])
    const xml = await ask(home.url, 'servicerequestupdates.xml?page_size=2')
    expect(xml.body.service_request_updates.request_update).toHaveLength(2)
    const recent = await ask(home.url, 'servicerequestupdates.json?start_date=2026-11-24')
    expect(new Set(recent.body.map((each: Wire) => each.service_request_id))).toEqual(new Set([filed.light]))
  })
})

describe('the manners of the wire', () => {
  test('the description of the interface names every resource once for each format', async () => {
    const { body } = await ask(url, '/openapi.json')
    const named = Object.entries(body.paths as Record<string, Wire>).flatMap(([path, methods]) =>
      path.includes('/open311/v2') ? Object.keys(methods).map(method => `${method} ${path.slice(12)}`) : [],
    )
    for (const name of ['services', 'requests', 'servicerequestupdates', 'discovery'])
      for (const format of ['xml', 'json']) expect(named).toContain(`get ${name}.${format}`)
    expect(named).toContain('post requests.json')
    expect(named).toContain('get tokens/{id}')
    expect(body.paths['/open311/v2/requests.json'].post).toMatchObject({
      tags: ['open311'],
      summary: 'File a request',
    })
  })

  test('any page may read', async () => {
    const { headers } = await ask(url, 'services.json')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    const preflight = await fetch(`${url}/open311/v2/requests.json`, { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET, POST, OPTIONS',
    ])
  })

  test('jurisdiction_id may be named, and must be ours', async () => {
    for (const own of ['shenfu', line.content.city.jurisdiction])
      expect((await ask(url, `services.json?jurisdiction_id=${own}`)).status).toBe(200)
    const { status, body } = await ask(url, 'requests.json?jurisdiction_id=elsewhere.gov')
    expect([status, body[0].code]).toEqual([404, 404])
  })

  test('neither keys nor phones nor names are logged', async () => {
    await file(url, { ...STREET_LIGHT, phone: '13800138000', first_name: '秀兰', last_name: '王' })
    await ask(url, `requests/1.json?api_key=${KEYS.app}`)
    expect(running.logged.join('')).not.toMatch(/13800138000|秀兰|the-key-of/)
    expect(running.logged.join('')).toContain('/open311/v2/requests')
  })
})
