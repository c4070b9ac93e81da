import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/kernel/clock.ts'
import { openBrowser } from '../support/browser.ts'
import { accountOf, type Desk, storedCase, useTestLine } from '../support/use-test-line.ts'
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

async function newPage(width: number, height: number, { locale = 'zh-CN', colorScheme = 'light' }: Screen) {
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return page
}

async function openAgent(screen: Screen = {}): Promise<Page> {
  running.accounts.seat(accountOf('agent'))
  const page = await newPage(1280, 720, screen)
  await page.goto(`${running.url}/desk#/agent`)
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  await page.locator('.agent__talks').waitFor()
  return page
}

async function openResident(screen: Screen = {}): Promise<Page> {
  const page = await newPage(390, 780, screen)
  await page.goto(running.url)
  await page.locator('textarea').waitFor()
  return page
}

async function say(page: Page, words: string): Promise<void> {
  await page.locator('textarea').fill(words)
  await page.locator('textarea').press('Enter')
}

/** Looked at by eye when somebody asks for pictures. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) })
}

const bubble = (page: Page, text: string) => page.locator('.message.is-line', { hasText: text })
const heard = (page: Page, text: string) => page.locator('.said__one', { hasText: text })

describe.skipIf(!existsSync(join(web, 'desk.html')))('a person takes over', () => {
  it(
    'a resident asks, an agent takes over and files by the keyboard, both live, and the line answers again',
    async () => {
      const [resident, agent] = [await openResident(), await openAgent()]
      await say(resident, '你好')
      await bubble(resident, '您好').first().waitFor()
      await say(resident, '转人工')
      await bubble(resident, '您排在第1位').waitFor()
      await resident.locator('.person p').waitFor()
      await picture(resident, 'resident-waiting')
      await agent.locator('.chats__one', { hasText: '转人工' }).waitFor()
      await picture(agent, 'agent-queue')

      await agent.keyboard.press('Alt+KeyA')
      await agent.locator('#chat-reply:focus').waitFor()
      await heard(agent, '您排在第1位').waitFor()
      await resident.locator('.message__note', { hasText: '来接您了' }).waitFor()
      await resident.locator('.person .is-here').waitFor()
      await agent.keyboard.type('您好，请说，是什么事？')
      await agent.keyboard.press('Enter')
      await bubble(resident, '请说，是什么事？').waitFor()
      expect(await resident.locator('.message__by').textContent()).toMatch(/^坐席 \d+$/)
      expect(await resident.locator('.person').textContent()).toMatch(/坐席 \d+ 正在和您对话/)

      await say(resident, '人民路3号门口路灯不亮了，好几天了，希望快修一下')
      await heard(agent, '路灯不亮了').waitFor()
      await expect
        .poll(() => agent.locator('#agent-place').inputValue(), { timeout: 30_000 })
        .toBe('人民路3号门口')
      expect(await resident.locator('.typing').count()).toBe(0)
      expect(await agent.locator('#agent-subject').inputValue()).toContain('路灯')
      await picture(resident, 'resident-talking')
      await picture(agent, 'agent-talking')
      await agent.keyboard.press('Control+Enter')
      await agent.locator('.receipt').waitFor()
      await resident.locator('.card').waitFor()
      await picture(resident, 'resident-filed')
      await picture(agent, 'agent-filed')
      const { case: filed } = await storedCase(desk.line, desk.record.caseIds.at(-1)!)
      expect(filed).toMatchObject({ channel: 'web-chat', elements: { place: '人民路3号门口' } })

      await agent.keyboard.press('Enter')
      await agent.keyboard.press('Alt+KeyB')
      await resident.locator('.message__note', { hasText: '交还给我' }).waitFor()
      expect(await resident.locator('.person p').count()).toBe(0)
      await say(resident, '我的路灯办得怎么样了')
      await expect.poll(() => resident.locator('.card').count()).toBe(2)
      await picture(resident, 'resident-after')
    },
    SLOWLY,
  )

  it(
    'who waits too long is red, danger is shown to both, and what was not sent survives another chat',
    async () => {
      const screen = { locale: 'zh-TW', colorScheme: 'dark' } as const
      const [resident, agent] = [await openResident(screen), await openAgent(screen)]
      await say(resident, '轉人工')
      await bubble(resident, '您排在第1位').waitFor()
      await agent.locator('.chats__one').first().waitFor()
      desk.line.clock.advance(4 * MINUTE)
      const late = await openResident({ locale: 'en-GB', colorScheme: 'dark' })
      await say(late, 'I want to talk to a person')
      await bubble(late, 'number 2 in the queue').waitFor()
      await agent.locator('.chats__one.is-late').waitFor()
      expect(await agent.locator('.rail__badge').textContent()).toBe('2')
      await agent.locator('.chats__one').first().click()
      await agent.locator('.chat-said__take button').waitFor()
      await picture(agent, 'agent-queue-dark')
      await agent.keyboard.press('Alt+KeyA')
      await agent.locator('#chat-reply').fill('還沒寫完')
      await say(resident, '著火了！屋裡著火了，人出不來')
      await resident.locator('.emergency').waitFor()
      await agent.locator('.agent__ask.is-danger').waitFor()
      await picture(resident, 'resident-danger-dark')
      await agent.keyboard.press('Alt+ArrowUp')
      await agent.locator('.chat-said__take button').waitFor()
      await agent.locator('.chats__danger').waitFor()
      await agent.keyboard.press('Alt+ArrowDown')
      expect(await agent.locator('#chat-reply').inputValue()).toBe('還沒寫完')
      await picture(agent, 'agent-danger-dark')
      await picture(late, 'resident-waiting-dark')
      await agent.keyboard.press('Alt+KeyE')
      await resident.locator('.message__note', { hasText: '結束了這次對話' }).waitFor()
    },
    SLOWLY,
  )
})
