import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventsOfCall, readRecordedCall } from '../../src/cli/recorded-call.ts'
import { callEventSchema } from '../../src/usecases/call-event.ts'
import { callEar } from '../../src/usecases/call-intake.ts'
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
  ;[running, browser] = await Promise.all([startWiredDesk(desk.line, web), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
}, SLOWLY)

async function openAgent(locale = 'zh-CN'): Promise<Page> {
  running.accounts.seat(accountOf('agent'))
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${running.url}/desk#/agent`)
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  await page.locator('.agent__talks').waitFor()
  return page
}

/** Tells the line of a recorded call, up to a turn, but for its end. */
async function play(name: string): Promise<string> {
  const callId = `call-${randomUUID()}`
  const { now } = desk.line.clock
  const timed = eventsOfCall(readRecordedCall(`test/calls/${name}.yaml`), callId, now.call(desk.line.clock))
  const events = timed.map(({ event }) => callEventSchema.parse(event))
  await callEar(desk.line).take(events.filter(({ type }) => type !== 'call.ended'))
  return callId
}

const shownIn = (page: Page, field: string) => page.locator(`#agent-${field}`).inputValue()

async function becomes(page: Page, field: string, value: string): Promise<void> {
  await expect.poll(() => shownIn(page, field), { timeout: 30_000 }).toBe(value)
}

describe.skipIf(!existsSync(join(web, 'desk.html')))("the agent's desk", () => {
  it(
    'fills itself while a call goes on, and files it by the keyboard alone',
    async () => {
      const page = await openAgent()
      await play('cold-home')
      await page.locator('.agent__talks button', { hasText: '139****' }).waitFor()
      await page.keyboard.press('Alt+ArrowDown')
      await becomes(page, 'place', '锦绣花园五号楼二单元')
      expect(await shownIn(page, 'subject')).toContain('暖气')
      expect(await page.locator('.said mark', { hasText: '锦绣花园，五号楼二单元' }).count()).toBe(1)
      expect(await page.locator('.beside__name').textContent()).toBe('热力公司')

      await page.keyboard.press('Alt+KeyF')
      await page.keyboard.press('ArrowDown')
      expect(await shownIn(page, 'type')).toBe('complaint')
      await page.keyboard.press('Enter')
      // Accepted: subject and place; refused: the time; written: what is wanted.
      await page.keyboard.press('Enter')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Enter')
      await page.keyboard.type('上门测温')
      await page.keyboard.press('Control+Enter')
      await page.locator('.receipt').waitFor()
      const [caseId] = desk.record.caseIds.slice(-1)
      const { case: filed } = await storedCase(desk.line, caseId!)
      expect(filed).toMatchObject({
        type: 'complaint',
        subject: 'urban-construction/utilities/heating-cold',
        channel: 'phone',
        elements: { place: '锦绣花园五号楼二单元', time: null, wanted: '上门测温' },
        dispatch: { lead: 'heating-company' },
      })
      const receipt = (await page.locator('.receipt').textContent()) ?? ''
      expect(receipt.replace(/\D/g, '')).toContain(filed.number)
      expect(await page.locator('.receipt__code').textContent()).toMatch(/^[2-9A-HJ-NP-Z]{8}$/)
    },
    SLOWLY,
  )

  it(
    'never changes what somebody wrote or is in, however the talk goes on',
    async () => {
      const page = await openAgent()
      await page.keyboard.press('Alt+KeyN')
      const typing = page.locator('#agent-typed')
      await typing.fill('人民路3号门口路灯不亮了')
      await becomes(page, 'place', '人民路3号门口')
      await page.locator('#agent-place').fill('人民路3号西门')
      await page.locator('#agent-place').press('Enter')
      await typing.fill('人民路3号门口路灯不亮了，昨天晚上摔了一个人，就在锦绣花园五号楼二单元')
      await becomes(page, 'time', '昨天晚上')
      expect(await shownIn(page, 'place')).toBe('人民路3号西门')
    },
    SLOWLY,
  )

  it(
    'keeps a typed note over a reload, with two matters as two tabs',
    async () => {
      const page = await openAgent()
      await page.keyboard.press('Alt+KeyN')
      await page.locator('#agent-typed').fill('人民路3号半夜施工太吵了，楼道灯也坏了')
      await page.locator('.aform__tabs [role=tab]').nth(1).waitFor()
      await page.keyboard.press('Alt+KeyM')
      await page.locator('.aform__tabs [role=tab]:nth-child(2)[aria-selected=true]').waitFor()
      expect(await shownIn(page, 'subject')).toContain('楼道灯')
      await page.reload()
      await page.locator('.agent__talks button', { hasText: '人民路3号半夜' }).click()
      await page.locator('.aform__tabs [role=tab]').nth(1).waitFor()
      expect(await page.locator('#agent-typed').inputValue()).toBe('人民路3号半夜施工太吵了，楼道灯也坏了')
    },
    SLOWLY,
  )

  it(
    'shows a danger at once where the next question stood, with nothing moved',
    async () => {
      const page = await openAgent()
      await page.keyboard.press('Alt+KeyN')
      const typing = page.locator('#agent-typed')
      await typing.fill('我们楼道里')
      const before = await typing.boundingBox()
      await typing.fill('我们楼道里有煤气味，熏得慌')
      await page.locator('.agent__ask.is-danger').waitFor()
      expect(await page.locator('.agent__ask').textContent()).toContain('燃气抢修')
      expect(await typing.boundingBox()).toEqual(before)
      await page.keyboard.press('Alt+KeyD')
      await page.locator('.agent__ask:not(.is-danger)').waitFor()
    },
    SLOWLY,
  )

  it(
    'answers a question with the draft that was read out, and tells how the help was used',
    async () => {
      const page = await openAgent()
      await page.keyboard.press('Alt+KeyN')
      await page.locator('#agent-typed').fill('我想咨询一下，65岁以上老人的高龄津贴怎么申请，要带什么材料')
      const draft = page.locator('.reply textarea')
      await draft.waitFor()
      expect(await draft.inputValue()).toContain('津贴')
      expect(await page.locator('.reply__source').textContent()).toContain('知识库')
      await page.keyboard.press('Alt+KeyR')
      await page.locator('.reply.is-given').waitFor()
      await page.keyboard.press('Control+Enter')
      await page.locator('.receipt').waitFor()
      const [caseId] = desk.record.caseIds.slice(-1)
      const { case: filed } = await storedCase(desk.line, caseId!)
      expect(filed).toMatchObject({ type: 'consultation', state: 'replied' })
      expect(filed.answer).toContain('津贴')

      running.accounts.seat(accountOf('supervisor'))
      // The line's own time: the page looks back from now.
      await page.clock.setFixedTime(desk.line.clock.now())
      await page.goto(`${running.url}/desk#/help`)
      const draftRow = page.locator('.help__table tr', { hasText: '答复草稿' })
      await draftRow.getByText('100% / 0% / 0%').waitFor()
      await page.locator('.help__table tr', { hasText: '中位按键数' }).waitFor()
    },
    SLOWLY,
  )
})
