import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const BYTES = 32

/**
 * The installation's master key: `DATA_KEY` (base64 of 32 bytes) when it is set, else `master.key` in the data folder,
 * made at the first start and readable by its owner only. Without this key the persons of the cases are lost.
 * @throws when either is not 32 bytes
 */
export async function loadMasterKey(options: {
  dataKey?: string | undefined
  dataDir: string
}): Promise<Buffer> {
  if (options.dataKey) return decode(options.dataKey, 'DATA_KEY')
  const file = join(options.dataDir, 'master.key')
  const stored = await readIfThere(file)
  if (stored !== null) return decode(stored, file)
  await makeKeyFile(options.dataDir, file)
  return decode((await readIfThere(file)) ?? '', file)
}

function decode(text: string, source: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== BYTES) throw new Error(`${source} must be base64 of ${BYTES} bytes`)
  return key
}

async function readIfThere(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** Written aside and linked into place, so that of two first starts at once both read the same whole key. */
async function makeKeyFile(dataDir: string, file: string): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, `${randomBytes(BYTES).toString('base64')}\n`, { mode: 0o600, flush: true })
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
}
