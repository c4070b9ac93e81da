import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'

const SLOWLY = 120_000
const web = join(import.meta.dirname, '../../build/web')

let line: RunningLine
let browser: Browser
let page: Page
/** Hosts that the page asked for anything. */
const hosts = new Set<string>()
const problems: string[] = []

beforeAll(async () => {
  ;[line, browser] = await Promise.all([runLine(), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await line?.remove()
}, SLOWLY)
afterEach(() => page?.context().close())

/** A phone of 360 × 740 with the page open. */
async function openPage(path = '/', locale = 'zh-CN'): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('request', request => hosts.add(new URL(request.url()).host))
  page.on('pageerror', error => problems.push(error.message))
  await page.goto(line.url + path)
  await page.locator('textarea, .status__form').first().waitFor()
}

async function say(words: string): Promise<void> {
  await page.locator('textarea').fill(words)
  await page.locator('textarea').press('Enter')
}

const ownMessages = () => page.locator('.message.is-own .bubble__text')
const chips = () => page.locator('.choices .chip')

/** Takes the first suggested answer until a card is there. */
async function followSuggestions(): Promise<void> {
  for (let step = 0; step < 6 && (await page.locator('.card').count()) === 0; step++) {
    const before = await ownMessages().count()
    await chips().first().click()
    await page.locator('.message.is-own').nth(before).waitFor()
    await page.locator('.choices .chip, .card').first().waitFor()
  }
}

const isBuilt = existsSync(join(web, 'index.html'))

describe.skipIf(!isBuilt)("the resident's page", () => {
  it(
    'two matters in own words become two cards, which a reload keeps and the status page knows',
    async () => {
      await openPage()
      await say('人民路3号半夜还在施工，吵得睡不着，楼道灯也坏了')
      await chips().first().waitFor()
      await followSuggestions()
      await expect.poll(() => page.locator('.card').count()).toBe(2)
      const card = page.locator('.card').first()
      const number = ((await card.locator('.copy__text').first().textContent()) ?? '').replace(/\D/g, '')
      const code = (await card.locator('.card__secret').textContent()) ?? ''
      expect(number).toMatch(/^\d{12}$/)
      expect(await card.locator('.card__due dd').textContent()).not.toBe('')
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)

      await page.reload()
      await expect.poll(() => page.locator('.card').count()).toBe(2)
      expect(await page.locator('.card__secret').count(), 'the code is behind a tap now').toBe(0)

      // Here the chat itself would open it; elsewhere its code must.
      await page.context().close()
      await openPage(`/status#n=${number}`)
      await page.locator('input').nth(1).fill('WRONG234')
      await page.locator('input').nth(1).press('Enter')
      await page.locator('.status__problem:not(:empty)').waitFor()
      await page.locator('input').nth(1).fill(code.toLowerCase())
      await page.locator('input').nth(1).press('Enter')
      await page.locator('.track li[aria-current=step]').waitFor()
      expect(page.url(), 'the code is never in an address').not.toContain(code)
    },
    SLOWLY,
  )

  it(
    'without a network what is said waits, and leaves once when it is back',
    async () => {
      await openPage()
      await page.locator('.message.is-line').first().waitFor()
      await page.context().setOffline(true)
      await say('楼道灯坏了')
      await page.getByRole('status').getByText('网络断了').waitFor()
      await page.context().setOffline(false)
      await page.locator('.message.is-line').nth(1).waitFor()
      await page.getByText('已送达').waitFor()
      await page.reload()
      await page.locator('.message.is-line').nth(1).waitFor()
      expect(await ownMessages().allInnerTexts()).toEqual(['楼道灯坏了'])
    },
    SLOWLY,
  )

  it(
    'when only the answer to a message is lost, it is sent again and counts once',
    async () => {
      let sendings = 0
      // Neither socket nor polling may bring the echo before the message is sent again: it would count as the answer.
      await openPage()
      await page.routeWebSocket(/\/stream/, socket => socket.close())
      await page.reload()
      await page.locator('.message.is-line').first().waitFor()
      await page.route(/\/activities(\?|$)/, async route => {
        if (route.request().method() !== 'POST') return sendings === 1 ? route.abort() : route.continue()
        sendings++
        if (sendings > 1) return route.continue()
        await route.fetch()
        return route.abort()
      })
      await say('楼道灯坏了')
      await expect.poll(() => sendings, { timeout: 15_000 }).toBe(2)
      await page.getByText('已送达').waitFor()
      await page.waitForTimeout(1_500)
      const shown = await page.locator('.message').count()
      expect(await ownMessages().allTextContents()).toEqual(['楼道灯坏了'])

      // A page that knows nothing is told the whole transcript by the server.
      await page.evaluate('localStorage.clear()')
      await page.reload()
      await expect.poll(() => page.locator('.message').count(), { timeout: 15_000 }).toBe(shown)
    },
    SLOWLY,
  )

  it(
    'Enter that chooses a word of an input method sends nothing; Shift+Enter is a new line; the draft is kept',
    async () => {
      await openPage()
      const field = page.locator('textarea')
      await field.fill('李石街道')
      await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
      await field.press('Shift+Enter')
      expect(await ownMessages().count()).toBe(0)
      await page.reload()
      expect(await page.locator('textarea').inputValue()).toBe('李石街道\n')
    },
    SLOWLY,
  )

  it(
    'danger is answered in red with numbers to tap, in Traditional Chinese too',
    async () => {
      await openPage('/', 'zh-TW')
      expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hant')
      await say('家裡煤氣味很大，頭暈')
      const alarm = page.locator('.emergency')
      await alarm.waitFor()
      expect(
        await alarm.getByRole('link').evaluateAll(links => links.map(link => link.getAttribute('href'))),
      ).toEqual(expect.arrayContaining(['tel:110', 'tel:119', 'tel:120']))
      expect(await alarm.evaluate(element => element.getBoundingClientRect().top)).toBeGreaterThan(0)
    },
    SLOWLY,
  )

  it('asks no other host for anything and meets no error', () => {
    expect([...hosts]).toEqual([new URL(line.url).host])
    expect(problems).toEqual([])
  })

  it.each(['index', 'status'])(
    '%s loads less than 60 kB of JavaScript, compressed, in any language',
    async page => {
      const html = await readFile(join(web, `${page}.html`), 'utf8')
      const named = [...new Set([...html.matchAll(/assets\/[\w.-]+\.js/g)].map(match => match[0]))]
      const entries = await Promise.all(named.map(name => readFile(join(web, name), 'utf8')))
      // The desk's texts lie beside them under the same names, and no resident loads them.
      const texts = (await readdir(join(web, 'assets'))).filter(
        name => /^web\..+\.js$/.test(name) && entries.some(entry => entry.includes(name)),
      )
      expect(texts).toHaveLength(3)
      // One language at a time.
      for (const text of texts) {
        const loaded = new Set([
          ...named.filter(name => !texts.includes(name.replace('assets/', ''))),
          `assets/${text}`,
        ])
        const sizes = await Promise.all(
          [...loaded].map(async name => gzipSync(await readFile(join(web, name))).length),
        )
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000)
      }
    },
  )
})
