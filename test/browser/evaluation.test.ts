import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import {
  accountOf,
  act,
  type Desk,
  type Filed,
  fileOne,
  lapse,
  replyInput,
  useTestLine,
} from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const SLOWLY = 120_000
const web = join(import.meta.dirname, '../../build/web')
const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')

let desk: Desk
let running: WiredDesk
let browser: Browser
let bad: Filed
let withdrawn: Filed

async function closed(words: string, resolved: boolean): Promise<Filed> {
  const filed = await fileOne(desk, { words })
  await act(desk.line, handler, filed.case.id, 'sign')
  await act(desk.line, handler, filed.case.id, 'reply', replyInput(desk.line))
  const said = { contacted: true, resolved, satisfied: resolved ? 'very' : 'dissatisfied' }
  await act(desk.line, accountOf('agent'), filed.case.id, 'follow-up', said)
  if (resolved) return filed
  // A "no" goes back; the second reply is left without a word.
  await act(desk.line, handler, filed.case.id, 'sign')
  await act(desk.line, handler, filed.case.id, 'reply', replyInput(desk.line))
  await lapse(desk.line, filed.case.id)
  return filed
}

beforeAll(async () => {
  desk = lines.fresh()
  ;[running, browser] = await Promise.all([startWiredDesk(desk.line, web), openBrowser()])
  await closed('路灯不亮', true)
  bad = await closed('路灯修了又坏', false)
  desk.line.clock.set('2026-11-24T10:00:00+08:00')
  withdrawn = await fileOne(desk)
  await act(desk.line, accountOf('agent'), withdrawn.case.id, 'withdraw', {}, '灯自己好了')
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
}, SLOWLY)

async function openEvaluation(): Promise<Page> {
  running.accounts.seat(accountOf('supervisor'))
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.clock.setFixedTime(desk.line.clock.now())
  await page.goto(`${running.url}/desk#/evaluation`)
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  await page.locator('.evaluation__table').waitFor()
  return page
}

const digits = (number: string) => number.replace(/\D/g, '')

describe.skipIf(!existsSync(join(web, 'desk.html')))('the evaluation at the desk', () => {
  it(
    'shows the rates, opens the cases behind each number, says why one is left out, and gives files',
    async () => {
      const page = await openEvaluation()
      const row = page.locator('.evaluation__table tbody tr')
      expect(await row.count()).toBe(1)
      expect(await row.locator('th').textContent()).toBe('城市管理综合执法局')
      const resolved = row.getByRole('button', { name: '1 / 2' }).first()
      expect(await resolved.textContent()).toContain('50%')

      await resolved.click()
      const dialog = page.locator('.behind')
      await dialog.getByText('否 1').click()
      await dialog.getByText('路灯修了又坏').waitFor()
      expect(digits((await dialog.locator('tbody a').textContent()) ?? '')).toBe(bad.case.number)
      expect(await dialog.locator('tbody tr').count()).toBe(1)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })

      await row.locator('.is-apart button').click()
      await dialog.locator('.behind__why', { hasText: '灯自己好了' }).waitFor()
      expect(await dialog.locator('.behind__why').textContent()).toContain('撤销')
      await page.keyboard.press('Escape')

      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.care__head a', { hasText: 'CSV' }).click(),
      ])
      expect(file.suggestedFilename()).toBe('evaluation-department-2026-11-01-2026-11-24.csv')
      expect(await readFile(await file.path(), 'utf8')).toContain('导出人：supervisor（test-supervisor）')

      await page.locator('.evaluation__groups').getByText('月份').click()
      await page.locator('tbody th', { hasText: '2026-11' }).waitFor()
      await page.getByRole('button', { name: '上月' }).click()
      await page.getByText('这段时间没有工单').waitFor()
    },
    SLOWLY,
  )
})
