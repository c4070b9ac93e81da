import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeadLetter } from '../../src/usecases/mend-deliveries.ts'
import type { WebhookOwner } from '../../src/usecases/notice-ports.ts'
import type { Store } from '../../src/usecases/ports.ts'
import { call } from '../http/start-line.ts'
import { openBrowser } from '../support/browser.ts'
import { FACTORY } from '../support/enterprise-client.ts'
import { accountOf, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const SLOWLY = 120_000
const web = join(import.meta.dirname, '../../build/web')
const lines = useTestLine()
let running: WiredDesk
let store: Store
let browser: Browser

beforeAll(async () => {
  const { line } = lines.fresh()
  store = line.store
  ;[running, browser] = await Promise.all([startWiredDesk(line, web), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
}, SLOWLY)

async function openSystems(): Promise<Page> {
  running.accounts.seat(accountOf('admin'))
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${running.url}/desk#/systems`)
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  await page.locator('.systems__webhooks .systems__none').waitFor()
  return page
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.locator('.el-select', { has: page.getByRole('combobox', { name: field }) }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** The secret that a form shows, once. */
async function toldOnce(page: Page): Promise<string> {
  const secret = await page.locator('.once__secret code').textContent()
  await page.getByRole('button', { name: '存好了' }).click()
  await page.locator('.once').waitFor({ state: 'detached' })
  return secret ?? ''
}

describe.skipIf(!existsSync(join(web, 'desk.html')))("the page of other houses' systems", () => {
  it(
    'makes a key that works, shows its secret once, and revokes it',
    async () => {
      const page = await openSystems()
      await page.getByRole('button', { name: '新建密钥' }).click()
      await page.locator('#key-name').fill('城管系统')
      await choose(page, '部门', '城市管理综合执法局')
      await page.getByRole('button', { name: '生成' }).click()
      const secret = await toldOnce(page)
      expect((await call(running.url, '/api/desk/cases', { token: secret })).status).toBe(200)

      const row = page.locator('.systems__keys tbody tr')
      expect(await row.textContent()).toMatch(/城管系统.*承办人 · 城市管理综合执法局.*看工单.*办工单/)
      expect(await page.locator('body').textContent()).not.toContain(secret)
      await row.getByRole('button', { name: '作废' }).click()
      await page.getByText('作废以后马上不能用').waitFor()
      await page.locator('.el-popconfirm__action .el-button--primary').click()
      await page.locator('.systems__keys tr.is-over').waitFor()
      expect((await call(running.url, '/api/desk/cases', { token: secret })).status).toBe(401)

      await page.getByRole('button', { name: '新建密钥' }).click()
      await page.locator('#key-name').fill('城管系统')
      await choose(page, '角色', '话务员')
      await page.getByRole('button', { name: '生成' }).click()
      await page.getByText('这个名称用过了').waitFor()
    },
    SLOWLY,
  )

  it(
    'makes a key of an enterprise, changes its secret while the old one goes on, and revokes both',
    async () => {
      const page = await openSystems()
      const works = async (token: string) =>
        (await call(running.url, '/api/enterprise/v1/cases', { token })).status
      await page.getByRole('button', { name: '新建企业密钥' }).click()
      await page.locator('#enterprise-name').fill(FACTORY.displayName)
      await page.locator('#enterprise-code').fill(FACTORY.enterprise)
      await page.locator('#enterprise-key-name').fill('机床 ERP')
      await page.getByRole('button', { name: '生成' }).click()
      const first = await toldOnce(page)
      expect(await works(first)).toBe(200)

      const row = page.locator('.systems__enterprises tbody tr')
      expect(await row.textContent()).toMatch(
        /机床 ERP.*沈抚机床有限公司 · 91210100MA0P1XXXXE.*查本企业工单.*管理推送/,
      )
      await row.getByRole('button', { name: '更换' }).click()
      await page.getByText('更换“机床 ERP”').waitFor()
      await page.locator('.el-dialog').getByRole('button', { name: '更换' }).click()
      const second = await toldOnce(page)
      expect([await works(first), await works(second)]).toEqual([200, 200])
      await page.getByText('旧密钥用到').waitFor()

      await row.getByRole('button', { name: '作废' }).click()
      await page.locator('.el-popconfirm__action .el-button--primary').click()
      await page.locator('.systems__enterprises tr.is-over').waitFor()
      expect([await works(first), await works(second)]).toEqual([401, 401])
    },
    SLOWLY,
  )

  it(
    'refuses a credit code with a wrong check digit at its field, asks nobody, and loses nothing that was typed',
    async () => {
      const page = await openSystems()
      const asked: string[] = []
      page.on('request', request => {
        if (request.method() === 'POST') asked.push(new URL(request.url()).pathname)
      })
      const typed = { name: '沈抚面包厂', code: '91210100MA0Q2YYYY0', key: '面包 ERP' }
      await page.getByRole('button', { name: '新建企业密钥' }).click()
      await page.locator('#enterprise-name').fill(typed.name)
      await page.locator('#enterprise-code').fill(typed.code)
      await page.locator('#enterprise-key-name').fill(typed.key)
      await page.locator('.el-dialog').getByText('管理推送').click()
      await page.getByRole('button', { name: '生成' }).click()

      const field = page.locator('.el-form-item', { has: page.locator('#enterprise-code') })
      await field.locator('.el-form-item__error').waitFor()
      expect(await field.locator('.el-form-item__error').textContent()).toMatch(/信用代码/)
      expect(await page.locator('#enterprise-code').getAttribute('aria-invalid')).toBe('true')
      const values = ['#enterprise-name', '#enterprise-code', '#enterprise-key-name'].map(id =>
        page.locator(id).inputValue(),
      )
      expect(await Promise.all(values)).toEqual(Object.values(typed))
      expect(await page.getByRole('checkbox', { name: '管理推送' }).isChecked()).toBe(false)
      expect(asked).toEqual([])

      // Another character, and the field says nothing more until it is asked again.
      await page.locator('#enterprise-code').fill(' 9121 0100ma0q2yyyyr ')
      await field.locator('.el-form-item__error').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: '生成' }).click()
      const secret = await toldOnce(page)
      expect((await call(running.url, '/api/enterprise/v1/cases', { token: secret })).status).toBe(200)
      expect((await call(running.url, '/api/enterprise/v1/webhooks', { token: secret })).status).toBe(403)
      expect(asked).toEqual(['/api/desk/enterprise-keys'])
    },
    SLOWLY,
  )

  it(
    'says of what was not delivered whose system it was for, on which host, and why, in words',
    async () => {
      const page = await openSystems()
      const failed = async (owner: WebhookOwner, failure: DeadLetter['failure'], id: string) => {
        const url = `https://${owner.kind}.example.cn/hooks?token=geheim`
        await store.webhooks.add({ id, owner, url, events: [], createdAt: new Date() }, 'secret')
        const data = { caseId: 'case-1', seq: 4, event: 'urged', webhookId: id }
        running.letters.push({
          id: crypto.randomUUID(),
          name: 'send-webhook',
          data,
          failedAt: new Date(),
          error: 'x ENOTFOUND',
          failure,
        })
      }
      await failed(
        { kind: 'department', department: 'education' },
        { why: 'not-accepted', answered: '503' },
        'w1',
      )
      await failed(
        { kind: 'enterprise', enterprise: FACTORY.enterprise },
        { why: 'name-unknown', answered: null },
        'w2',
      )
      await page.goto(`${running.url}/desk#/letters`)
      const rows = page.locator('.care__table tbody tr')
      await rows.nth(1).waitFor()
      const [first, second] = await Promise.all([rows.nth(0).textContent(), rows.nth(1).textContent()])
      expect(first).toMatch(
        /推送到部门系统.*催办.*教育局 department\.example\.cn.*对方没有接收，返回了 503。/s,
      )
      expect(second).toMatch(
        /推送到企业系统.*沈抚机床有限公司 enterprise\.example\.cn.*找不到对方的主机名。/s,
      )
      expect(await page.locator('main.care').textContent()).not.toMatch(
        /geheim|token|ENOTFOUND|desk\.letters|send-webhook/,
      )
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/letters.png` })
      running.letters.length = 0
      await store.webhooks.remove('w1')
      await store.webhooks.remove('w2')
    },
    SLOWLY,
  )

  it(
    'adds a webhook with its secret shown once, and removes it',
    async () => {
      const page = await openSystems()
      await page.getByRole('button', { name: '新建推送' }).click()
      await choose(page, '部门', '教育局')
      await page.locator('#webhook-url').fill('https://edu.example.cn/events')
      await page.getByRole('button', { name: '生成' }).click()
      expect(await toldOnce(page)).toMatch(/^[\w-]{43}$/)
      const row = page.locator('.systems__webhooks tbody tr')
      expect(await row.textContent()).toMatch(/教育局.*https:\/\/edu\.example\.cn\/events.*全部事件/)
      await row.getByRole('button', { name: '删除' }).click()
      await page.locator('.el-popconfirm__action .el-button--primary').click()
      await page.getByText('还没有推送').waitFor()
    },
    SLOWLY,
  )
})
