import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/kernel/clock.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { codeOfStep, fromBase32, stepAt } from '../../src/kernel/totp.ts'
import { openBrowser } from '../support/browser.ts'
import { type Desk, fileOne, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const SLOWLY = 120_000
const PASSWORD = 'a password of tests'
/** One that is away. */
const issuer = {
  begin: async () => {
    throw new AppError('sign-on-away')
  },
  finish: async () => '',
}
const web = join(import.meta.dirname, '../../build/web')
const lines = useTestLine()
let desk: Desk
let running: WiredDesk
let browser: Browser

beforeAll(async () => {
  desk = lines.fresh()
  const { accounts } = desk.line.store
  ;[running, browser] = await Promise.all([
    startWiredDesk(desk.line, web, { staff: accounts, factorRoles: ['handler'], issuer }),
    openBrowser(),
  ])
  for (const [login, displayName, role] of [
    ['boss', '管理员', 'admin'],
    ['sun', '孙审', 'auditor'],
  ] as const)
    await accounts.add({ login, displayName, role, department: null }, PASSWORD)
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
}, SLOWLY)

async function openPage(hash = ''): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${running.url}/desk${hash}`)
  return page
}

async function logIn(page: Page, login: string, password: string): Promise<void> {
  await page.locator('#desk-login').fill(login)
  await page.locator('#desk-password').fill(password)
  await page.locator('#desk-password').press('Enter')
}

async function choose(page: Page, within: Locator, field: string, option: string): Promise<void> {
  await within.locator('.el-select', { has: page.getByRole('combobox', { name: field }) }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

const codeNow = (secret: string) => codeOfStep(fromBase32(secret), stepAt(desk.line.clock.now()))

describe.skipIf(!existsSync(join(web, 'desk.html')))('accounts', () => {
  it(
    'an administrator adds a handler, who chooses a password, sets up a second factor, and comes in again by it',
    async () => {
      const boss = await openPage('#/accounts')
      await logIn(boss, 'boss', PASSWORD)
      await boss.getByRole('button', { name: '新建账号' }).click()
      const form = boss.getByRole('dialog', { name: '新建账号' })
      await form.locator('#account-login').fill('zhao.min')
      await form.locator('#account-name').fill('赵敏')
      await choose(boss, form, '部门', '住房和城乡建设局')
      await form.getByRole('button', { name: '生成' }).click()
      const first = (await form.locator('.once__secret code').textContent())!
      await form.getByRole('button', { name: '存好了' }).click()
      const row = boss.locator('.accounts__table tr', { hasText: 'zhao.min' })
      await row.getByText('待改密码').waitFor()

      const zhao = await openPage()
      await logIn(zhao, 'zhao.min', first)
      await zhao.getByRole('heading', { name: '请先换一个密码' }).waitFor()
      await zhao.locator('#new-password').fill('zhao.min')
      await zhao.locator('#new-again').fill('zhao.min')
      await zhao.getByRole('button', { name: '修改密码' }).click()
      await zhao.getByText('密码至少要10个字符').waitFor()
      const chosen = '路灯坏了三天没人来修'
      await zhao.locator('#new-password').fill(chosen)
      await zhao.locator('#new-again').fill(chosen)
      await zhao.getByRole('button', { name: '修改密码' }).click()

      await zhao.getByRole('heading', { name: '请先设好两步验证' }).waitFor()
      expect(
        await zhao
          .locator('.factor__qr')
          .evaluate(img => (img as unknown as { naturalWidth: number }).naturalWidth),
      ).toBeGreaterThan(0)
      const secret = (await zhao.locator('.factor__secret code').textContent())!
      await zhao.locator('#desk-code').fill(codeNow(secret))
      await zhao.getByRole('button', { name: '开启' }).click()
      await zhao.locator('.recovery__codes li').first().waitFor()
      expect(await zhao.locator('.recovery__codes li').count()).toBe(8)
      await zhao.getByRole('button', { name: '存好了' }).click()
      await zhao.locator('.bar__who', { hasText: '赵敏' }).waitFor()

      desk.line.clock.advance(2 * MINUTE)
      const again = await openPage()
      await logIn(again, 'zhao.min', chosen)
      await again.getByRole('heading', { name: '请输入验证码' }).waitFor()
      await again.reload()
      await again.locator('#desk-code').fill('000000')
      await again.locator('#desk-code').press('Enter')
      await again.getByText('验证码不对').waitFor()
      await again.locator('#desk-code').fill(codeNow(secret))
      await again.locator('#desk-code').press('Enter')
      await again.locator('.bar__who', { hasText: '赵敏' }).waitFor()
    },
    SLOWLY,
  )

  it(
    'an administrator disables somebody, who is out; nobody disables themselves; what was done is read by an auditor',
    async () => {
      const { accounts } = desk.line.store
      await accounts.add({ login: 'li', displayName: '李伟', role: 'agent', department: null }, PASSWORD)
      const [boss, li] = [await openPage('#/accounts'), await openPage()]
      await logIn(li, 'li', PASSWORD)
      await li.locator('.bar__who', { hasText: '李伟' }).waitFor()
      await logIn(boss, 'boss', PASSWORD)
      await boss.getByRole('button', { name: '管理李伟的账号' }).click()
      const dialog = boss.getByRole('dialog', { name: '李伟 · li' })
      await dialog.getByRole('button', { name: '停用' }).click()
      await boss.locator('.el-popconfirm').getByRole('button', { name: '确定' }).click()
      await dialog.getByRole('button', { name: '重新启用' }).waitFor()
      await boss.keyboard.press('Escape')
      await boss.locator('.accounts__table tr', { hasText: '李伟' }).getByText('已停用').waitFor()
      await li.getByRole('button', { name: '我的账号' }).click()
      await li.getByRole('dialog', { name: '登录已过期' }).waitFor()
      await li.locator('#desk-password').fill(PASSWORD)
      await li.locator('#desk-password').press('Enter')
      await li.getByText('这个账号已停用，请找管理员。').waitFor()

      await boss.getByRole('button', { name: '管理管理员的账号' }).click()
      await boss.getByText('这是您自己的账号').waitFor()
      expect(await boss.getByRole('dialog').getByRole('button', { name: '停用' }).count()).toBe(0)

      const sun = await openPage('#/traces')
      await logIn(sun, 'sun', PASSWORD)
      await sun.locator('.el-radio-button', { hasText: '账号变动' }).click()
      await sun.locator('.changes li', { hasText: '李伟' }).getByText('停用').waitFor()
      expect(await sun.locator('.rail a').allTextContents()).toEqual(['工单', '留痕'])
    },
    SLOWLY,
  )

  it(
    'whoever goes to the single sign-on in vain is told why on the login page, and logs in by a password',
    async () => {
      const page = await openPage()
      await page.getByRole('link', { name: '用单位的统一认证登录' }).click()
      await page.getByText('统一认证暂时没有回应').waitFor()
      await logIn(page, 'boss', PASSWORD)
      await page.locator('.bar__who', { hasText: '管理员' }).waitFor()
    },
    SLOWLY,
  )

  it(
    'whoever sees a person unmasked stands all over the page, and an auditor sees nobody',
    async () => {
      const { case: lamp } = await fileOne(desk)
      const boss = await openPage(`#/cases/${lamp.id}`)
      await logIn(boss, 'boss', PASSWORD)
      await boss.locator('.matter__words').waitFor()
      expect(await boss.locator('.watermark').count()).toBe(0)
      await boss.getByRole('button', { name: '显示', exact: true }).click()
      const image = boss.locator('.watermark')
      await image.waitFor({ state: 'attached' })
      const style = (await image.getAttribute('style')) ?? ''
      expect(decodeURIComponent(style)).toContain('管理员 boss')
      await boss.reload()
      await boss.locator('.matter__words').waitFor()
      expect(await image.count()).toBe(0)

      const sun = await openPage(`#/cases/${lamp.id}`)
      await logIn(sun, 'sun', PASSWORD)
      await sun.locator('.matter__words').waitFor()
      expect(await sun.getByRole('button', { name: '显示', exact: true }).count()).toBe(0)
      await sun.locator('.looks li', { hasText: '管理员' }).waitFor()
    },
    SLOWLY,
  )
})
