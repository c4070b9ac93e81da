/**
 * Milliseconds from opening the resident's page until one can type, on a phone of the middle class and a slow network: 4 × less
 * processor, fast 3G as WebPageTest defines it (150 ms round trip, 1.6 Mbit/s down, 768 kbit/s up), nothing in any cache; and
 * when it is opened again. What is typed must arrive in the field.
 *
 *   node bench/page.ts [rounds]
 */
import type { Browser, BrowserContext } from 'playwright-core'
import { openBrowser } from '../test/support/browser.ts'
import { measuredLine, temporaryFolder } from './support/measured-line.ts'
import { median } from './support/statistics.ts'

const ROUNDS = Number(process.argv[2] ?? 9)
const CPU_RATE = 4
const FAST_3G = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (768 * 1024) / 8,
}
/** The field is there and a frame was shown with it: from then on the page answers to fingers. */
const WATCH = `window.inputPossible = new Promise(possible => {
  const look = () => {
    if (!document.querySelector('textarea, .status__form input')) return requestAnimationFrame(look)
    requestAnimationFrame(() => setTimeout(() => possible(performance.now())))
  }
  look()
})`

const folder = await temporaryFolder()
const line = await measuredLine(folder.path)
const browser = await openBrowser()
try {
  await line.start()
  for (const [what, path] of [
    ['chat', '/'],
    ['my cases', '/status'],
  ] as const) {
    const rounds = []
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(browser, line.url + path))
    report(
      `${what}, first time`,
      rounds.map(([first]) => first),
    )
    report(
      `${what}, again`,
      rounds.map(([, again]) => again),
    )
  }
} finally {
  await browser.close()
  await line.stop()
  await folder.remove()
}

function report(what: string, times: number[]): void {
  const all = times.map(each => each.toFixed(0)).join(' ')
  console.log(`${what.padEnd(22)} ${median(times).toFixed(0)} ms until one can type   (${all})`)
}

async function measure(on: Browser, url: string): Promise<[first: number, again: number]> {
  const context = await on.newContext({ viewport: { width: 360, height: 740 }, locale: 'zh-CN' })
  try {
    return [await open(context, url), await open(context, url)]
  } finally {
    await context.close()
  }
}

async function open(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage()
  await page.addInitScript(WATCH)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', FAST_3G)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_RATE })
  await page.goto(url, { waitUntil: 'commit' })
  const at = await page.evaluate<number>('window.inputPossible')
  const field = page.locator('textarea, .status__form input').first()
  // A draft of the visit before is there again.
  const kept = await field.inputValue()
  await field.press('End')
  await field.pressSequentially('1')
  if ((await field.inputValue()) !== `${kept}1`) throw new Error('what was typed is not in the field')
  await page.evaluate('navigator.serviceWorker?.ready')
  await page.close()
  return at
}
