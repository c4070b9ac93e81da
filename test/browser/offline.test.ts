import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningLine as FakeEdges, startLine } from '../http/start-line.ts'
import { openBrowser } from '../support/browser.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'

const SLOWLY = 120_000
const web = join(import.meta.dirname, '../../build/web')
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

beforeAll(async () => {
  ;[line, browser] = await Promise.all([runLine(), openBrowser()])
}, SLOWLY)
afterAll(async () => {
  await browser?.close()
  await line?.remove()
}, SLOWLY)
afterEach(() => page?.context().close())

async function openPage(url: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'zh-CN' })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(url)
  await page.locator('textarea').waitFor()
  await page.evaluate('navigator.serviceWorker.ready.then(() => null)')
}

const own = () => page.locator('.message.is-own')
const offline = (isOffline: boolean) => page.context().setOffline(isOffline)
const choosePhoto = async () => {
  await page.locator('.composer input[type=file]').setInputFiles(PHOTO)
  await page.locator('.files li').waitFor()
}
const caches = () =>
  page.evaluate<Record<string, string[]>>(`(async () => {
    const names = await caches.keys()
    const each = async name => [name, (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)]
    return Object.fromEntries(await Promise.all(names.map(each)))
  })()`)

describe.skipIf(!existsSync(join(web, 'sw.js')))('without a network', () => {
  it(
    'the page opens, takes words and a photo, and sends them once when the network is back, over a reload, too',
    async () => {
      await openPage(line.url)
      await page.locator('.message.is-line').first().waitFor()
      await offline(true)
      await page.reload()
      await choosePhoto()
      await page.locator('textarea').fill('楼道灯坏了')
      await page.locator('textarea').press('Enter')
      await page.getByRole('status').getByText('网络断了').waitFor()
      await page.reload()
      await own().waitFor()
      expect(await page.getByText('已送达').count()).toBe(0)
      await offline(false)
      await page.getByText('已送达').waitFor()
      await page.locator('.message.is-own img').waitFor()

      // A page that knows nothing is told by the server what was said.
      await page.evaluate('localStorage.clear()')
      await page.reload()
      await page.locator('.message.is-own img').waitFor()
      await page.locator('.message.is-line').nth(1).waitFor()
      expect(await own().count()).toBe(1)
    },
    SLOWLY,
  )

  it(
    'what waited long is sent only when the person says so',
    async () => {
      await openPage(line.url)
      await page.locator('.message.is-line').first().waitFor()
      await offline(true)
      await page.locator('textarea').fill('昨天写的')
      await page.locator('textarea').press('Enter')
      await own().waitFor()
      await page.evaluate(`{
        const messages = JSON.parse(localStorage['yihao.messages'])
        for (const each of messages) if (each.kind === 'own') each.at = new Date(Date.now() - 86_400_000).toISOString()
        localStorage['yihao.messages'] = JSON.stringify(messages)
      }`)
      await page.reload()
      await offline(false)
      await page.getByText('上次没有发出去').waitFor()
      await page.getByRole('button', { name: '重新发送' }).click()
      await page.getByText('已送达').waitFor()
    },
    SLOWLY,
  )

  it(
    'what is typed and chosen survives a reload, and is gone with everything else when the device is cleared',
    async () => {
      await openPage(line.url)
      await choosePhoto()
      await page.locator('textarea').fill('写到一半')
      await page.reload()
      await page.locator('.files li', { hasText: 'light.png' }).waitFor()
      expect(await page.locator('textarea').inputValue()).toBe('写到一半')
      await page.locator('textarea').press('Enter')
      await page.getByText('已送达').waitFor()
      await choosePhoto()
      page.on('dialog', dialog => dialog.accept())
      await page.getByRole('button', { name: '清除本机上的对话' }).click()
      await page.locator('.files').waitFor({ state: 'detached' })
      await page.locator('textarea').waitFor()
      expect(await page.locator('.files li').count()).toBe(0)
    },
    SLOWLY,
  )

  it(
    'only the page itself is kept: nothing of an interface, nothing that anybody said',
    async () => {
      await openPage(line.url)
      await page.locator('.message.is-line').first().waitFor()
      await page.goto(`${line.url}/status`)
      await page.locator('.status__form').waitFor()
      const [kept] = Object.values(await caches())
      expect(kept).toEqual(expect.arrayContaining(['/', '/status', '/manifest.webmanifest']))
      expect(
        kept!.filter(
          path => !/^\/(status|guide|icon\.svg|manifest\.webmanifest|assets\/[\w.-]+)?$/.test(path),
        ),
      ).toEqual([])
    },
    SLOWLY,
  )

  it('can be put on the home screen', async () => {
    await openPage(line.url)
    const devtools = await page.context().newCDPSession(page)
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    // A window of a test is no ordinary one.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
  })
})

describe.skipIf(!existsSync(join(web, 'sw.js')))('a new version', () => {
  let edges: FakeEdges
  let root: string

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'yihao-web-'))
    await cp(web, root, { recursive: true })
    edges = await startLine({ server: { webRoot: root } })
  })
  afterAll(async () => {
    await edges.stop()
    await rm(root, { recursive: true })
  })

  /** Puts another version there, as a deployment does. */
  async function deploy(name: string): Promise<void> {
    for (const file of ['index.html', 'sw.js'])
      for (const twin of ['br', 'gz']) await rm(join(root, `${file}.${twin}`), { force: true })
    const html = await readFile(join(web, 'index.html'), 'utf8')
    await writeFile(join(root, 'index.html'), html.replace('<html ', `<html data-version="${name}" `))
    const worker = await readFile(join(web, 'sw.js'), 'utf8')
    await writeFile(join(root, 'sw.js'), worker.replace(/(version\\?":\\?")\w+/, `$1${name}`))
  }
  /** A browser that is busy with one version asks for the next a little later; here it is told to. */
  const cachesAfterAsking = async () => {
    await page.evaluate('navigator.serviceWorker.ready.then(each => each.update()).catch(() => null)')
    return Object.keys(await caches())
  }
  const version = () => page.locator('html').getAttribute('data-version')

  it(
    'is there with the next opening, also without a network then, and old ones are cleared away',
    async () => {
      await openPage(edges.url)
      for (const name of ['two', 'three']) {
        await deploy(name)
        await page.reload()
        expect(await version(), 'no page of yesterday').toBe(name)
        await expect.poll(cachesAfterAsking, { timeout: 15_000 }).toContain(`shell-${name}`)
      }
      await expect.poll(cachesAfterAsking, { timeout: 15_000 }).toEqual(['shell-two', 'shell-three'])
      await offline(true)
      await page.reload()
      expect(await version()).toBe('three')
    },
    SLOWLY,
  )
})
