import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '../../src/kernel/clock.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { deskClient } from '../support/desk-client.ts'
import {
  accountOf,
  act,
  type Desk,
  type Filed,
  fileOne,
  outOfDutyInput,
  replyInput,
  useTestLine,
} from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const supervisor = accountOf('supervisor')
const handler = accountOf('handler', 'urban-management')
const agent = accountOf('agent')

interface Counted {
  name: string
  count: number
  filter: Record<string, string>
}

describe("the supervisor's page", () => {
  const lines = useTestLine()
  let desk: Desk
  let running: WiredDesk
  let extended: Filed
  let claimed: Filed
  let returned: Filed
  let ordered: Filed
  let report: Filed

  beforeAll(async () => {
    desk = lines.fresh()
    running = await startWiredDesk(desk.line)
    const { line } = desk
    // Each at another place, so that they are no crowd.
    const here = (words: string) => ({ words, place: words, street: 'lishi', community: '高湾社区' })
    const signed = async (words: string) => {
      const filed = await fileOne(desk, here(words))
      await act(line, handler, filed.case.id, 'sign')
      return filed
    }
    extended = await signed('路灯要等配件')
    await act(line, handler, extended.case.id, 'request-extension', { by: '2wd' }, '配件没到')
    claimed = await signed('小区里的路灯')
    await act(line, handler, claimed.case.id, 'reply', outOfDutyInput(line))
    returned = await signed('路灯归谁管')
    const clause = line.content.departments.get('housing-construction')!.duties[0]!.clause
    await act(line, handler, returned.case.id, 'return', { clause }, '不归我们管')
    ordered = await signed('路灯半年不亮')
    await act(line, supervisor, ordered.case.id, 'supervise', { level: 'order', cause: '拖了半年' }, '催办')
    report = await fileOne(desk, { words: '别透露是我说的：路灯被偷', type: 'report', street: 'lishi' })
    await fileOne(desk, here('路灯刚报的'))
  })
  afterAll(() => running.stop())

  async function at(account: Account) {
    running.accounts.seat(account)
    return deskClient(running.url)
  }
  const idsOf = async (client: Awaited<ReturnType<typeof at>>, query: Record<string, string>) => {
    const { status, json } = await client.get(`/cases?${new URLSearchParams(query)}`)
    expect(status).toBe(200)
    return json.rows.map(({ id }: { id: string }) => id) as string[]
  }

  test('counts what waits, and every number opens its list', async () => {
    const client = await at(supervisor)
    const { status, json } = await client.get('/overview/today')
    expect(status).toBe(200)
    const numbers = json.numbers as Counted[]
    for (const { name, count, filter } of numbers)
      expect([name, (await idsOf(client, filter)).length]).toEqual([name, count])
    const ids = async (name: string) => idsOf(client, numbers.find(each => each.name === name)!.filter)
    expect(await ids('extension')).toEqual([extended.case.id])
    expect(await ids('out-of-duty')).toEqual([claimed.case.id])
    expect(await ids('returned')).toEqual([returned.case.id])
    expect(await ids('order')).toEqual([ordered.case.id])
    expect(numbers.find(({ name }) => name === 'arrived')!.count).toBe(6)
  })

  test('what was told in confidence is on no map, and in no list of a place', async () => {
    const client = await at(supervisor)
    const { json } = await client.get('/overview/places')
    const street = json.streets.find(({ id }: { id: string }) => id === 'lishi')
    expect([street.open, street.recent]).toEqual([5, 5])
    expect(street.communities.find(({ id }: { id: string }) => id === '高湾社区').open).toBe(5)
    const here = await idsOf(client, { street: 'lishi' })
    expect(here).not.toContain(report.case.id)
    expect(await idsOf(client, {})).toContain(report.case.id)
  })

  test('says who returned what, and who then got it', async () => {
    const client = await at(supervisor)
    const passes = async () => (await client.get('/overview/returns')).json.passes
    const [waiting] = await passes()
    expect(waiting).toMatchObject({ sender: { id: 'urban-management' }, receiver: null, cases: 1 })
    expect(await idsOf(client, waiting.filter)).toEqual([returned.case.id])
    const lead = { lead: 'housing-construction' }
    await act(desk.line, accountOf('arbiter'), returned.case.id, 'arbitrate', lead, '归住建')
    const [ruled] = await passes()
    expect(ruled).toMatchObject({ receiver: { id: 'housing-construction' }, cases: 1 })
    expect(await idsOf(client, ruled.filter)).toEqual([returned.case.id])
    expect(await idsOf(client, waiting.filter)).toEqual([])
  })

  test('an answer that is doubted is found', async () => {
    const client = await at(supervisor)
    const { case: filed } = await fileOne(desk, { words: '路灯又灭了' })
    await act(desk.line, handler, filed.id, 'sign')
    await act(desk.line, handler, filed.id, 'reply', replyInput(desk.line))
    const said = { contacted: true, resolved: false, satisfied: 'dissatisfied' }
    await act(desk.line, agent, filed.id, 'follow-up', said)
    const { json } = await client.get('/overview/today')
    const doubtful = (json.numbers as Counted[]).find(({ name }) => name === 'doubtful')!
    expect(await idsOf(client, doubtful.filter)).toEqual([filed.id])
    expect((await client.get(`/cases/${filed.id}/doubts`)).json.rows).toHaveLength(1)
  })

  test('orders by level and standing, the first due first', async () => {
    const client = await at(supervisor)
    const unanswered = async () => {
      const { json } = await client.get('/overview/orders')
      expect(json.orders[0]).toMatchObject({ level: 'order', row: { id: ordered.case.id } })
      const of = (is: string) =>
        (json.numbers as (Counted & { level: string; is: string })[]).find(
          each => each.level === 'order' && each.is === is,
        )!
      return { open: of('unanswered').count, answered: of('answered'), late: of('late').count }
    }
    expect(await unanswered()).toMatchObject({ open: 1, late: 0 })
    await act(desk.line, handler, ordered.case.id, 'answer-supervision', { text: '本周内更换' })
    const after = await unanswered()
    expect(after).toMatchObject({ open: 0, answered: { count: 1 } })
    expect(await idsOf(client, after.answered.filter)).toEqual([ordered.case.id])
  })

  test.each(['issues', 'forecast', 'rates?from=2026-11-01&to=2026-11-30&step=week'])(
    'answers %s',
    async path => {
      const client = await at(supervisor)
      expect((await client.get(`/overview/${path}`)).status).toBe(200)
    },
  )

  test.each(['today', 'places', 'issues', 'rates', 'returns', 'forecast', 'orders'])(
    '%s leaves as a file that says who took it, and stands in the list of exports',
    async part => {
      const { headers, get } = await at(supervisor)
      const query = `part=${part}&from=2026-11-01&to=2026-11-30&format=csv&locale=en`
      const file = await fetch(`${running.url}/api/desk/overview/export?${query}`, { headers })
      const text = await file.text()
      expect(file.status).toBe(200)
      expect(file.headers.get('content-disposition')).toBe(
        `attachment; filename="overview-${part}-2026-11-24.csv"`,
      )
      expect(text).toContain('Taken out by supervisor (test-supervisor)')
      // A file is no place for what was said in confidence.
      expect(text).not.toContain('路灯被偷')
      const { json } = await get('/evaluation/exports')
      expect(json.rows).toContainEqual(
        expect.objectContaining({ request: expect.objectContaining({ part }) }),
      )
    },
  )

  test('a department sees its own, whatever it asks for; an agent has no part in it', async () => {
    const other = await at(accountOf('handler', 'education'))
    const { json } = await other.get('/overview/today?department=urban-management')
    expect((json.numbers as Counted[]).every(({ count }) => count === 0)).toBe(true)
    const own = (await (await at(handler)).get('/overview/today')).json.numbers as Counted[]
    expect(own.find(({ name }) => name === 'extension')!.count).toBe(1)
    for (const path of ['today', 'places', 'issues', 'returns', 'forecast', 'orders'])
      expect((await (await at(agent)).get(`/overview/${path}`)).status).toBe(403)
  })

  test.each(['department=nowhere', 'departement=education'])('the page refuses %s', async query => {
    expect((await (await at(supervisor)).get(`/overview/today?${query}`)).status).toBe(400)
  })

  test.each([
    'awaits=lunch',
    'community=nowhere',
    'street=nowhere',
    'orderIs=late',
    'order=any&orderIs=soon',
    'returnedBy=education',
    'filedSince=yesterday',
    'isOpen=yes',
    'doubtful=true',
  ])('the list refuses %s', async query => {
    expect((await (await at(supervisor)).get(`/cases?${query}`)).status).toBe(400)
  })

  test('what is due tonight is not due tomorrow', async () => {
    const client = await at(supervisor)
    const from = desk.line.clock.now().toISOString()
    const all = await idsOf(client, { dueFrom: from, isOpen: 'true' })
    expect(all.length).toBeGreaterThan(0)
    const later = new Date(desk.line.clock.now().getTime() + 60 * DAY).toISOString()
    expect(await idsOf(client, { dueFrom: later, isOpen: 'true' })).toEqual([])
  })
})
