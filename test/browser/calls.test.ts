import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR } from '../../src/kernel/clock.ts'
import { deliverNotification } from '../../src/usecases/deliver-notification.ts'
import { releaseCall, takeCall } from '../../src/usecases/make-calls.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { openBrowser } from '../support/browser.ts'
import {
  accountOf,
  act,
  type Desk,
  type Filed,
  fileOne,
  replyInput,
  storedCase,
  useTestLine,
} from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const SLOWLY = 120_000
const PHONE = '13800138000'
const web = join(import.meta.dirname, '../../build/web')
const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')

let desk: Desk
let running: WiredDesk
let browser: Browser
let li: Account
let zhao: Account

beforeAll(async () => {
  desk = lines.fresh()
  ;[running, browser] = await Promise.all([startWiredDesk(desk.line, web), openBrowser()])
  const agent = { role: 'agent', department: null } as const
  li = await desk.line.store.accounts.add({ ...agent, login: 'li', displayName: '李伟' }, 'a password')
  zhao = await desk.line.store.accounts.add({ ...agent, login: 'zhao', displayName: '赵敏' }, 'a password')
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
}, SLOWLY)

/** Somebody who left hours ago, and is to be called about the reply. */
async function toCall(words: string): Promise<Filed> {
  desk.line.clock.set('2026-11-24T10:00:00+08:00')
  const filed = await fileOne(desk, { words })
  desk.line.clock.advance(3 * HOUR)
  await act(desk.line, handler, filed.case.id, 'sign')
  await act(desk.line, handler, filed.case.id, 'reply', replyInput(desk.line))
  for (const job of desk.record.jobs.splice(0))
    if (job.name === 'notify-resident') await deliverNotification(desk.line, job)
  return filed
}

async function openCalls(options: BrowserContextOptions = {}): Promise<{ page: Page; sent: string[] }> {
  running.accounts.seat(li)
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'zh-CN',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const sent: string[] = []
  page.on('request', request => {
    if (request.url().endsWith('/outcome')) sent.push(request.postData() ?? '')
  })
  await page.goto(`${running.url}/desk#/calls`)
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  await page.locator('.calls').waitFor()
  return { page, sent }
}

const rowOf = (page: Page, words: string) => page.locator('.calls tbody tr', { hasText: words })
const choose = (dialog: Locator, field: string, text: string) =>
  dialog.locator(`[data-field="${field}"]`).getByText(text, { exact: true }).click()
const stateOf = async ({ case: { id } }: Filed) => (await storedCase(desk.line, id)).case

async function openDialog(page: Page, words: string): Promise<Locator> {
  await rowOf(page, words).locator('button').click()
  const dialog = page.locator('.el-dialog.call')
  await dialog.locator('button[type=submit]').waitFor()
  return dialog
}

