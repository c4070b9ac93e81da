import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { accountOf, type Desk, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const SLOWLY = 120_000
const web = join(import.meta.dirname, '../../build/web')
const lines = useTestLine()
let desk: Desk
let running: WiredDesk
let browser: Browser

beforeAll(async () => {
  desk = lines.fresh()
  ;[running, browser] = await Promise.all([
    startWiredDesk(desk.line, web, { hasResidents: true }),
    openBrowser(),
  ])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
}, SLOWLY)

interface Screen {
  locale?: string
  colorScheme?: 'light' | 'dark'
}

async function openPage(
  path: string,
  width: number,
  height: number,
  { locale = 'zh-CN', colorScheme = 'light' }: Screen = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(running.url + path)
  await page.locator('h1, textarea').first().waitFor()
  return page
}

async function openWindowPage(screen: Screen = {}): Promise<Page> {
  running.accounts.seat(accountOf('agent'))
  const page = await openPage('/desk#/window', 1280, 760, screen)
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  await page.locator('.window').waitFor()
  return page
}

/** Looked at by eye when somebody asks for pictures. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

const shown = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()

describe.skipIf(!existsSync(join(web, 'hall.html')))('a day in the hall', () => {
  it(
    'a number from the kiosk is called by the keyboard; screen, phone and chat see it without asking',
    async () => {
      const [kiosk, screen, clerk] = [
        await openPage('/kiosk', 1080, 1200),
        await openPage('/screen', 1280, 720),
        await openWindowPage(),
      ]
      await shown(screen, '还没有叫号')
      await clerk.locator('.window__all button', { hasText: '医保' }).click()
      await shown(clerk, '现在没人等')

      await kiosk.locator('.kiosk__groups button', { hasText: '医保' }).waitFor()
      await picture(kiosk, 'kiosk')
      expect(await findBarriers(kiosk)).toEqual([])
      await kiosk.locator('.kiosk__groups button', { hasText: '医保' }).click()
      await shown(kiosk, 'B001')
      await kiosk.locator('.kiosk__qr').waitFor()
      await picture(kiosk, 'kiosk-slip')

      // What the QR code on the slip opens.
      const { tickets } = await desk.line.store.hall.day('2026-11-24')
      const phone = await openPage(`/ticket#${tickets[0]!.code}`, 390, 780)
      await shown(phone, 'B001')
      await picture(phone, 'ticket-waiting')
      expect(await findBarriers(phone)).toEqual([])
      expect(await phone.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)

      const chat = await openPage('/', 390, 780)
      await chat.locator('textarea').fill('取个号办医保')
      await chat.locator('textarea').press('Enter')
      await chat.locator('.message.is-line', { hasText: 'B002' }).waitFor()

      await clerk.locator('.window__groups .is-mine b', { hasText: '2' }).waitFor()
      await clerk.keyboard.press('n')
      await clerk.locator('.window__label', { hasText: 'B001' }).waitFor()
      await screen.locator('.screen__call', { hasText: 'B001' }).waitFor()
      await phone.locator('.ticket__state', { hasText: '请到3号窗口' }).waitFor()
      await chat.locator('.message.is-line', { hasText: 'B002号快到了' }).waitFor()
      await picture(clerk, 'window')
      expect(await findBarriers(clerk)).toEqual([])
      await picture(screen, 'screen')
      expect(await findBarriers(screen)).toEqual([])
      await picture(phone, 'ticket-called')
      expect(await findBarriers(phone)).toEqual([])

      await clerk.keyboard.press('s')
      await phone.locator('.ticket__state', { hasText: '正在3号窗口办理' }).waitFor()
      await clerk.keyboard.press('f')
      await phone.locator('.ticket__state', { hasText: '办完了' }).waitFor()
      await clerk.keyboard.press('n')
      await chat.locator('.message.is-line', { hasText: '请B002号到3号窗口' }).waitFor()
      await picture(chat, 'chat')

      await clerk.keyboard.press('t')
      await clerk.locator('.window__transfer button[type=submit]').click()
      await shown(clerk, '可以叫下一位')
      expect((await desk.line.store.hall.day('2026-11-24')).tickets).toMatchObject([
        { label: 'B001', state: 'served' },
        { label: 'B002', state: 'waiting' },
      ])
    },
    SLOWLY,
  )

  it(
    'a phone takes its own number from the hall’s code, sees the way, and gives it back',
    async () => {
      const phone = await openPage('/hall?at=lobby', 390, 780, { locale: 'en-GB', colorScheme: 'dark' })
      await phone.getByRole('button', { name: 'Where is it? Household and papers' }).click()
      await phone.locator('.plan svg').waitFor()
      await shown(phone, /take the lift/)
      await picture(phone, 'hall-dark')
      expect(await findBarriers(phone)).toEqual([])
      await phone.getByRole('button', { name: 'Take a number Household and papers' }).click()
      await shown(phone, 'E001')
      expect(phone.url()).toMatch(/\/ticket#[0-9A-Z]{10}$/)
      await picture(phone, 'ticket-dark')
      expect(await findBarriers(phone)).toEqual([])
      await phone.getByRole('button', { name: 'Give the number back' }).click()
      await shown(phone, 'Given back')
    },
    SLOWLY,
  )
})
