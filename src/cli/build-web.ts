import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

/** Builds the pages into `build/web` with compressed twins of every file; does nothing when they are up to date. */
const root = join(import.meta.dirname, '../..')
const target = join(root, 'build/web')
const stampFile = join(target, '.stamp')

/** What the pages are made of. The lock file stands for the libraries. */
const SOURCES = ['src/web', 'locales', 'vite.config.ts', 'package-lock.json', 'src/cases/case-number.ts']
/** As in `vite.config.ts`; the first one empties the folder. */
const PARTS = ['resident', 'desk']
const COMPRESSED = /\.(js|css|html|svg|webmanifest)$/

const stamp = await hashOfSources()
if ((await readFile(stampFile, 'utf8').catch(() => '')) !== stamp) await build()

async function build(): Promise<void> {
  const { build: viteBuild } = await import('vite')
  // Built beside and then put in place: a server that runs never sees half a page, nor does a second build.
  const fresh = `${target}.${process.pid}`
  for (const mode of PARTS) {
    await viteBuild({
      configFile: join(root, 'vite.config.ts'),
      mode,
      logLevel: 'warn',
      build: { outDir: fresh },
    })
  }
  await compressAll(fresh)
  await writeFile(join(fresh, '.stamp'), stamp)
  await mkdir(join(root, 'build'), { recursive: true })
  await rm(target, { recursive: true, force: true })
  await rename(fresh, target)
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256')
  const files = (await Promise.all(SOURCES.map(filesBelow))).flat().sort()
  for (const file of files) hash.update(file).update(await readFile(join(root, file)))
  return hash.digest('hex')
}

/** Files of a folder and all below it, or the file itself; relative to the project. */
async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true }).catch(() => null)
  if (!entries) return [path]
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
}

async function compressAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile() && COMPRESSED.test(entry.name))
  await Promise.all(
    files.map(async entry => {
      const path = join(entry.parentPath, entry.name)
      const content = await readFile(path)
      await writeFile(`${path}.br`, await promisify(brotliCompress)(content))
      await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }))
    }),
  )
}