describe.skipIf(!existsSync(join(web, 'desk.html')))('the calls to make', () => {
  it(
    'nothing is sent before every question has an answer, and not knowing is one that is chosen',
    async () => {
      const filed = await toCall('路灯不亮，问一问')
      const { page, sent } = await openCalls()
      const dialog = await openDialog(page, '问一问')
      const save = dialog.locator('button[type=submit]')
      const missing = () =>
        dialog
          .locator('.el-form-item.is-error')
          .evaluateAll(all => all.map(each => each.getAttribute('data-field')))

      await save.click()
      expect(await missing()).toEqual(['outcome'])
      await choose(dialog, 'outcome', '打通了')
      expect(await dialog.locator('[data-field] input:checked').count()).toBe(1)
      await save.click()
      await dialog.locator('[data-field=resolved].is-error').waitFor()
      expect(await missing()).toEqual(['contacted', 'resolved'])
      expect(sent).toEqual([])
      expect((await stateOf(filed)).state).toBe('replied')

      await choose(dialog, 'contacted', '不清楚')
      await choose(dialog, 'resolved', '是')
      await choose(dialog, 'satisfied', '满意')
      // Nobody is content with what is not solved: the answer is taken back, and not offered any more.
      await choose(dialog, 'resolved', '否')
      expect(await dialog.locator('[data-field=satisfied]').textContent()).not.toContain('非常满意')
      expect(await dialog.locator('[data-field=satisfied] input:checked').count()).toBe(0)
      await choose(dialog, 'satisfied', '不满意')
      await dialog.locator('textarea').fill('灯还是不亮')
      expect(await dialog.locator('textarea').count()).toBe(1)
      await save.click()
      await dialog.waitFor({ state: 'detached' })
      await rowOf(page, '问一问').waitFor({ state: 'detached' })
      const answers = { contacted: null, resolved: false, satisfied: 'dissatisfied', text: '灯还是不亮' }
      expect(sent.map(body => JSON.parse(body))).toEqual([{ outcome: 'reached', answers }])
      const { case: after, events } = await storedCase(desk.line, filed.case.id)
      expect(after).toMatchObject({ state: 'dispatched', reworkCount: 1 })
      expect(events.findLast(({ type }) => type === 'reworked')!.data).toMatchObject(answers)
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'shows whom to call about what once it is opened, and the look is recorded; what was typed is not kept for the next',
    async () => {
      const filed = await toCall('井盖没了，看一看')
      const { page } = await openCalls()
      const row = rowOf(page, '看一看')
      await row.waitFor()
      expect(await page.locator('.calls thead th[scope=col]').count()).toBe(await row.locator('td').count())
      expect(await page.locator('.calls').textContent()).not.toContain(PHONE)
      expect(await desk.line.store.accounts.looksAt(filed.case.id)).toEqual([])
      const dialog = await openDialog(page, '看一看')
      expect(await dialog.locator('.call__phone').getAttribute('href')).toBe(`tel:${PHONE}`)
      const text = ((await dialog.textContent()) ?? '').replaceAll(' ', '')
      for (const shown of [filed.case.number, '王秀兰', '井盖没了，看一看', '灯泡已经换好'])
        expect(text).toContain(shown)
      expect((await desk.line.store.accounts.looksAt(filed.case.id)).map(({ login }) => login)).toEqual([
        'li',
      ])

      await choose(dialog, 'outcome', '打通了')
      await dialog.locator('textarea').fill('记错了人')
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      const again = await openDialog(page, '看一看')
      await choose(again, 'outcome', '打通了')
      expect(await again.locator('textarea').inputValue()).toBe('')
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'follows what happens elsewhere: new calls, and those that a colleague makes now',
    async () => {
      const { page } = await openCalls()
      const filed = await toCall('垃圾成堆，等一等')
      const row = rowOf(page, '等一等')
      await row.waitFor()
      const { id } = (
        await desk.line.store.calls.list(desk.line.clock.now(), { includeConfidential: true, limit: 200 })
      ).find(call => call.caseId === filed.case.id)!
      await takeCall(desk.line, zhao, id)
      await row.getByText('赵敏正在打').waitFor()
      expect(await row.locator('button').isDisabled()).toBe(true)
      await releaseCall(desk.line, zhao, id)
      await row.locator('button:not([disabled])').waitFor()

      const dialog = await openDialog(page, '等一等')
      await expect(takeCall(desk.line, zhao, id)).rejects.toMatchObject({ code: 'call-taken' })
      await Promise.all([
        page.waitForResponse(response => response.url().endsWith('/release')),
        page.keyboard.press('Escape'),
      ])
      await dialog.waitFor({ state: 'detached' })
      await takeCall(desk.line, zhao, id)
      await row.getByText('赵敏正在打').waitFor()
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'fits a phone: cards instead of a table, and a dialog as wide as the page',
    async () => {
      await toCall('楼道漏水，量一量')
      const { page } = await openCalls({ viewport: { width: 390, height: 800 } })
      await rowOf(page, '量一量').waitFor()
      const overflow = () =>
        page.evaluate(
          `(() => { const calls = document.querySelector('.calls'); return calls.scrollWidth - calls.clientWidth })()`,
        )
      expect(await overflow()).toBe(0)
      const button = (await rowOf(page, '量一量').locator('button').boundingBox())!
      expect(button.x + button.width).toBeLessThanOrEqual(390)
      const dialog = await openDialog(page, '量一量')
      await choose(dialog, 'outcome', '打通了')
      await dialog.locator('[data-field=satisfied]').waitFor()
      const box = (await dialog.boundingBox())!
      expect([box.x >= 0, box.x + box.width <= 390]).toEqual([true, true])
      for (const choice of await dialog.locator('.el-radio-button').all()) {
        const { x, width } = (await choice.boundingBox())!
        expect(x + width).toBeLessThanOrEqual(390)
      }
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'a page that cannot be opened is in words, and dark where people want it dark',
    async () => {
      const context = await browser.newContext({ locale: 'zh-CN', colorScheme: 'dark' })
      const page = await context.newPage()
      expect((await page.goto(`${running.url}/notices/nothing/here`))!.status()).toBe(404)
      expect(await page.locator('h1').textContent()).toBe('打不开这个页面')
      expect(await page.locator('a[href="tel:8890"]').count()).toBe(1)
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      expect(ground).toBe('rgb(15, 23, 25)')
      await context.close()
    },
    SLOWLY,
  )
})
