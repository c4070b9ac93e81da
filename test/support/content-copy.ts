import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** A project folder with its own copy of the content, in which a test may make mistakes. */
export async function copyContent(): Promise<{ root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'yihao-root-'))
  for (const folder of ['intents', 'dialogs', 'locales', 'cities'])
    await cp(join(ROOT, folder), join(root, folder), { recursive: true })
  await symlink(join(ROOT, 'build'), join(root, 'build'))
  return { root, remove: () => rm(root, { recursive: true, force: true }) }
}
