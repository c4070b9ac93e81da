import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { openDeskHand } from '../support/desk-hand.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'

const SLOWLY = 120_000
const isBuilt = existsSync(join(import.meta.dirname, '../../build/web/status.html'))

let line: RunningLine
let browser: Browser

beforeAll(async () => {
  ;[line, browser] = await Promise.all([runLine(), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await line?.remove()
}, SLOWLY)

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return page
}

/** Files a matter on the resident's page; number and query code as the card shows them. */
async function fileMatter(): Promise<{ number: string; code: string }> {
  const page = await newPage()
  await page.goto(line.url)
  await page.locator('textarea').fill('人民路3号门口路灯不亮了，电话13800138000')
  await page.locator('textarea').press('Enter')
  await page.locator('.choices .chip', { hasText: '没问题，提交' }).click()
  await page.locator('.card__secret').waitFor()
  const number = (await page.locator('.card__number .copy').first().innerText()).replace(/\D/g, '')
  return { number, code: (await page.locator('.card__secret').innerText()).trim() }
}

describe.skipIf(!isBuilt)('after the reply', () => {
  it(
    'the resident says on the status page how it went; the desk sees that it is doubtful, and prints a slip',
    async () => {
      const { number, code } = await fileMatter()
      const { page: desk, post } = await openDeskHand(browser, line)
      const list = (await post('/cases/search', { search: number, sort: 'newest', limit: 5 })) as {
        rows: { id: string; version: number }[]
      }
      const { id, version } = list.rows[0]!
      const as = { role: 'handler', department: 'urban-management' }
      await post(`/cases/${id}/actions`, { action: 'sign', input: {}, expectedVersion: version, as })
      const contact = { how: 'phone', at: new Date().toISOString() }
      const input = { text: '灯泡已经换好。', isTrue: true, isWithinDuty: true, contact, solved: 'solved' }
      await post(`/cases/${id}/actions`, { action: 'reply', input, expectedVersion: version + 1, as })

      const resident = await newPage()
      await resident.goto(`${line.url}/status#n=${number}`)
      await resident.locator('input').nth(1).fill(code)
      await resident.locator('.status__submit').click()
      await resident.getByText('没人联系').click()
      await resident.getByText('没解决', { exact: true }).click()
      await resident.locator('.told textarea').fill('灯还是不亮')
      // The print dialog would wait for somebody.
      await resident.evaluate(`window.print = () => document.body.classList.add('is-printed')`)
      await resident.getByRole('button', { name: '打印这一页' }).click()
      await resident.locator('body.is-printed .print img').waitFor()
      await resident.locator('.print img').evaluate('image => image.decode()')
      await resident.getByRole('button', { name: '提交评价' }).click()
      await resident.locator('.status__told').waitFor()
      await resident.locator('.card__status', { hasText: '已派给' }).waitFor()

      await desk.goto(`${line.url}/desk#/cases/${id}`)
      await desk.locator('.doubts').waitFor()
      expect(await desk.locator('.doubts').innerText()).toContain('没人联系')
      const [slip] = await Promise.all([
        desk.context().waitForEvent('page'),
        desk.locator('.case__slip').click(),
      ])
      await slip.locator('.qr svg').waitFor()
      expect((await slip.locator('.number').innerText()).replace(/\D/g, '')).toBe(number)
      // The style was let in: the code is as large as it is meant to be.
      expect((await slip.locator('.qr').boundingBox())!.width).toBeLessThan(200)

      await desk.goto(`${line.url}/desk#/calls`)
      await desk.getByText('现在没有要打的电话').waitFor()
      await desk.goto(`${line.url}/desk#/letters`)
      await desk.getByText('没有送不到的通知').waitFor()
      await desk.locator('.rail a').first().click()
      await desk.locator('.list__row').first().waitFor()
    },
    SLOWLY,
  )
})
