import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Barrier, findBarriers } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { runProgram } from '../support/run-program.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'
import { StaffBrowser } from '../support/staff-browser.ts'
import { TELEPHONE_SECRET } from '../support/telephone-line.ts'

const SLOWLY = 180_000
/** By its path: its icons are typed for the pages' own compiler only. */
const PAGES_FILE = join(import.meta.dirname, '../../src/web/desk/pages.ts')
const PASSWORD = 'a long enough secret'
/** Residents' pages, with what says that they are there. */
const RESIDENT_PAGES = { '/': 'textarea', '/status': '.status__form', '/guide': 'h1' } as const

let line: RunningLine
let browser: Browser
let dataDir: string
let admin: StaffBrowser
let pages: Record<string, { roles: readonly string[] }>

beforeAll(async () => {
  pages = (await import(PAGES_FILE)).PAGES
  dataDir = await mkdtemp(join(tmpdir(), 'yihao-line-'))
  const from = new Date(Date.now() - 366 * 86_400_000).toISOString().slice(0, 10)
  const [filled] = await Promise.all([
    runProgram('simulate', ['--cases', '60', '--from', from], {
      env: { DATA_DIR: dataDir, DATABASE_URL: '', REDIS_URL: '' },
    }),
    openBrowser().then(opened => {
      browser = opened
    }),
  ])
  expect(filled.code).toBe(0)
  line = await runLine({ DATA_DIR: dataDir, DATABASE_URL: '', REDIS_URL: '', TELEPHONE_SECRET })
  admin = new StaffBrowser(line.url)
  const { login, password } = await line.administrator()
  await admin.logIn(login, password)
  await ring()
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await line?.remove()
  await rm(dataDir, { recursive: true, force: true })
}, SLOWLY)

/** A call that goes on. */
async function ring(): Promise<void> {
  const call = { callId: 'a1', direction: 'inbound', ani: '13900000101', dnis: '8890', queue: 'general' }
  const said = '我家暖气不热，屋里只有十四度，人民路3号。'
  const events = [
    { ...call, type: 'call.started', seq: 1, agentId: '1003', startedAt: new Date(), locale: 'zh-CN' },
    {
      type: 'utterance.final',
      callId: 'a1',
      seq: 2,
      utteranceId: 'u1',
      revision: 1,
      role: 'resident',
      text: said,
      beginMs: 1,
      endMs: 2,
      confidence: 0.9,
    },
  ]
  const headers = { authorization: `Bearer ${TELEPHONE_SECRET}`, 'content-type': 'application/json' }
  const answer = await fetch(`${line.url}/channels/telephone/events`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ events }),
  })
  expect(answer.ok).toBe(true)
}

/** Somebody new with that role, whose password is their own. */
async function loginOf(role: string): Promise<string> {
  const login = `who-${role}`
  const department = role === 'handler' ? 'heating-company' : null
  const profile = { login, displayName: role, role, department, password: null }
  const { json } = await admin.post('/accounts', profile, { 'idempotency-key': `new-account-${role}` })
  const own = new StaffBrowser(line.url)
  await own.logIn(login, String(json.password))
  await own.post('/me/password', { old: json.password, wanted: PASSWORD })
  return login
}

/** A window that knows which answers are still on their way. */
async function openWindow(width: number, height: number): Promise<{ page: Page; settle(): Promise<void> }> {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const pending = new Set<unknown>()
  page.on('request', request => {
    if (!/\/events|\/stream/.test(request.url())) pending.add(request)
  })
  page.on('requestfinished', request => pending.delete(request))
  page.on('requestfailed', request => pending.delete(request))
  return {
    page,
    settle: () =>
      expect
        .poll(async () => pending.size + (await page.locator('.el-skeleton').count()), { timeout: 30_000 })
        .toBe(0),
  }
}

/** Barriers of the page as it stands, in both themes. */
async function look(page: Page): Promise<(Barrier & { theme: string })[]> {
  const found: (Barrier & { theme: string })[] = []
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    found.push(...(await findBarriers(page)).map(barrier => ({ theme, ...barrier })))
  }
  return found
}

/** Opens the desk as somebody with that role. */
async function sitDown(role: string): Promise<Awaited<ReturnType<typeof openWindow>>> {
  const opened = await openWindow(1280, 720)
  const login = await loginOf(role)
  await opened.page.goto(`${line.url}/desk`)
  await opened.page.locator('#desk-login').fill(login)
  await opened.page.locator('#desk-password').fill(PASSWORD)
  await opened.page.locator('#desk-password').press('Enter')
  await opened.page.locator('.bar').waitFor()
  return opened
}

/** Which pages each role is to open: everybody's once, by whoever sees most. */
function pagesByRole(): Map<string, string[]> {
  const byRole = new Map<string, string[]>()
  for (const [page, { roles }] of Object.entries(pages)) {
    const role = roles.includes('admin') ? 'admin' : roles[0]!
    byRole.set(role, [...(byRole.get(role) ?? []), page])
  }
  return byRole
}

describe('nobody is kept out of a page (axe, light and dark)', () => {
  it(
    "residents' pages, empty and with an answer",
    async () => {
      const { page, settle } = await openWindow(360, 740)
      for (const [path, there] of Object.entries(RESIDENT_PAGES)) {
        await page.goto(line.url + path)
        await page.locator(there).first().waitFor()
        await settle()
        expect.soft(await look(page), path).toEqual([])
      }
      await page.goto(line.url)
      await page.locator('textarea').fill('转人工')
      await page.locator('textarea').press('Enter')
      await page.locator('.person, .message.is-line').first().waitFor()
      expect.soft(await look(page), 'the chat').toEqual([])
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'the desk, each page with its rooms, the cases and one of them',
    async () => {
      for (const [role, names] of pagesByRole()) {
        const { page, settle } = await sitDown(role)
        if (role === 'admin') await answerCall(page)
        for (const name of names) {
          await page.goto(`${line.url}/desk#/${name}`)
          await page.locator('main:visible').first().waitFor()
          await settle()
          expect.soft(await look(page), name).toEqual([])
          for (const room of await roomsOf(page, name)) {
            await page.goto(`${line.url}/desk${room}`)
            await settle()
            expect.soft(await look(page), room).toEqual([])
          }
        }
        await page.goto(`${line.url}/desk#/`)
        await page.locator('.list__row').first().click()
        await page.locator('.case__title').waitFor()
        await settle()
        expect.soft(await look(page), 'a case').toEqual([])
        await page.context().close()
      }
    },
    SLOWLY,
  )
})

/** Takes the call that goes on, looks at the form that has filled itself, files it. */
async function answerCall(page: Page): Promise<void> {
  await page.goto(`${line.url}/desk#/agent`)
  await page.locator('.agent__talks button', { hasText: '139' }).click()
  await expect.poll(() => page.locator('#agent-place').inputValue()).toContain('人民路3号')
  expect.soft(await look(page), 'a call').toEqual([])
  await page.keyboard.press('Control+Enter')
  await page.locator('.receipt').waitFor()
  expect.soft(await look(page), 'a receipt').toEqual([])
}

/** The rooms of a page beside the one that opens first. */
async function roomsOf(page: Page, name: string): Promise<string[]> {
  const links = await page.locator(`main nav a[href^="#/${name}/"]:not([aria-current])`).all()
  return Promise.all(links.map(async link => (await link.getAttribute('href')) ?? ''))
}
