import { readFile } from 'node:fs/promises'
import { strFromU8, unzipSync } from 'fflate'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'
import { FOUNDER, SPOUSE } from '../support/sample-registration.ts'

const SLOWLY = 120_000

let line: RunningLine
let browser: Browser
let page: Page
const problems: string[] = []

beforeAll(async () => {
  ;[line, browser] = await Promise.all([runLine(), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await line?.remove()
}, SLOWLY)
afterEach(() => page?.context().close())

async function openPage(
  path = '/register',
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: 'zh-CN',
    ...options,
  })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('pageerror', error => problems.push(error.message))
  await page.goto(line.url + path)
  await page.locator('.paper').waitFor()
}

const fill = (path: string, text: string) => page.locator(`#f-${path.replaceAll('.', '-')}`).fill(text)

/** As a card reader types: the whole card, then Enter. */
async function scan(person: string, card: string): Promise<void> {
  await page.locator(`#scan-${person}`).fill(card)
  await page.locator(`#scan-${person}`).press('Enter')
}

/** Two founders say everything that is asked. */
async function sayAll(): Promise<void> {
  await scan('p1', `赵一满|${FOUNDER}|辽宁省抚顺市新抚区样例街1号|20160501-20360501`)
  await fill('people.p1.phone', '13900001234')
  await page.getByRole('button', { name: '再加一个人' }).click()
  await scan('p2', `钱二月|${SPOUSE}|辽宁省抚顺市新抚区样例街1号|长期`)
  await fill('scope', '开奶茶店')
  await page.getByRole('button', { name: '找', exact: true }).click()
  await page.locator('.offered .choice').first().click()
  await fill('tradeName', '小满时')
  await fill('capital', '100')
  await fill('shares.p1', '70')
  await page.getByRole('button', { name: '余下全出' }).nth(1).click()
  await page.locator('#f-address-street').selectOption('lishi')
  await fill('address.detail', '人民路3号1层101室')
  await page.getByRole('button', { name: '租的', exact: true }).click()
}

async function sign(pad: Locator): Promise<void> {
  await pad.scrollIntoViewIfNeeded()
  const box = (await pad.boundingBox())!
  await page.mouse.move(box.x + 30, box.y + 30)
  await page.mouse.down()
  await page.mouse.move(box.x + 120, box.y + 70, { steps: 4 })
  await page.mouse.up()
}

async function signAll(): Promise<void> {
  for (const person of ['p1', 'p2']) {
    const pad = page.locator('.pad', { has: page.locator(`#f-signatures-${person}`) })
    await pad.locator('.is-none', { hasText: '还没签' }).waitFor()
    await sign(pad.locator('canvas'))
    await pad.locator('.is-signed').waitFor()
  }
}

const paperText = () => page.locator('.paper').innerText()

describe('a company without a form', () => {
  it(
    'from two cards and a few answers to four papers, signed, on file',
    async () => {
      await openPage()
      await sayAll()
      await page.locator('.name strong', { hasText: '沈抚示范区小满时餐饮管理有限公司' }).waitFor()
      await page.locator('.made', { hasText: '人民币壹佰万元整' }).waitFor()
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      await page.locator('.stops button', { hasText: '钱二月还没签名' }).waitFor()
      expect(await page.locator('.stops button').allTextContents()).toEqual([
        '赵一满还没签名。',
        '钱二月还没签名。',
      ])

      // A value tells where it comes from, and leads there.
      await page.locator('.made', { hasText: '人民币壹佰万元整' }).click()
      await page.locator('.source', { hasText: '由这些得出：注册资本' }).waitFor()
      await page.getByRole('button', { name: '去改' }).click()
      expect(await page.evaluate('document.activeElement.id')).toBe('f-capital')

      await signAll()
      await page.locator('.ready').waitFor()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: '下载全部文件' }).click(),
      ])
      const files = unzipSync(new Uint8Array(await readFile((await download.path())!)))
      expect(Object.keys(files)).toHaveLength(8)
      const docx = unzipSync(files['公司章程.docx']!)
      expect(strFromU8(docx['word/document.xml']!)).toContain('沈抚示范区小满时餐饮管理有限公司')
      expect(Object.keys(docx).filter(name => name.endsWith('.png'))).not.toEqual([])
      expect(strFromU8(files['公司章程.pdf']!.slice(0, 5))).toBe('%PDF-')

      await page.getByRole('button', { name: '递交', exact: true }).click()
      await page.locator('.done__number').waitFor()
      const number = (await page.locator('.done__number').innerText()).trim()
      const code = (await page.locator('.done__code').innerText()).trim().slice(0, 8)
      expect(code).toMatch(/^[2-9A-Z]{8}$/)
      await page.getByRole('link', { name: '看进度' }).click()
      await page.locator('.status__form input').nth(1).fill(code)
      await page.keyboard.press('Enter')
      await page.locator('.status__result', { hasText: '小满时' }).waitFor()
      expect(await page.locator('.status__result').innerText()).not.toContain(FOUNDER)
      expect(number).toMatch(/\d/)
      expect(problems).toEqual([])
    },
    SLOWLY,
  )

  it(
    'mistakes are told at the field, nothing typed is lost, and a changed answer voids the signature',
    async () => {
      await openPage()
      await sayAll()
      await fill('people.p1.idNumber', FOUNDER.replace('0307', '0308'))
      await fill('shares.p2', '20')
      await page.locator('#f-people-p1-idNumber-problems .is-stop').waitFor()
      await page
        .locator('#f-shares-problems', { hasText: '加起来90万元，比注册资本100万元少10万元。' })
        .waitFor()
      expect(await page.getByRole('button', { name: '递交', exact: true }).isDisabled()).toBe(true)

      await page.reload()
      await page.locator('#f-shares-problems .is-stop').waitFor()
      expect(await page.locator('#f-tradeName').inputValue()).toBe('小满时')
      await fill('people.p1.idNumber', FOUNDER)
      await fill('shares.p2', '30')
      await page.locator('.stops button', { hasText: '赵一满还没签名' }).waitFor()
      await signAll()
      await page.locator('.ready').waitFor()
      await fill('tradeName', '谷雨时')
      await page.locator('.is-outdated').first().waitFor()
      expect(await page.locator('.made.is-changed').first().innerText()).toContain('谷雨时')
    },
    SLOWLY,
  )

  it(
    'goes on elsewhere by a code, in the dark, in Traditional and English, open to everybody',
    async () => {
      await openPage()
      await sayAll()
      await page.locator('.made', { hasText: '小满时' }).first().waitFor()
      await page.locator('.code summary').click()
      await page.getByRole('button', { name: '保存，给我续填码' }).click()
      const told = page.locator('.told', { hasText: '续填码' })
      await told.waitFor()
      const code = /续填码 (\w{10})/.exec(await told.innerText())![1]!
      await page.context().close()

      await openPage(`/register#d=${code}`, { locale: 'zh-TW', colorScheme: 'dark' })
      await page.locator('.made', { hasText: '小满时' }).first().waitFor()
      expect(await page.locator('h1').innerText()).toBe('不用填表，開公司')
      expect(await paperText()).toContain('70万元')
      expect(await findBarriers(page)).toEqual([])
      await page.getByRole('button', { name: /EN English/ }).click()
      await page.locator('h1', { hasText: 'Register a company without forms' }).waitFor()
      expect(await page.locator('body').innerText()).not.toMatch(/register\.|\{\{/)
      await page.context().close()

      await openPage('/register', { viewport: { width: 1100, height: 800 } })
      await sayAll()
      expect(await findBarriers(page)).toEqual([])
    },
    SLOWLY,
  )
})
