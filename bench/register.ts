/**
 * How long it takes somebody who has the facts to register a company at `/register`: two founders, every keystroke and tap counted
 * as Chromium makes them, every answer of the line waited for. Time of hands and head by the keystroke-level model (Card, Moran and
 * Newell 1980): 0.28 s a key (a typist of no practice), 1.1 s to point, 0.1 s to press, 1.35 s to think before each field; three keys
 * for an ideograph (pinyin with its choice), 20 s to draw a signature.
 *
 *   node bench/register.ts
 */
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/support/browser.ts'
import { FOUNDER, SPOUSE } from '../test/support/sample-registration.ts'
import { measuredLine, temporaryFolder } from './support/measured-line.ts'

const KEY = 0.28
const POINT_AND_PRESS = 1.2
const THINK = 1.35
const KEYS_AN_IDEOGRAPH = 3
const SIGNATURE = 20

/** What the hands did. */
const counted = { fields: 0, keys: 0, taps: 0, signatures: 0 }

const folder = await temporaryFolder()
const line = await measuredLine(folder.path)
const browser = await openBrowser()
try {
  await line.start()
  for (const withReader of [true, false]) await measure(withReader)
} finally {
  await browser.close()
  await line.stop()
  await folder.remove()
}

async function measure(withReader: boolean): Promise<void> {
  Object.assign(counted, { fields: 0, keys: 0, taps: 0, signatures: 0 })
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto(`${line.url}/register`)
  await page.locator('.paper').waitFor()
  const began = performance.now()
  await found(page, withReader)
  const waited = (performance.now() - began) / 1000
  const { fields, keys, taps, signatures } = counted
  const hands = keys * KEY + taps * POINT_AND_PRESS + fields * THINK + signatures * SIGNATURE
  const minutes = ((hands + waited) / 60).toFixed(1)
  console.log(
    `${withReader ? 'cards read by a reader' : 'cards typed by hand'}: ${minutes} minutes ` +
      `(${fields} fields, ${keys} keys, ${taps} taps, ${signatures} signatures; machine ${waited.toFixed(1)} s)`,
  )
  await context.close()
}

/** Everything from the first card to the case number. */
async function found(page: Page, withReader: boolean): Promise<void> {
  await card(page, 'p1', ['赵一满', FOUNDER, '辽宁省抚顺市新抚区样例街1号', '2036-05-01'], withReader)
  await type(page, '#f-people-p1-phone', '13900001234')
  await tap(page, '#f-people')
  await card(page, 'p2', ['钱二月', SPOUSE, '辽宁省抚顺市新抚区样例街1号', '2036-05-01'], withReader)
  await type(page, '#f-scope', '开奶茶店')
  await tap(page, 'section:has(#f-scope) button[type=submit]')
  await tap(page, '.offered .choice >> nth=0')
  await type(page, '#f-tradeName', '小满时')
  await type(page, '#f-capital', '100')
  await type(page, '#f-shares-p1', '70')
  await tap(page, '.share button >> nth=1')
  await page.locator('#f-address-street').selectOption('lishi')
  counted.fields++
  counted.taps += 2
  await type(page, '#f-address-detail', '人民路3号1层101室')
  await tap(page, 'section:has(#f-address-right) .choice >> nth=1')
  for (const person of ['p1', 'p2']) await sign(page, person)
  await page.locator('.ready').waitFor()
  await tap(page, '.button.is-main')
  await page.locator('.done__number').waitFor()
}

async function card(page: Page, id: string, parts: readonly string[], withReader: boolean): Promise<void> {
  if (withReader) {
    await page.locator(`#scan-${id}`).fill(parts.join('|'))
    await page.locator(`#scan-${id}`).press('Enter')
    counted.fields++
    counted.taps++
    return
  }
  const names = ['name', 'idNumber', 'address', 'validUntil']
  for (const [i, name] of names.entries()) await type(page, `#f-people-${id}-${name}`, parts[i]!)
}

async function type(page: Page, field: string, text: string): Promise<void> {
  await page.locator(field).fill(text)
  counted.fields++
  counted.taps++
  counted.keys += [...text].reduce(
    (sum, sign) => sum + (/\p{Script=Han}/u.test(sign) ? KEYS_AN_IDEOGRAPH : 1),
    0,
  )
}

async function tap(page: Page, target: string): Promise<void> {
  await page.locator(target).click()
  counted.fields++
  counted.taps++
}

async function sign(page: Page, id: string): Promise<void> {
  const pad = page.locator('.pad', { has: page.locator(`#f-signatures-${id}`) })
  await pad.locator('.is-none', { hasText: '还没签' }).waitFor()
  await pad.locator('canvas').scrollIntoViewIfNeeded()
  const box = (await pad.locator('canvas').boundingBox())!
  await page.mouse.move(box.x + 30, box.y + 30)
  await page.mouse.down()
  await page.mouse.move(box.x + 150, box.y + 80, { steps: 5 })
  await page.mouse.up()
  await pad.locator('.is-signed').waitFor()
  counted.signatures++
}
