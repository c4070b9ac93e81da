import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import {
  accountOf,
  act,
  type Desk,
  type Filed,
  fileOne,
  storedCase,
  useTestLine,
} from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const SLOWLY = 120_000
const web = join(import.meta.dirname, '../../build/web')
const HANDLER = accountOf('handler', 'urban-management')
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const lines = useTestLine()
let desk: Desk
let running: WiredDesk
let browser: Browser

beforeAll(async () => {
  desk = lines.fresh()
  ;[running, browser] = await Promise.all([startWiredDesk(desk.line, web), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
}, SLOWLY)
beforeEach(() => running.accounts.seat(HANDLER))

async function openDesk({ hash = '', width = 1280, height = 720, locale = 'zh-CN' } = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, locale })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  // It goes on: Vue drops events of the very millisecond in which their listeners came.
  await page.clock.install({ time: desk.line.clock.now() })
  await page.goto(`${running.url}/desk${hash}`)
  await page.locator('#desk-login').focus()
  await page.keyboard.type('wang')
  await page.keyboard.press('Tab')
  await page.keyboard.type('right horse')
  await page.keyboard.press('Enter')
  // On a phone the open case hides it.
  await page.locator('.list__row').first().waitFor({ state: 'attached' })
  return page
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Waits until a form has opened and the keys are in it. */
async function inForm(page: Page): Promise<void> {
  await page.locator('.dialog-fade-enter-active').waitFor({ state: 'detached' })
  await page.locator(':is(.form textarea, .form input):focus').waitFor()
}

/** Waits until no dialog takes the keys. */
async function outOfForms(page: Page): Promise<void> {
  await soon(() => page.locator('.el-overlay:visible').count()).toBe(0)
}

/** What becomes so, also on a machine that is busy. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

const stateOf = async ({ case: { id } }: Filed) => (await storedCase(desk.line, id)).case.state
const shown = (page: Page) => page.locator('.list__first strong').allTextContents()

describe.skipIf(!existsSync(join(web, 'desk.html')))("the handler's desk", () => {
  it(
    'takes a case from the list to its reply by keys alone, with a photo, shown before as its reader will see it',
    async () => {
      const filed = await fileOne(desk, { words: '人民路9号路灯不亮' })
      const page = await openDesk()
      await press(page, '1', '/')
      await page.keyboard.type('9号路灯')
      await soon(() => shown(page)).toEqual(['人民路9号路灯不亮'])
      await press(page, 'Escape', 'j', 'Enter')
      await page.locator('.matter__words').waitFor()
      expect(page.url()).toContain(`#/cases/${filed.case.id}?lane=to-sign`)
      await press(page, 's')
      await inForm(page)
      await press(page, 'Control+Enter')
      await soon(() => stateOf(filed)).toBe('handling')
      await page.getByRole('button', { name: '答复办结' }).waitFor()
      await outOfForms(page)

      await press(page, 'r')
      await inForm(page)
      await page.keyboard.type('王秀兰您好，路灯已修好。')
      const preview = page.locator('.preview')
      await preview.getByText('王秀兰您好，路灯已修好。').first().waitFor()
      await preview.getByText('里面有诉求人的姓名或电话：王秀兰').waitFor()
      await press(page, 'Control+A')
      await page.keyboard.type('您好，路灯已修好。')
      await expect
        .poll(() => preview.locator('.preview__bubble').textContent())
        .toContain('您好，路灯已修好。')
      await soon(() => preview.locator('.el-alert').count()).toBe(0)
      for (const name of ['已解决', '电话']) {
        await page.locator('.form').getByRole('radio', { name, exact: true }).focus()
        await press(page, 'Space')
      }
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: '添加照片或文件' }).press('Enter'),
      ])
      await chooser.setFiles({ name: '现场.png', mimeType: 'image/png', buffer: PNG })
      await page.locator('.files li').waitFor()
      await preview.getByText('附件1个').waitFor()
      await press(page, 'Control+Enter')
      await soon(() => stateOf(filed)).toBe('replied')
      const { case: replied } = await storedCase(desk.line, filed.case.id)
      expect(replied.reply).toMatchObject({ text: '您好，路灯已修好。', attachments: [{ isPublic: true }] })

      // Its owner sees the photo, too.
      await page.goto(`${running.url}/status`)
      await page.locator('input').first().fill(filed.case.number)
      await page.locator('input').nth(1).fill(desk.record.queryCodes.get(filed.case.id)!)
      await page.keyboard.press('Enter')
      const picture = page.locator('.shown img')
      await picture.waitFor()
      await picture.scrollIntoViewIfNeeded()
      await expect
        .poll(() => picture.evaluate((image: { naturalWidth?: number }) => image.naturalWidth))
        .toBe(1)
    },
    SLOWLY,
  )

  it(
    'signs five at once, and says of each how it went',
    async () => {
      const five: Filed[] = []
      for (let i = 0; i < 5; i++) five.push(await fileOne(desk, { words: `成批${i}号路灯不亮` }))
      const page = await openDesk({ hash: '#/?lane=to-sign' })
      await soon(async () => (await shown(page)).length).toBe(5)
      await soon(() => page.locator('.lanes button[aria-pressed=true] b').textContent()).toBe('5')
      await press(page, 'x', 'j', 'j', 'j', 'j', 'X')
      await page.getByText('已选5件').waitFor()
      // One of them is somebody else's already.
      await act(desk.line, HANDLER, five[2]!.case.id, 'sign')
      await press(page, 's')
      await inForm(page)
      await press(page, 'Control+Enter')
      await page.getByText('完成4件，共5件；没办成1件').waitFor()
      await page.locator('.bulk-run li.is-refused', { hasText: '别人先改了这件' }).waitFor()
      expect(await Promise.all(five.map(stateOf))).toEqual(Array(5).fill('handling'))
      await page.getByRole('button', { name: '好', exact: true }).click()
      await soon(() => page.locator('.el-empty').count()).toBe(1)
    },
    SLOWLY,
  )

  it(
    'replies to several with one text, each with its own evidence of contact',
    async () => {
      const two: Filed[] = []
      for (const words of ['同答一号路灯', '同答二号路灯']) {
        const filed = await fileOne(desk, { words })
        await act(desk.line, HANDLER, filed.case.id, 'sign')
        two.push(filed)
      }
      const page = await openDesk()
      await press(page, '/')
      await page.keyboard.type('同答')
      await soon(async () => (await shown(page)).length).toBe(2)
      await press(page, 'Escape', 'x', 'a', 'r')
      await inForm(page)
      await page.keyboard.type('同一条线路已抢修。')
      await page.locator('.form').getByRole('radio', { name: '已解决', exact: true }).focus()
      await press(page, 'Space', 'Control+Enter')
      await page.getByText('每一件都要填联系方式和时间。').waitFor()
      const ways = page.locator('.evidence select')
      await ways.nth(0).selectOption('phone')
      await ways.nth(1).selectOption('visit')
      await ways.nth(1).press('Control+Enter')
      await page.getByText('完成2件').waitFor()
      const replies = await Promise.all(
        two.map(async ({ case: { id } }) => (await storedCase(desk.line, id)).case.reply),
      )
      expect(replies.map(reply => reply!.contact.how).sort()).toEqual(['phone', 'visit'])
    },
    SLOWLY,
  )

  it(
    'keeps what somebody wrote while another was faster, and after the page was closed',
    async () => {
      const filed = await fileOne(desk, { words: '两人同办路灯' })
      await act(desk.line, HANDLER, filed.case.id, 'sign')
      const page = await openDesk({ hash: `#/cases/${filed.case.id}` })
      await page.locator('.matter__words').waitFor()
      await press(page, 'n')
      await inForm(page)
      await page.keyboard.type('我写了一半')
      await act(desk.line, { ...HANDLER, login: 'colleague' }, filed.case.id, 'note', { text: '同事先写了' })
      await page.getByText('别人先改了这件工单').waitFor()
      await page.reload()
      await page.locator('.matter__words').waitFor()
      await press(page, 'n')
      await page.getByText('接着上次没发出的草稿。').waitFor()
      expect(await page.locator('.form textarea').first().inputValue()).toBe('我写了一半')
      await inForm(page)
      await press(page, 'Control+Enter')
      await page.locator('.history__said', { hasText: '我写了一半' }).waitFor()
      await outOfForms(page)
      await press(page, 'n')
      await inForm(page)
      expect(await page.locator('.form textarea').first().inputValue()).toBe('')
    },
    SLOWLY,
  )

  it(
    'saves a filter under a name, finds it by keys, and goes back through filters',
    async () => {
      await fileOne(desk, { words: '筛选用的路灯' })
      const page = await openDesk()
      await press(page, '1', 'F')
      await page.getByLabel('名称').fill('要签的')
      await page.getByLabel('名称').press('Enter')
      await page.locator('.saved__one', { hasText: '要签的' }).waitFor()
      await outOfForms(page)
      await press(page, '2')
      await soon(() => page.url()).toContain('lane=handling')
      await press(page, 'f', '1')
      await soon(() => page.url()).toContain('lane=to-sign')
      await page.goBack()
      await page.locator('.lanes button[aria-pressed=true]', { hasText: '办理中' }).waitFor()
      await press(page, '?')
      await page.locator('.keys').waitFor()
    },
    SLOWLY,
  )

  it(
    'moves nothing under the pointer: what came waits until it is let in',
    async () => {
      const first = await fileOne(desk, { words: '第一盏路灯' })
      const page = await openDesk({ hash: '#/?lane=to-sign&sort=newest' })
      const before = await shown(page)
      await page.locator('.list__row').first().hover()
      await fileOne(desk, { words: '后来的路灯' })
      await act(desk.line, HANDLER, first.case.id, 'sign')
      await page.getByText('有2处变化').waitFor()
      expect(await shown(page)).toEqual(before)
      await page.getByText('已不在此列').waitFor()
      await press(page, 'u')
      await soon(() => shown(page)).toContain('后来的路灯')
      expect(await shown(page)).not.toContain('第一盏路灯')
    },
    SLOWLY,
  )

  it(
    'reads on a phone, and shows what a return must cite',
    async () => {
      const filed = await fileOne(desk, { words: '手机上看的路灯' })
      const page = await openDesk({ hash: `#/cases/${filed.case.id}`, width: 360, height: 740 })
      await page.locator('.matter__words').waitFor()
      expect(await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(360)
      await page.getByRole('button', { name: '退单' }).click()
      await page.getByText('退单截止').waitFor()
      const dialog = await page.locator('.el-dialog').boundingBox()
      expect(dialog!.width).toBeLessThanOrEqual(360)
      await page.locator('.clauses input').fill('住建 房屋')
      await page.locator('.el-select-dropdown__item .clause').first().waitFor()
    },
    SLOWLY,
  )
})
