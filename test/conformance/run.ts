import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { runLine } from '../support/running-line.ts'

/**
 * `npm run conformance`: the unmodified bundle of Bot Framework Web Chat in a real browser, on a page of another origin, against the
 * line. The package weighs 486 MB, so it is installed into a temporary folder of its own and kept there. Exits 1 when a check fails.
 */
const PACKAGE = 'botframework-webchat'
const VERSION = '4.18.1'
const SECRET = 'the-secret-of-conformance'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const PAGE = `<!doctype html><meta charset="utf-8"><title>conformance</title>
<style>html,body,#chat{height:100%;margin:0}</style><div id="chat"></div><script src="/webchat.js"></script>
<script>
const settings = new URLSearchParams(location.hash.slice(1))
const directLine = WebChat.createDirectLine({
  domain: settings.get('domain'), token: settings.get('token'), webSocket: settings.get('socket') === 'true', pollingInterval: 300,
})
WebChat.renderWebChat({ directLine, userID: 'dl_conformance', locale: 'zh-CN' }, document.getElementById('chat'))
</script>`

const bundle = await installedBundle()
const line = await runLine({ DIRECT_LINE_SECRET: SECRET })
const host = await serve(bundle)
const browser = await openBrowser()
let failed = 0
try {
  for (const webSocket of [true, false]) {
    const page = await browser.newPage({ viewport: { width: 420, height: 900 } })
    await check(page, webSocket)
    await page.close()
  }
} finally {
  await browser.close()
  host.close()
  await line.remove()
}
process.stdout.write(failed === 0 ? 'all checks passed\n' : `${failed} check(s) failed\n`)
process.exit(failed === 0 ? 0 : 1)

async function check(page: Page, webSocket: boolean): Promise<void> {
  const how = webSocket ? 'socket' : 'polling'
  const { token } = (await fetch(`${line.url}/v3/directline/tokens/generate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
    body: '{}',
  }).then(response => response.json())) as { token: string }
  const settings = new URLSearchParams({
    domain: `${line.url}/v3/directline`,
    token,
    socket: String(webSocket),
  })
  const errors: string[] = []
  page.on('pageerror', error => errors.push(error.message))
  await page.goto(`${host.url}/#${settings}`)

  const step = async (what: string, act: () => Promise<unknown>) => {
    try {
      await act()
      process.stdout.write(`ok      ${PACKAGE} ${VERSION} by ${how}: ${what}\n`)
    } catch (error) {
      failed++
      process.stdout.write(`FAILED  ${PACKAGE} ${VERSION} by ${how}: ${what}\n${(error as Error).message}\n`)
    }
  }
  const seen = (text: string | RegExp) => page.getByText(text).last().waitFor({ timeout: 15_000 })
  const box = page.locator('[data-id="webchat-sendbox-input"], .webchat__send-box-text-box__input').first()
  const say = async (text: string) => {
    await box.fill(text)
    await box.press('Enter')
  }
  const tap = (name: string) => page.getByRole('button', { name }).last().click({ timeout: 15_000 })

  await step('the greeting', () => seen('8890'))
  await step('a text, and its answer', async () => {
    await say(`人民路${webSocket ? 71 : 72}号门口路灯不亮了`)
    await seen('手机号')
  })
  await step('nothing is shown as failed', async () => {
    if ((await page.getByText(/Send failed|发送失败|无法发送/).count()) > 0)
      throw new Error('a message is shown as failed')
  })
  await step('a suggested action', async () => {
    await tap('不留电话')
    await seen('请看一下对不对')
    await tap('没问题，提交')
  })
  await step('an Adaptive Card', async () => {
    await page.locator('.ac-adaptiveCard').first().waitFor({ timeout: 15_000 })
    await seen(/答复您/)
  })
  await step("the card's submit", async () => {
    await page.locator('.ac-pushButton').last().click({ timeout: 15_000 })
    await page.locator('.ac-adaptiveCard').nth(1).waitFor({ timeout: 15_000 })
  })
  await step('an upload', async () => {
    const sent = page.waitForResponse(response => response.url().includes('/upload?'), { timeout: 15_000 })
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'lamp.png', mimeType: 'image/png', buffer: PNG })
    // The button does nothing until the file has been read.
    await page.locator('.webchat__attachment-icon--checked').waitFor({ timeout: 15_000 })
    await page.locator('.webchat__send-button').click({ timeout: 15_000 })
    const status = (await sent).status()
    if (status !== 200) throw new Error(`the upload was answered with ${status}`)
    // The line's own, not the one that Web Chat shows until the echo comes; and it can be seen.
    const picture = page.locator('img[src*="/attachments/"]').last()
    await picture.waitFor({ state: 'attached', timeout: 15_000 })
    await page.waitForFunction(
      image => (image as unknown as { naturalWidth: number }).naturalWidth > 0,
      await picture.elementHandle(),
      { timeout: 15_000 },
    )
  })
  await step('no error on the page', async () => {
    if (errors.length > 0) throw new Error(errors.join('\n'))
  })
  if (process.env.SCREENSHOTS)
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `webchat-${how}.png`), fullPage: true })
}

async function installedBundle(): Promise<Buffer> {
  const folder = join(tmpdir(), `yihao-conformance-${VERSION}`)
  const file = join(folder, 'node_modules', PACKAGE, 'dist', 'webchat.js')
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{"private":true}')
    process.stderr.write(`installing ${PACKAGE} ${VERSION} into a temporary folder\n`)
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save']
    const { status } = spawnSync('npm', ['install', `${PACKAGE}@${VERSION}`, ...options], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (status !== 0) throw new Error(`${PACKAGE} could not be installed`)
  }
  return readFile(file)
}

/** A page of another origin, as a city's own site would embed the chat. */
async function serve(script: Buffer): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/webchat.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(isScript ? script : PAGE)
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() }
}
