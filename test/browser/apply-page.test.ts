import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentExtensionOf } from '../../src/adapters/direct-line/attachments.ts'
import { createDiskUploadStore } from '../../src/adapters/direct-line/disk-upload-store.ts'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { systemChance } from '../../src/kernel/ids.ts'
import { certificateCode } from '../../src/usecases/certificate.ts'
import type { KeptFiles } from '../../src/usecases/kept-files.ts'
import { wireApply } from '../../src/wire-apply.ts'
import { findBarriers } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { holder } from '../support/sample-application.ts'
import { type Desk, storedCase, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const SLOWLY = 120_000
const web = join(import.meta.dirname, '../../build/web')
/** Pictures of what was seen go here, when somebody wants to look. */
const PICTURES = process.env.APPLY_PICTURES
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const lines = useTestLine()
let desk: Desk
let running: WiredDesk
let browser: Browser
let folder: string

beforeAll(async () => {
  desk = lines.fresh()
  folder = await mkdtemp(join(tmpdir(), 'yihao-applied-'))
  const store = createDiskUploadStore(folder, systemChance)
  const files: KeptFiles = {
    save: async bytes => store.save(bytes, await documentExtensionOf(bytes)),
    read: name => store.read(name),
  }
  const { line } = desk
  const limiter = createRateLimiter({ clock: line.clock })
  const routes = wireApply(line, { files, limiter })
  ;[running, browser] = await Promise.all([
    startWiredDesk(line, web, { documents: files, routes }),
    openBrowser(),
  ])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
  await rm(folder, { recursive: true, force: true })
}, SLOWLY)

async function newPage(
  path: string,
  { width = 360, locale = 'zh-CN', colorScheme = 'light' as 'light' | 'dark' } = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 760 }, locale, colorScheme })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(running.url + path)
  return page
}

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return
  await mkdir(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
}

async function hand(page: Page, name: string, file = PNG, fileName = '照片.png'): Promise<void> {
  const input = page.getByLabel(`上传：${name}`, { exact: true })
  await input.setInputFiles({ name: fileName, mimeType: 'image/png', buffer: file })
}

/** Applies for a licence to sell fireworks on a phone; returns number and query code. */
async function apply(page: Page): Promise<{ number: string; queryCode: string }> {
  for (const [n, name] of ['身份证', '经营场所证明', '安全方案和应急预案'].entries()) {
    await hand(page, name)
    await page.locator(`.handed__file >> nth=${n}`).waitFor()
  }
  await page.getByLabel('姓名').fill('王秀兰')
  await page.getByLabel('身份证号').fill('11010519491231002x')
  await page.getByLabel('手机号').fill('13800138000')
  await page.getByLabel('经营或办事地址').fill('人民路3号')
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.locator('.apply__receipt').waitFor()
  const queryCode = await page.locator('.card__secret').textContent()
  const number = (await page.locator('.card__number .copy').textContent())!.replace(/\D/g, '').slice(0, 12)
  return { number, queryCode: queryCode! }
}

async function openAtDesk(who: ReturnType<typeof holder>, id: string, width = 1280): Promise<Page> {
  running.accounts.seat(who)
  const page = await newPage(`/desk#/cases/${id}`, { width })
  await page.locator('#desk-login').fill('wang')
  await page.locator('#desk-password').fill('right horse')
  await page.locator('#desk-password').press('Enter')
  await page.locator('.application__steps').waitFor()
  return page
}

/** An action at the desk, with what it asks for. */
async function does(page: Page, action: string, fill: () => Promise<void> = async () => {}): Promise<void> {
  await page.getByRole('toolbar').getByRole('button', { name: action, exact: true }).click()
  await fill()
  await page.locator('.form button[type=submit]').click()
}

async function idOf(number: string): Promise<string> {
  return (await desk.line.store.transact(tx => tx.caseByNumber(number)))!.case.id
}

const passed = (page: Page, count: number) =>
  page.locator(`.application__steps li.is-done >> nth=${count - 1}`).waitFor()

const decide = (page: Page, outcome: string, text: string) => async () => {
  await page.locator('.form').getByText(outcome, { exact: true }).click()
  await page.locator('.form textarea').first().fill(text)
}

