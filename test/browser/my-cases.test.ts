import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { openDeskHand } from '../support/desk-hand.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'

const SLOWLY = 120_000
const isBuilt = existsSync(join(import.meta.dirname, '../../build/web/status.html'))
/** One dot. */
const PHOTO = {
  name: 'light.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
}

let line: RunningLine
let browser: Browser
let page: Page
let folder: string
const problems: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yihao-sms-'))
  const sms = { SMS_GATEWAY: 'log', SMS_LOG_FILE: join(folder, 'sms.txt') }
  ;[line, browser] = await Promise.all([runLine(sms), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await line?.remove()
  await rm(folder, { recursive: true, force: true })
}, SLOWLY)
afterEach(() => page?.context().close())

/** A phone of 360 × 740; each call is another device. */
async function openPage(path: string, options: BrowserContextOptions = {}, before = ''): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: 'zh-CN',
    ...options,
  })
  if (before) await context.addInitScript(before)
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('pageerror', error => problems.push(error.message))
  await page.goto(line.url + path)
  await page.locator('textarea, .status__form').first().waitFor()
}

/** Says a matter with a photo and takes what is suggested until it is filed. */
async function file(words: string): Promise<{ number: string; code: string }> {
  await page.locator('.composer input[type=file]').setInputFiles(PHOTO)
  await page.locator('.files li').waitFor()
  await page.locator('textarea').fill(words)
  await page.locator('textarea').press('Enter')
  await page.locator('.choices .chip', { hasText: '没问题，提交' }).click()
  await page.locator('.card__secret').waitFor()
  const number = ((await page.locator('.card__number .copy').first().textContent()) ?? '').replace(/\D/g, '')
  return { number, code: ((await page.locator('.card__secret').textContent()) ?? '').trim() }
}

/** The last code that was sent to a number. */
async function codeFor(phone: string): Promise<string> {
  const sent = (await readFile(join(folder, 'sms.txt'), 'utf8').catch(() => '')).trim().split('\n')
  const last = sent.map(each => JSON.parse(each) as { to: string; text: string; key: string })
  return /\d{6}/.exec(last.findLast(({ to, key }) => to === phone && key.startsWith('phone-code'))!.text)![0]
}

const button = (name: string) => page.getByRole('button', { name, exact: true })
const expectNoBarrier = async (rules: string[] = []) =>
  expect(await findBarriers(page, { rules })).toEqual([])

