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
let late: Filed

beforeAll(async () => {
  desk = lines.fresh()
  const { line } = desk
  ;[running, browser] = await Promise.all([startWiredDesk(line, web), openBrowser()])
  const good = await fileOne(desk, { words: '路灯不亮' })
  await act(line, handler, good.case.id, 'sign')
  await act(line, handler, good.case.id, 'reply', replyInput(line))
  const said = { contacted: true, resolved: true, satisfied: 'very' }
  await act(line, accountOf('agent'), good.case.id, 'follow-up', said)
  late = await fileOne(desk, {
    words: '路灯坏了一个月',
    place: '人民路5号',
    street: 'lishi',
    community: '高湾社区',
  })
  await act(line, handler, late.case.id, 'sign')
  const clause = line.content.departments.get('housing-construction')!.duties[0]!.clause
  const returned = await fileOne(desk, { words: '路灯归谁管', place: '建设路1号' })
  await act(line, handler, returned.case.id, 'return', { clause }, '不归我们管')
  line.clock.set('2026-12-20T10:00:00+08:00')
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
}, SLOWLY)

async function openToday(locale = 'zh-CN', colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  running.accounts.seat(accountOf('supervisor'))
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale, colorScheme })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.clock.setFixedTime(desk.line.clock.now())
  await page.goto(`${running.url}/desk#/today`)
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  await page.locator('a.numbers__one').first().waitFor()
  return page
}

describe.skipIf(!existsSync(join(web, 'desk.html')))("the supervisor's page", () => {
  it(
    'leads from a number to its list, to the case, and to an order that then stands on the page',
    async () => {
      const page = await openToday()
      const overdue = page.locator('a.numbers__one', { hasText: '已超期' })
      expect(await overdue.locator('strong').textContent()).toBe('1')
      await overdue.press('Enter')
      await page.locator('.list__narrowed', { hasText: '已超期' }).waitFor()
      await page.locator('.list__row', { hasText: '路灯坏了一个月' }).click()
      await page.locator('.case__title', { hasText: '路灯坏了一个月' }).waitFor()
      // The list stays what it was opened as.
      expect(await page.locator('.list__row').count()).toBe(1)

      await page.getByRole('button', { name: '发督办单' }).click()
      const dialog = page.locator('.el-dialog', { hasText: '发督办单' })
      await dialog.getByText('督办', { exact: true }).click()
      await dialog.locator('input[type=text]').last().fill('超期多日')
      await dialog.locator('textarea').last().fill('请尽快办结')
      await dialog.getByRole('button', { name: '提交' }).click()
      await page.locator('.history__what', { hasText: '督办' }).first().waitFor()

      await page.goto(`${running.url}/desk#/today`)
      await page.locator('[data-part=orders] .orders a', { hasText: '路灯坏了一个月' }).waitFor()
      await page
        .locator('a.numbers__one', { hasText: '督办未回复' })
        .locator('strong', { hasText: '1' })
        .waitFor()
      await page.locator('.rail a', { hasText: '工单' }).click()
      await page.locator('.list__narrowed').waitFor({ state: 'detached' })
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'draws the map, says the same in a table that opens its cases, and gives files',
    async () => {
      const page = await openToday('zh-CN', 'dark')
      const places = page.locator('[data-part=places]')
      await places.locator('canvas').waitFor()
      expect(await places.getByRole('img').getAttribute('aria-label')).toContain('李石街道 1')
      await places.getByRole('button', { name: '表格' }).click()
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        places.locator('a', { hasText: 'CSV' }).click(),
      ])
      expect(await readFile(await file.path(), 'utf8')).toContain('李石街道,高湾社区,1,1,1')

      await page.locator('[data-part=rates] canvas').waitFor()
      await page.locator('[data-part=rates]').getByRole('button', { name: '表格' }).click()
      await page.locator('.rates__one').first().click()
      await page.locator('.behind tbody a').waitFor()
      await page.keyboard.press('Escape')
      await page.locator('.behind').waitFor({ state: 'detached' })

      const pass = page.locator('[data-part=returns] .matrix td a')
      expect(await pass.getAttribute('aria-label')).toContain('城市管理综合执法局退单')
      await pass.click()
      await page.locator('.list__narrowed', { hasText: '城市管理综合执法局 → 待裁定' }).waitFor()
      await page.locator('.list__row', { hasText: '路灯归谁管' }).waitFor()
      await page.goBack()
      await places.getByRole('button', { name: '表格' }).click()
      await places.locator('tr', { hasText: '高湾社区' }).locator('a').click()
      await page.locator('.list__narrowed', { hasText: '未办结 · 高湾社区' }).waitFor()
      await page.locator('.list__row').first().waitFor()
      expect(await page.locator('.list__row').count()).toBe(1)
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'has every text in English, and nothing wider than the screen',
    async () => {
      const page = await openToday('en-US')
      await page.locator('[data-part=orders] .panel__body').waitFor()
      await page.locator('[data-part=rates] canvas').waitFor()
      const text = (await page.locator('main.today').textContent()) ?? ''
      expect(text).not.toMatch(/\b(?:desk|overview|evaluation)\.[a-z]/)
      const width = await page.locator('main.today').evaluate(main => main.scrollWidth - main.clientWidth)
      expect(width).toBeLessThanOrEqual(0)
      await page.context().close()
    },
    SLOWLY,
  )
})