describe.runIf(existsSync(join(web, 'apply.html')))('an application', () => {
  it(
    'what is missing is said at once and at its field, bad files at theirs, and nothing typed is lost',
    async () => {
      const page = await newPage('/apply/fireworks-retail')
      await page.getByRole('button', { name: '提交申请' }).click()
      await page.locator('.apply__summary li').nth(5).waitFor()
      expect(await page.locator('.apply__summary li').allTextContents()).toEqual([
        '缺“身份证”',
        '缺“经营场所证明”',
        '缺“安全方案和应急预案”',
        '缺“姓名”',
        '缺“身份证号”',
        '缺“手机号”',
      ])
      await picture(page, 'missing')
      await hand(page, '身份证', PNG.subarray(0, 40))
      await page.getByText('文件不完整').waitFor()
      await hand(page, '身份证', Buffer.from('just a text'))
      await page.getByText('这种文件办不了').waitFor()
      await hand(page, '身份证')
      await page.locator('.handed__file').waitFor()
      await page.getByLabel('姓名').fill('王秀兰')
      await page.reload()
      await page.locator('.handed__file').waitFor()
      expect(await page.getByLabel('姓名').inputValue()).toBe('王秀兰')
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'is applied for on a phone, done step by step by whoever has the authority, and ends with a certificate that anybody can verify',
    async () => {
      const page = await newPage('/apply/fireworks-retail')
      const { number, queryCode } = await apply(page)
      await picture(page, 'receipt')
      const id = await idOf(number)

      const clerk = await openAtDesk(holder('emergency-management', 'clerk'), id)
      await does(clerk, '签收')
      await clerk.locator('.application__who.is-own').waitFor()
      await does(clerk, '办完本环节')
      await passed(clerk, 1)
      await picture(clerk, 'desk')
      // The next step is the inspector's: who may is said before and when it is tried.
      await does(clerk, '办完本环节')
      await clerk.getByRole('alert').getByText('有权办的是：应急管理局的现场核查员。').waitFor()
      await clerk.context().close()

      const inspector = await openAtDesk(holder('emergency-management', 'inspector'), id)
      await does(inspector, '办完本环节')
      await passed(inspector, 2)
      await inspector.context().close()

      // The head approves on the phone.
      const head = await openAtDesk(holder('emergency-management', 'head'), id, 360)
      expect(await head.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      await picture(head, 'phone')
      await does(head, '作出决定', decide(head, '批准', '符合条件，准予许可。'))
      await passed(head, 3)
      await head.context().close()

      const issuer = await openAtDesk(holder('emergency-management', 'clerk'), id)
      await does(issuer, '办完本环节')
      await passed(issuer, 4)
      await issuer.context().close()

      await page.goto(`${running.url}/status#n=${number}`)
      await page.locator('input[autocapitalize]').fill(queryCode)
      await page.locator('form button[type=submit]').click()
      await page.locator('.track').waitFor()
      await picture(page, 'status')
      expect(await page.locator('.track__name').allTextContents()).toEqual([
        '提交申请',
        '受理',
        '现场核查',
        '决定',
        '制证发证',
        '批准',
      ])
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: '下载证照' }).click(),
      ])
      const pdf = await readFile(await file.path())
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      if (PICTURES) await file.saveAs(join(PICTURES, 'certificate.pdf'))

      const certificate = (await storedCase(desk.line, id)).case.conclusion!.certificate
      const code = certificateCode(desk.line, certificate)
      await page.goto(`${running.url}/verify#n=${certificate}&c=${code}`)
      await page.locator('.verify__verdict.is-valid').waitFor()
      expect(await page.locator('.verify dd').allTextContents()).toEqual(
        expect.arrayContaining(['烟花爆竹零售许可证', '王＊＊', '应急管理局']),
      )
      await picture(page, 'verified')
      await page.goto(`${running.url}/verify`)
      await page.getByLabel('编号').fill(certificate)
      await page.getByLabel('验证码').fill('AAAAAAAAAAAA')
      await page.getByRole('button', { name: '验证', exact: true }).click()
      await page.getByText('不是我们发的').waitFor()
      await page.context().close()
    },
    SLOWLY,
  )

  it(
    'refused, it says why and where to turn',
    async () => {
      const page = await newPage('/apply/fireworks-retail')
      const { number, queryCode } = await apply(page)
      const id = await idOf(number)
      const all = holder('emergency-management', 'clerk', 'inspector', 'approver')
      const atDesk = await openAtDesk(all, id)
      await does(atDesk, '签收')
      await atDesk.locator('.application__who.is-own').waitFor()
      for (const step of [1, 2]) {
        await does(atDesk, '办完本环节')
        await passed(atDesk, step)
      }
      await does(atDesk, '作出决定', decide(atDesk, '不予批准', '场所与居民楼相连，不符合安全距离。'))
      await atDesk.locator('.application__decision.is-refused').waitFor()
      await atDesk.context().close()

      await page.goto(`${running.url}/status#n=${number}`)
      await page.locator('input[autocapitalize]').fill(queryCode)
      await page.locator('form button[type=submit]').click()
      await page.locator('.card__status', { hasText: '行政复议' }).waitFor()
      expect(await page.locator('.card__status').textContent()).toContain('不符合安全距离')
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: '下载决定书' }).click(),
      ])
      if (PICTURES) await file.saveAs(join(PICTURES, 'refusal.pdf'))
      await page.context().close()
    },
    SLOWLY,
  )

  it.each([
    ['zh-CN', 'light'],
    ['zh-TW', 'dark'],
    ['en-GB', 'dark'],
  ] as const)(
    'in %s by %s nothing keeps anybody out',
    async (locale, colorScheme) => {
      const page = await newPage('/apply/food-business', { locale, colorScheme })
      for (let n = 0; n < 3; n++) {
        await page.locator('.asking .button').first().click()
        await page.locator(`.told-so-far li >> nth=${n}`).waitFor()
      }
      await page.locator('.apply__submit').click()
      await page.locator('.apply__summary li').first().waitFor()
      expect(await findBarriers(page)).toEqual([])
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      await picture(page, `form-${locale}-${colorScheme}`)
      await page.goto(`${running.url}/verify`)
      await page.locator('.verify form').waitFor()
      expect(await findBarriers(page)).toEqual([])
      await page.context().close()
    },
    SLOWLY,
  )
})