describe.skipIf(!isBuilt)('my cases', () => {
  it(
    'from the first word to the rating: filed with a photo, found by the number on another device, urged, added to, answered, rated',
    async () => {
      await openPage('/')
      const { number } = await file('人民路51号门口路灯不亮了，电话13912345678')
      await page.context().close()

      await openPage('/status')
      await button('手机号').click()
      await page.locator('input[type=tel]').fill('139 1234 5678')
      await button('获取验证码').click()
      await page.locator('.phone__told').waitFor()
      await expectNoBarrier()
      const code = await codeFor('13912345678')
      await page.getByLabel('验证码').fill(code === '000000' ? '000001' : '000000')
      await button('查看我的诉求').click()
      await page.getByRole('alert').getByText('验证码不对').waitFor()
      await page.getByLabel('验证码').fill(code)
      await button('查看我的诉求').click()
      await page.locator('.mine__case').waitFor()
      await expectNoBarrier()
      await page.locator('.mine__case').click()
      await page.locator('.track li[aria-current=step]').waitFor()
      expect(await page.locator('.track time').count()).toBeGreaterThanOrEqual(4)
      await expectNoBarrier()

      await button('催一催').click()
      await page.getByRole('status').getByText('第 1 次').waitFor()

      await button('补充情况或照片').click()
      await page.getByLabel('想补充什么').fill('灯杆也歪了')
      await page.locator('.adding input[type=file]').setInputFiles(PHOTO)
      await page.locator('.adding .files li').waitFor()
      await expectNoBarrier()
      await button('提交').click()
      await page.locator('.past__said', { hasText: '您说：灯杆也歪了' }).waitFor()
      await page.locator('.past__said', { hasText: '照片或文件 1 个' }).first().waitFor()

      const desk = await openDeskHand(browser, line)
      const department = 'urban-management'
      await desk.act(number, 'sign', {}, department)
      await desk.act(number, 'ask-resident', { text: '是哪一根灯杆？' }, department)
      await page.reload()
      await page.locator('.asked', { hasText: '是哪一根灯杆？' }).waitFor()
      await page.locator('.track__note', { hasText: '等您补充' }).waitFor()
      expect(await button('催一催').count()).toBe(0)
      await expectNoBarrier()
      await page.getByLabel('您的回答').fill('路口东边那根')
      await button('提交').click()
      await page.locator('.card__status', { hasText: '正在办' }).waitFor()
      expect(await page.locator('.asked').count()).toBe(0)

      const contact = { how: 'phone', at: new Date().toISOString() }
      const reply = { text: '灯泡已经换好。', isTrue: true, isWithinDuty: true, contact, solved: 'solved' }
      await desk.act(number, 'reply', reply, department)
      await desk.page.context().close()
      await page.reload()
      await page.locator('.replied', { hasText: '灯泡已经换好。' }).waitFor()
      await page.getByText('联系过', { exact: true }).click()
      await page.getByText('解决了', { exact: true }).click()
      await page.getByText('非常满意', { exact: true }).click()
      await expectNoBarrier()
      await button('提交评价').click()
      await page.locator('.card__status', { hasText: '已经办完了' }).waitFor()
      await page.getByText('这件已经结束，不能再催').waitFor()
      expect(page.url(), 'the number that was proved is in no address').not.toContain('13912345678')
    },
    SLOWLY,
  )

  it(
    'a device remembers a case when it is told to, and forgets it with one tap',
    async () => {
      await openPage('/')
      const { number, code } = await file('人民路52号门口路灯不亮了，电话13912345679')
      await button('记在这台设备上').click()
      await page.getByText('已记在这台设备上').waitFor()
      await page.context().close()

      await openPage(`/status#n=${number}`)
      await page.getByLabel('查询码').fill(code)
      await page.getByLabel('记在这台设备上').check()
      await button('查询').click()
      await page.locator('.track').waitFor()
      await page.getByRole('link', { name: '返回我的诉求' }).click()
      await page.locator('.mine__case', { hasText: '记在这台设备上' }).waitFor()
      await page.reload()
      await page.locator('.mine__case').waitFor()
      await button('忘记这台设备上记的查询码').click()
      await page.getByText('已经忘记').waitFor()
      expect(await page.locator('.mine__case').count()).toBe(0)
      expect(await page.evaluate<string>('JSON.stringify(localStorage)')).not.toContain(code)
    },
    SLOWLY,
  )

  it(
    'a case is withdrawn after it was asked whether that is meant',
    async () => {
      await openPage('/')
      await file('人民路53号门口路灯不亮了，电话13912345670')
      await page.goto(`${line.url}/status`)
      await page.locator('.mine__case', { hasText: '本机对话登记' }).click()
      await button('撤销').click()
      await page.getByLabel('为什么撤销').fill('自己修好了')
      await expectNoBarrier()
      await button('确定撤销').click()
      await page.getByRole('status').getByText('已经撤销。').waitFor()
      await page.locator('.track .is-skipped').first().waitFor()
    },
    SLOWLY,
  )

  it(
    'care mode stays on, and in it every text meets AAA, is large, and can be read aloud',
    async () => {
      await openPage(
        '/',
        {},
        'window.spoken = []; speechSynthesis.speak = each => window.spoken.push([each.lang, each.text])',
      )
      await page.getByRole('button', { name: '关怀模式' }).click()
      await page.reload()
      await page.locator('.message.is-line .read').first().click()
      const spoken = await page.evaluate<[string, string][]>('window.spoken')
      expect(spoken[0]?.[0]).toBe('zh-CN')
      expect(spoken[0]?.[1].length).toBeGreaterThan(5)
      for (const path of ['/', '/status']) {
        await page.goto(line.url + path)
        await page.locator('textarea, .status__form').first().waitFor()
        for (const name of ['简体中文', '繁體中文', 'English']) {
          await page.getByRole('button', { name }).click()
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme })
            await expectNoBarrier(['color-contrast-enhanced'])
            expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
              360,
            )
          }
        }
      }
    },
    SLOWLY,
  )

  it(
    'without care mode neither language nor theme keeps anybody out',
    async () => {
      for (const [path, locale] of [
        ['/', 'zh-TW'],
        ['/status', 'en-GB'],
      ] as const) {
        await openPage(path, { locale })
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          await expectNoBarrier()
        }
        await page.context().close()
      }
    },
    SLOWLY,
  )

  it(
    'what is spoken is shown and only used when it is confirmed',
    async () => {
      const recogniser = `window.SpeechRecognition = window.webkitSpeechRecognition = class {
        start() { setTimeout(() => this.onresult({ results: [[{ transcript: '路灯坏了' + this.lang }]] })) }
        stop() { this.onend() }
        abort() {}
      }`
      await openPage('/', { locale: 'zh-TW' }, recogniser)
      await button('語音輸入').click()
      await page.locator('.voice__heard', { hasText: '路灯坏了zh-TW' }).waitFor()
      expect(await page.locator('textarea').inputValue()).toBe('')
      await page.getByText('會傳給他們').waitFor()
      await expectNoBarrier()
      await button('用這段話').click()
      expect(await page.locator('textarea').inputValue()).toBe('路灯坏了zh-TW')
      expect(await page.locator('.message.is-own').count(), 'nothing is sent by it').toBe(0)
    },
    SLOWLY,
  )

  it(
    'where the browser hears nothing, speaking is not offered',
    async () => {
      await openPage('/', {}, 'delete window.SpeechRecognition; delete window.webkitSpeechRecognition')
      expect(await button('说话输入').count()).toBe(0)
    },
    SLOWLY,
  )

  it('meets no error', () => expect(problems).toEqual([]))
})
