import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { type EnterpriseProgram, enterpriseProgram, FACTORY, LIGHT } from '../support/enterprise-client.ts'
import { accountOf, type Desk, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const SLOWLY = 120_000
const web = join(import.meta.dirname, '../../build/web')
const LI = { ...accountOf('agent'), id: 'id-of-li', login: 'steward-li', displayName: '李管家' }
const lines = useTestLine()
let desk: Desk
let running: WiredDesk
let browser: Browser
let factory: EnterpriseProgram

beforeAll(async () => {
  desk = lines.fresh()
  desk.line.clock.set(new Date('2026-11-24T09:30:00+08:00'))
  ;[running, browser] = await Promise.all([startWiredDesk(desk.line, web), openBrowser()])
  factory = await enterpriseProgram(running)
  await desk.line.store.enterprises.add(
    {
      code: FACTORY.enterprise,
      name: FACTORY.displayName,
      sector: 'manufacturing',
      stage: 'registration',
      stageSince: desk.line.clock.now(),
      stepsDone: [],
      steward: 'steward-li',
      quietSince: null,
      conversationId: null,
      createdAt: desk.line.clock.now(),
      version: 1,
    },
    { name: '周经理', phone: '13812345678' },
    { at: desk.line.clock.now(), what: 'added', login: 'boss', text: 'steward-li' },
  )
  await factory.send('/cases', LIGHT)
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
}, SLOWLY)

async function newPage(width: number, locale: string, colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale, colorScheme })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return page
}

async function openFirm(width = 1200, locale = 'zh-CN', colorScheme: 'light' | 'dark' = 'light') {
  const page = await newPage(width, locale, colorScheme)
  await page.goto(`${running.url}/enterprise`)
  await page.locator('.sign input').fill(factory.secret)
  await page.locator('.sign .is-main').click()
  await page.locator('.own__case').first().waitFor()
  return page
}

async function openSteward(): Promise<Page> {
  running.accounts.seat(LI)
  const page = await newPage(1280, 'zh-CN', 'light')
  await page.goto(`${running.url}/desk#/enterprises`)
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  await page.locator('.firms__one').first().waitFor()
  return page
}

/** Looked at by eye when somebody asks for pictures. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

describe.skipIf(!existsSync(join(web, 'enterprise.html')))("an enterprise's page", () => {
  test(
    'an enterprise signs in, sees its case, urges it and writes to its steward, who answers',
    async () => {
      const firm = await openFirm()
      await firm.locator('h1', { hasText: FACTORY.displayName }).waitFor()
      await firm.locator('.life__steps .button').first().click()
      expect(await firm.locator('.talk textarea').inputValue()).toContain('企业设立登记')
      await firm.locator('.talk .is-main').click()
      await firm.locator('.talk__said li', { hasText: '已转给您的首席服务管家李管家' }).waitFor()
      await picture(firm, 'enterprise')

      const steward = await openSteward()
      await steward.locator('.firms__one', { hasText: FACTORY.displayName }).click()
      await steward.locator('.firm-view__talk li', { hasText: '企业设立登记' }).waitFor()
      await picture(steward, 'enterprises-desk')
      expect(await findBarriers(steward)).toEqual([])
      await steward.locator('a[href="#/agent"]', { hasText: '接听' }).last().click()
      await steward.locator('.chats__one', { hasText: '企业找您' }).click()
      await steward.keyboard.press('Alt+KeyA')
      await steward.locator('#chat-reply').fill('带上身份证和住所证明就行')
      await steward.locator('#chat-reply').press('Enter')
      await firm.locator('.talk__said .is-agent', { hasText: '带上身份证' }).waitFor()

      await firm.locator('.own__case').first().click()
      await firm.locator('.button', { hasText: '催' }).click()
      await firm.locator('.firm__told', { hasText: '已催办' }).waitFor()
      await firm.locator('.firm__head .button').click()
      await firm.locator('.sign').waitFor()
    },
    SLOWLY,
  )

  test(
    'a wrong key is told at the field, and a session that has ended asks to sign in again',
    async () => {
      const page = await newPage(360, 'zh-CN', 'light')
      await page.goto(`${running.url}/enterprise`)
      await page.locator('.sign input').fill('yk_wrong')
      await page.locator('.sign .is-main').click()
      await page.locator('#sign-problem', { hasText: /\S/ }).waitFor()
      expect(await page.locator('.sign input').inputValue()).toBe('yk_wrong')
    },
    SLOWLY,
  )

  test.each([
    ['zh-CN', 'light'],
    ['zh-TW', 'dark'],
    ['en-GB', 'dark'],
  ] as const)(
    'reads well on a small phone in %s, %s',
    async (locale, scheme) => {
      const page = await openFirm(360, locale, scheme)
      await page.locator('.systems li').first().waitFor()
      expect(await findBarriers(page)).toEqual([])
      const isWide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
      expect(isWide).toBe(false)
      expect(await page.locator('body').textContent()).not.toMatch(/firm\.\w|web\.\w+\./)
      await picture(page, `enterprise-${locale}-${scheme}`)
    },
    SLOWLY,
  )
})
