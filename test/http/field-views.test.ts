import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Case } from '../../src/cases/case.ts'
import { DESK_ROLES, type DeskRole } from '../../src/cases/case-state.ts'
import { ensureEnterprise } from '../../src/usecases/assign-enterprise.ts'
import { fileCase } from '../../src/usecases/file-case.ts'
import { ROLE_VIEWS } from '../../src/usecases/role-views.ts'
import { FACTORY } from '../support/enterprise-client.ts'
import { StaffBrowser } from '../support/staff-browser.ts'
import { accountOf, act, type Desk, open, sampleDraft, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const PASSWORD = 'a password of tests'
const DEPARTMENT = 'urban-management'

/** What is planted, each string nowhere else: in the sealed person, and in what the person said. */
const LAMP = {
  name: '欧阳明月',
  phone: '13922223333',
  saidPhone: '13911112222',
  mark: '乾坤甲子',
}
const REPORT = {
  name: '司马青云',
  phone: '13944445555',
  saidPhone: '13933334444',
  mark: '风雷丙寅',
}

/** These stay open; what they send holds ids and versions, and for calls what `/calls` already refuses. */
const STREAMS = ['/events', '/calls/{id}/events']
/** What a route needs in its address, so that it answers. */
const PERIOD = 'from=2026-11-01&to=2026-11-30'
const QUERIES: Record<string, string> = {
  '/line/content-file': 'path=locales/en.yaml',
  '/line/tasks': 'kind=audit',
  '/agent/help': 'from=2026-11-01T00:00:00Z&to=2026-11-30T00:00:00Z',
  '/evaluation': PERIOD,
  '/evaluation/cases': `${PERIOD}&measure=cases`,
  '/evaluation/export': PERIOD,
  '/evaluation/cases/export': `${PERIOD}&measure=cases`,
  '/overview/rates': PERIOD,
  '/overview/export': `${PERIOD}&part=forecast`,
}
/** What a caller says who comes with the same: what is known of others is offered to the agent. */
const TALK = {
  utterances: [{ id: 'u1', role: 'resident', text: '人民路3号门口的路灯是施工队偷电弄坏的，我要举报' }],
}
/** Routes for which this house has nothing to show. */
const NOTHING_THERE = [
  '/cases/{id}/documents/{file}',
  '/cases/{id}/files/{name}',
  '/calls/{id}/transcript',
  '/chats/{id}/entries',
  '/chats/{id}/deeds',
]

describe('fields of cases', () => {
  const lines = useTestLine()
  let desk: Desk
  let running: WiredDesk
  let lamp: Case
  let report: Case
  let paths: string[]
  /** Everything that a role was answered, by route. */
  const seen = new Map<string, { path: string; status: number; text: string }[]>()

  const file = async (planted: typeof LAMP, type: string, words: string) => {
    const { line } = desk
    const { channel, userId: channelUserId } = await open(line)
    const { name, phone, saidPhone, mark } = planted
    const draft = sampleDraft({ type, words: `我叫${name}，电话${saidPhone}，${words}，${mark}` })
    const { case: filed } = await line.store.transact(tx =>
      fileCase(line, tx, {
        draft,
        person: { name, phone, channel, channelUserId },
        actor: { role: 'resident', id: channelUserId },
        conversationId: null,
        family: null,
        service: null,
      }),
    )
    const handler = accountOf('handler', DEPARTMENT)
    await act(line, handler, filed.id, 'sign', {}, `已联系${name}（${saidPhone}）`)
    return filed
  }

  beforeAll(async () => {
    desk = lines.fresh()
    const { accounts } = desk.line.store
    running = await startWiredDesk(desk.line, undefined, { staff: accounts })
    lamp = await file(LAMP, 'help', '人民路3号门口路灯不亮了')
    // Whom its steward reaches is masked there, too.
    const firm = { code: FACTORY.enterprise, name: FACTORY.displayName, sector: null }
    await ensureEnterprise(desk.line, { ...firm, contact: { name: LAMP.name, phone: LAMP.phone } }, 'boss')
    report = await file(REPORT, 'report', '人民路3号门口的路灯是施工队偷电弄坏的，我要举报')
    for (const role of [...DESK_ROLES, 'foreigner']) {
      const department = { handler: DEPARTMENT, foreigner: 'housing-construction' }[role] ?? null
      const known = role === 'foreigner' ? 'handler' : (role as DeskRole)
      await accounts.add({ login: role, displayName: role, role: known, department }, PASSWORD)
    }
    const { json } = await call(running.url, '/openapi.json')
    paths = Object.entries(json.paths as Record<string, object>)
      .filter(([path, methods]) => path.startsWith('/api/desk/') && 'get' in methods)
      .map(([path]) => path.slice('/api/desk'.length))
      .filter(path => !STREAMS.includes(path))
  }, 60_000)
  afterAll(() => running.stop())

  /** Each route with each case, and searches for all that is planted. */
  const requestsOf = (browser: StaffBrowser) => [
    ...paths.flatMap(path =>
      (/\{id\}|^\/slips$/.test(path) ? [lamp.id, report.id] : ['']).map(id => ({
        path,
        send: () =>
          browser.get(
            `${path.replace('{id}', id).replace('{code}', FACTORY.enterprise)}?${path === '/slips' ? `ids=${id}` : (QUERIES[path] ?? '')}`,
          ),
      })),
    ),
    { path: 'suggestions', send: () => browser.post('/agent/suggestions', TALK) },
    ...[LAMP, REPORT]
      .flatMap(({ mark, name, saidPhone }) => [mark, name, saidPhone])
      .map(search => ({
        path: `search for ${search}`,
        send: () => browser.post('/cases/search', { search }),
      })),
  ]

  /** All that a role gets by reading. */
  async function walk(login: string) {
    const known = seen.get(login)
    if (known) return known
    const browser = new StaffBrowser(running.url)
    await browser.logIn(login, PASSWORD)
    const answers = []
    for (const { path, send } of requestsOf(browser)) {
      const { status, json } = await send()
      answers.push({ path, status, text: JSON.stringify(json) })
    }
    seen.set(login, answers)
    return answers
  }

  const whereSeen = async (login: string, planted: string) =>
    (await walk(login)).filter(({ text }) => text.includes(planted)).map(({ path }) => path)

  test('are looked for on every route that reads, and each of them answers somebody', async () => {
    expect(paths.length).toBeGreaterThan(20)
    const all = (await Promise.all([...DESK_ROLES].map(walk))).flat()
    expect(all.filter(({ path, status }) => path === 'suggestions' && status === 200)).toHaveLength(3)
    const silent = paths.filter(path => !all.some(each => each.path === path && each.status === 200))
    expect(silent.filter(path => !NOTHING_THERE.includes(path) && !path.startsWith('/sign-on/'))).toEqual([])
  })

  test.each([...DESK_ROLES, 'foreigner'])('%s reads no phone of a sealed person', async login => {
    expect(await whereSeen(login, LAMP.phone)).toEqual([])
    expect(await whereSeen(login, REPORT.phone)).toEqual([])
  })

  test.each(DESK_ROLES)('%s reads words as the table of views says', async role => {
    const view = ROLE_VIEWS[role]
    const sees = async (text: string) => (await whereSeen(role, text)).length > 0
    expect([await sees(LAMP.mark), await sees(REPORT.mark)]).toEqual([
      view.cases !== 'none',
      view.confidential !== 'none',
    ])
    const isWhole = view.words === 'whole'
    expect([await sees(LAMP.name), await sees(LAMP.saidPhone)]).toEqual([isWhole, isWhole])
    const isReporterWhole = view.confidential !== 'none' && view.confidentialWords === 'whole'
    expect([await sees(REPORT.name), await sees(REPORT.saidPhone)]).toEqual([
      isReporterWhole,
      isReporterWhole,
    ])
  })

  test('whoever may not know of a report does not learn that there is one', async () => {
    expect(await whereSeen('agent', report.number)).toEqual([])
    for (const planted of [lamp.number, report.number, LAMP.mark, REPORT.mark])
      expect(await whereSeen('foreigner', planted)).toEqual([])
  })

  test('a search finds nothing by what is hidden, and the rest by what is shown', async () => {
    const found = async (login: string, search: string) => {
      const answer = (await walk(login)).find(({ path }) => path === `search for ${search}`)
      return JSON.parse(answer!.text).rows.length
    }
    expect([await found('handler', REPORT.name), await found('handler', REPORT.saidPhone)]).toEqual([0, 0])
    expect([await found('auditor', LAMP.name), await found('auditor', REPORT.name)]).toEqual([0, 0])
    expect([await found('supervisor', LAMP.name), await found('auditor', LAMP.mark)]).toEqual([1, 1])
    expect(await found('handler', REPORT.mark)).toBe(1)
  })

  test.each(DESK_ROLES)(
    '%s is shown a person who is asked for as the table says, and the look stays',
    async role => {
      const browser = new StaffBrowser(running.url)
      await browser.logIn(role, PASSWORD)
      const view = ROLE_VIEWS[role]
      for (const [current, planted, person] of [
        [lamp, LAMP, view.person],
        [report, REPORT, view.reporter],
      ] as const) {
        const before = (await desk.line.store.accounts.looksAt(current.id)).length
        const answer = await browser.post(`/cases/${current.id}/person`)
        const after = (await desk.line.store.accounts.looksAt(current.id)).length
        const isShown = person === 'asked'
        expect([answer.status === 200, JSON.stringify(answer.json).includes(planted.phone)]).toEqual([
          isShown,
          isShown,
        ])
        expect(after - before).toBe(isShown ? 1 : 0)
      }
    },
  )

  test('a handler reaches a reporter through the relay number, and an auditor nobody', async () => {
    const person = async (login: string) => {
      const browser = new StaffBrowser(running.url)
      await browser.logIn(login, PASSWORD)
      return (await browser.get(`/cases/${report.id}`)).json.person
    }
    const relay = desk.line.content.city.line.phone
    expect(await person('handler')).toMatchObject({ name: null, phone: null, relay })
    expect(await person('auditor')).toBeNull()
  })

  test('a slip says who printed it', async () => {
    const browser = new StaffBrowser(running.url)
    await browser.logIn('handler', PASSWORD)
    expect((await browser.get(`/cases/${lamp.id}/slip`)).json).toContain('handler (handler) 打印于')
  })

  test('an auditor does nothing with a case', async () => {
    const browser = new StaffBrowser(running.url)
    await browser.logIn('auditor', PASSWORD)
    const { json } = await browser.get(`/cases/${lamp.id}`)
    expect(json.actions).toEqual([])
    const reply = { action: 'reply', input: {}, reason: null, expectedVersion: json.case.version }
    expect((await browser.post(`/cases/${lamp.id}/actions`, reply)).status).toBe(403)
  })
})
