import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'

const SLOWLY = 120_000
const isBuilt = existsSync(join(import.meta.dirname, '../../build/web/desk.html'))

let line: RunningLine
let browser: Browser

beforeAll(async () => {
  ;[line, browser] = await Promise.all([runLine(), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await line?.remove()
}, SLOWLY)

/** A desk where the administrator has logged in and acts as an agent. */
async function openDesk(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.addInitScript(() =>
    localStorage.setItem('yihao.desk-standing', '{"role":"agent","department":null}'),
  )
  await page.goto(`${line.url}/desk`)
  const { login, password } = await line.administrator()
  await page.locator('#desk-login').fill(login)
  await page.locator('#desk-password').fill(password)
  await page.locator('#desk-password').press('Enter')
  await page.locator('.list').waitFor()
  return page
}

/** Files a matter on the resident's page. */
async function fileMatter(words: string): Promise<void> {
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(line.url)
  await page.locator('textarea').fill(words)
  await page.locator('textarea').press('Enter')
  for (let step = 0; step < 6 && (await page.locator('.card').count()) === 0; step++) {
    await page.locator('.choices .chip, .card').first().waitFor()
    if ((await page.locator('.card').count()) === 0) await page.locator('.choices .chip').first().click()
    await page.waitForTimeout(800)
  }
  await page.locator('.card').first().waitFor()
  await context.close()
}

async function note(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: '备注', exact: true }).click()
  await page.locator('.form textarea').first().fill(text)
}

describe.skipIf(!isBuilt)('the desk', () => {
  it(
    'shows a new case by itself; two people at once: the slower is told and loses nothing',
    async () => {
      const [first, second] = await Promise.all([openDesk(), openDesk()])
      await fileMatter('李石街道同城社区3号楼的楼道灯坏了')
      await first.locator('.list__row').first().waitFor()
      await first.keyboard.press('j')
      await first.keyboard.press('Enter')
      await first.locator('.matter__words').waitFor()
      expect(await first.locator('.matter__words').textContent()).toContain('楼道灯坏了')

      await second.locator('.list__row').first().click()
      await note(second, '我写了一半')
      await note(first, '已电话核实')
      await first.getByRole('button', { name: '提交' }).click()
      await first.locator('.history__said', { hasText: '已电话核实' }).waitFor()

      await second.getByText('别人先改了这件工单').waitFor()
      expect(await second.locator('.form textarea').first().inputValue()).toBe('我写了一半')
      await second.getByRole('button', { name: '仍然提交' }).click()
      await first.locator('.history__said', { hasText: '我写了一半' }).waitFor()
    },
    SLOWLY,
  )

  it(
    'lets me end my other sessions; what was being written there is still there after the password, and whoever types wrong ones waits',
    async () => {
      const [mine, other] = await Promise.all([openDesk(), openDesk()])
      await fileMatter('李石街道同城社区5号楼的楼道灯坏了')
      await other.locator('.list__row').first().click()
      await note(other, '我正在写')
      await mine.getByRole('button', { name: '我的账号' }).click()
      await mine.locator('.sessions li', { hasText: '本机' }).waitFor()
      await mine.getByRole('button', { name: '结束其他全部登录' }).click()
      await expect.poll(() => mine.locator('.sessions li').count()).toBe(1)

      await other.getByRole('button', { name: '提交' }).click()
      const dialog = other.getByRole('dialog', { name: '登录已过期' })
      const password = dialog.locator('#desk-password')
      await password.fill('wrong')
      await password.press('Enter')
      await dialog.getByText('账号或密码不对。').waitFor()
      await password.fill((await line.administrator()).password)
      await password.press('Enter')
      await dialog.waitFor({ state: 'hidden' })
      expect(await other.locator('.form textarea').first().inputValue()).toBe('我正在写')
      await other.getByRole('button', { name: '提交' }).click()
      await other.locator('.history__said', { hasText: '我正在写' }).waitFor()

      await mine.keyboard.press('Escape')
      await mine.getByRole('button', { name: '退出', exact: true }).click()
      const { login } = await line.administrator()
      for (let wrong = 0; wrong < 6; wrong++) {
        await mine.locator('#desk-login').fill(login)
        await mine.locator('#desk-password').fill(`wrong ${wrong}`)
        const answered = mine.waitForResponse('**/api/desk/login')
        await mine.locator('#desk-password').press('Enter')
        await answered
      }
      await mine.getByText(/密码输错的次数多了，请1\d秒后再试。/).waitFor()
    },
    SLOWLY,
  )
})
