import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { copyContent } from '../support/content-copy.ts'
import { tinyTable } from '../support/tiny-history.ts'
import { accountOf, type Desk, fileOne, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const SLOWLY = 300_000
const web = join(import.meta.dirname, '../../build/web')
const lines = useTestLine()
let desk: Desk
let copy: Awaited<ReturnType<typeof copyContent>>
let running: WiredDesk
let browser: Browser
let beating: NodeJS.Timeout

beforeAll(async () => {
  desk = lines.fresh()
  copy = await copyContent()
  running = await startWiredDesk(desk.line, web, { root: copy.root })
  // As main does it.
  beating = setInterval(() => void running.administration.tasks.beat().catch(() => {}), 200)
  browser = await openBrowser()
}, SLOWLY)
afterAll(async () => {
  clearInterval(beating)
  await browser?.close()
  await running?.administration.tasks.stop()
  await running?.stop()
  await copy?.remove()
  await rm(running.administration.dataDir, { recursive: true, force: true })
}, SLOWLY)

async function openPage(hash: string): Promise<Page> {
  running.accounts.seat(accountOf('admin'))
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(`${running.url}/desk${hash}`)
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  return page
}

const confirm = (page: Page) => page.locator('.el-popconfirm__action .el-button--primary:visible').click()

describe.skipIf(!existsSync(join(web, 'desk.html')))("the administrator's page", () => {
  it(
    'trains a model, shows how far it is after a reload, compares it and puts it into use',
    async () => {
      const page = await openPage('#/line/models')
      await page.locator('#training-table').setInputFiles({
        name: 'history.jsonl',
        mimeType: 'application/jsonl',
        buffer: Buffer.from(tinyTable()),
      })
      await page.getByRole('button', { name: '开始训练' }).click()
      await page.getByRole('progressbar').waitFor()
      expect(await page.getByRole('button', { name: '开始训练' }).isDisabled()).toBe(true)
      await page.reload()
      await page.getByRole('progressbar', { name: /正在训练新模型|正在用全部材料训练/ }).waitFor()

      // Training gives way to everything else on the machine.
      await page.getByRole('button', { name: '采用' }).waitFor({ timeout: SLOWLY })
      const comparison = (await page.locator('.comparison').textContent()) ?? ''
      expect(comparison).toMatch(/240 条材料，其中 \d+ 条留出来比较/)
      expect(comparison).toMatch(/交通运输/)
      await page.getByRole('button', { name: '采用' }).click()
      await confirm(page)
      await page.getByText('已换版本，重启后生效').waitFor()
      await page.locator('.versions').getByText('下次启动用').waitFor()
      expect(await running.administration.training.shelf.chosen()).not.toBeNull()

      // And back to what came along.
      await page.getByRole('row', { name: '随软件附带的' }).getByRole('button', { name: '改用这个' }).click()
      await confirm(page)
      await page.locator('.versions__restart').waitFor({ state: 'detached' })
      expect(await running.administration.training.shelf.chosen()).toBeNull()
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'shows a fault of the content in its place, and tries a text without saving it',
    async () => {
      const file = join(copy.root, 'cities/shenfu/routing.yaml')
      const text = await readFile(file, 'utf8')
      await writeFile(file, text.replace('dutyDesk: hotline-centre', 'dutyDesk: nobody-here'))
      const page = await openPage('#/line/content')
      await page.getByText('1 个问题，这样启动不了').waitFor()
      expect(await page.locator('.problems__place').first().textContent()).toMatch(
        /^cities\/shenfu\/routing\.yaml:4 dutyDesk/,
      )
      expect(await page.locator('.problems mark').textContent()).toContain('nobody-here')
      expect(await page.locator('.content__changes').textContent()).toContain('routing.yaml 改过')

      await page.locator('.draft .el-select').click()
      await page.getByRole('option', { name: 'cities/shenfu/routing.yaml' }).click()
      const box = page.getByRole('textbox', { name: '文件的内容' })
      await expect.poll(() => box.inputValue()).toContain('nobody-here')
      await box.fill(text)
      await page.getByRole('button', { name: '试查' }).click()
      await page.getByText('这样改没有问题').waitFor()
      expect(await readFile(file, 'utf8')).toContain('nobody-here')
      await writeFile(file, text)
      await page.getByRole('button', { name: '重新检查' }).click()
      await page.getByText('没有问题：').waitFor()
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'verifies the audit and leads to the case that was changed',
    async () => {
      const { case: filed } = await fileOne(desk)
      const raw = new pg.Client(lines.home().connection)
      await raw.connect()
      await raw.query(`update cases set summary = '改过' where id = '${filed.id}'`)
      await raw.end()
      const page = await openPage('#/line/audit')
      await page.getByRole('button', { name: '开始核对' }).click()
      await page.getByText('1 处被改动').waitFor()
      expect(await page.locator('.audit__found').textContent()).toMatch(/和事件对不上：cases\.summary/)
      await page.locator('.audit__found').getByRole('link', { name: '打开工单' }).click()
      await page.waitForURL(`**/desk#/cases/${filed.id}`)
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'shows which channels are on and what the others lack',
    async () => {
      const page = await openPage('#/line')
      const row = page.getByRole('row', { name: '钉钉' })
      await row.waitFor()
      expect(await row.textContent()).toMatch(/没开通.*要开通请设置：.*DINGTALK_APP_KEY/)
      expect(await page.getByRole('row', { name: '电话' }).textContent()).toMatch(/开通/)
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'sends the letters of one kind again, all at once',
    async () => {
      const letter = (name: string, id: number) => ({
        id: `00000000-0000-4000-8000-00000000000${id}`,
        name,
        data: { caseId: 'c1', seq: 1, event: 'replied' },
        failedAt: new Date(),
        error: 'answered with 500',
        failure: { why: 'not-accepted', answered: '500' } as const,
      })
      running.letters.push(letter('send-webhook', 1), letter('send-sms', 2), letter('send-webhook', 3))
      const page = await openPage('#/letters')
      await page.locator('.letters__kind').click()
      await page.getByRole('option', { name: '推送（已取消订阅）' }).click()
      await page.getByText('全选（2）').click()
      await page.getByRole('button', { name: '再送所选（2）' }).click()
      await page.getByText('2 条中有 2 条重新排队').waitFor()
      expect(running.letters.map(({ name }) => name)).toEqual(['send-sms'])
      await page.context().close()
    },
    SLOWLY,
  )
})
