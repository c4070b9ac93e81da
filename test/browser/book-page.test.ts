import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers } from '../support/axe.ts'
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

async function openPage(path: string, more: { locale?: string; colorScheme?: 'dark' | 'light' } = {}) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: 'zh-CN',
    ...more,
  })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(line.url + path)
  await page.locator('h1').waitFor()
}

const shot = (name: string) =>
  process.env.SHOTS && page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true })
const isNarrow = async () => (await page.evaluate<number>('document.documentElement.scrollWidth')) <= 360

describe('the page for bookings, on a phone', () => {
  it(
    'a time is found, booked, changed and cancelled; what was typed stays when it was wrong',
    async () => {
      await openPage('/book')
      await page.getByRole('searchbox').fill('办护照')
      await page.getByRole('searchbox').press('Enter')
      await page.getByRole('button', { name: '普通护照签发' }).click()
      await page.locator('.times input').first().waitFor()
      expect(await isNarrow()).toBe(true)
      expect(await findBarriers(page)).toEqual([])
      await shot('book-form')
      await page.locator('.days input:enabled').nth(1).check()
      await page.locator('.times input:enabled').first().check()
      await page.getByLabel('手机号').fill('12345')
      await page.getByLabel('怎么称呼您').fill('王女士')
      await page.getByRole('button', { name: /^预约 / }).click()
      await page.getByText('请填写11位手机号').waitFor()
      expect(await page.getByLabel('怎么称呼您').inputValue()).toBe('王女士')
      await page.getByLabel('手机号').fill('13800138000')
      await page.getByRole('button', { name: /^预约 / }).click()
      await page.getByRole('heading', { name: '约好了' }).waitFor()
      expect(await page.locator('.book__key dd').nth(1).textContent()).toMatch(/^[0-9A-Z]{8}$/)
      expect(await findBarriers(page)).toEqual([])
      await shot('book-done')
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: '存到手机日历' }).click(),
      ])
      expect(file.suggestedFilename()).toMatch(/^Y\d{6}\.ics$/)

      const [number = '', code = ''] = await page.locator('.book__key dd').allTextContents()
      const before = await page.locator('.book__when').textContent()
      await openPage(`/book#${number}`)
      await page.getByLabel('查询码').fill(code)
      await page.getByRole('button', { name: '打开' }).click()
      await page.getByRole('button', { name: '改时间' }).click()
      await page.locator('.times input:enabled').nth(2).check()
      await page.getByRole('button', { name: /^改到 / }).click()
      await page.getByText('时间改好了。').waitFor()
      expect(await page.locator('.book__when').textContent()).not.toBe(before)
      await page.getByRole('button', { name: '取消预约' }).click()
      await page.getByRole('button', { name: '取消', exact: true }).click()
      await page.getByRole('heading', { name: '已取消' }).waitFor()
    },
    SLOWLY,
  )

  it(
    'in English and in the dark nothing is left raw, hidden or without a name',
    async () => {
      await openPage('/book/passport', { locale: 'en-GB', colorScheme: 'dark' })
      await page.locator('.times input').first().waitFor()
      expect(await page.locator('main').textContent()).not.toMatch(/web\.book|[\u4e00-\u9fff]/)
      expect(await findBarriers(page)).toEqual([])
      expect(await isNarrow()).toBe(true)
      await shot('book-dark')
    },
    SLOWLY,
  )

  it(
    'by keyboard, in Traditional characters; without a time it is said so',
    async () => {
      await openPage('/book/passport', { locale: 'zh-TW' })
      await page.locator('.times input').first().waitFor()
      await page.getByRole('button', { name: /^預約/ }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('請先選一個時間。').waitFor()
    },
    SLOWLY,
  )
})
