import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'

const SLOWLY = 120_000

let line: RunningLine
let browser: Browser
let page: Page

beforeAll(async () => {
  ;[line, browser] = await Promise.all([runLine(), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await line?.remove()
}, SLOWLY)
afterEach(() => page?.context().close())

async function openPage(path: string, locale = 'zh-CN'): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(line.url + path)
  await page.locator('h1').waitFor()
}

const choose = async (name: string) => {
  await page.getByRole('button', { name, exact: true }).click()
  await page.locator('.told-so-far strong', { hasText: name }).first().waitFor()
}
const papers = () => page.locator('.papers strong').allTextContents()

describe("the guide's pages", () => {
  it(
    'everyday words, a few questions, a checklist on paper; its link brings it back',
    async () => {
      await openPage('/guide')
      await page.getByRole('searchbox').fill('开个奶茶店')
      await page.getByRole('searchbox').press('Enter')
      await page.locator('.found a').first().click()
      await page.locator('.asking').waitFor()
      for (const choice of ['奶茶、咖啡、饮品', '租的', '没有', '不带']) await choose(choice)
      await page.locator('.papers').waitFor()
      expect(await papers()).toContain('房屋租赁合同')
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)

      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: '下载打印' }).click(),
      ])
      expect(file.suggestedFilename()).toBe('开一家店.pdf')

      const before = await papers()
      expect(page.url()).toMatch(/\/guide\/open-shop#[0-9A-Z]+$/)
      await page.reload()
      await page.locator('.papers').waitFor()
      expect(await papers()).toEqual(before)
    },
    SLOWLY,
  )

  it(
    'a changed answer changes the list; by keyboard, in Traditional characters',
    async () => {
      await openPage('/guide/household-birth', 'zh-TW')
      for (const choice of ['國內', '沒領，或離了', '跟爸爸']) {
        await page.getByRole('button', { name: choice, exact: true }).focus()
        await page.keyboard.press('Enter')
        await page.locator('.told-so-far strong', { hasText: choice }).waitFor()
      }
      await page.locator('.papers').waitFor()
      expect(await papers()).toContain('親子鑑定意見')
      await page.getByRole('button', { name: /改這一條：孩子落誰家/ }).click()
      await page.locator('.asking').waitFor()
      await page.getByRole('button', { name: '跟媽媽', exact: true }).click()
      await page.locator('.papers').waitFor()
      expect(await papers()).not.toContain('親子鑑定意見')
    },
    SLOWLY,
  )

  it(
    'who cannot apply is led to what they can; an old link says why it asks anew',
    async () => {
      await openPage('/guide/unemployment-benefit', 'en')
      await page.getByRole('button', { name: 'I resigned' }).click()
      await page.locator('.stop a').click()
      await page.getByRole('heading', { name: 'Registration as unemployed' }).waitFor()
      await page.goto(`${line.url}/guide/marriage#1ZZ`)
      await page.getByRole('alert').waitFor()
      await page.locator('.asking').waitFor()
    },
    SLOWLY,
  )
})
