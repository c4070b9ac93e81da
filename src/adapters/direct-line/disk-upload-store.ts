import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Chance, newToken } from '../../kernel/ids.ts'
import type { UploadStore } from './direct-line-options.ts'

const NAME = /^[\w-]{22}\.[a-z0-9]{2,5}$/

/** Uploads as files of one folder, under random names; a half-written file never has a name. */
export function createDiskUploadStore(folder: string, chance: Chance): UploadStore {
  return {
    async save(bytes, extension) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const name = `${newToken(16, chance)}.${extension}`
      const draft = join(folder, `.${name}`)
      await writeFile(draft, bytes, { mode: 0o600, flag: 'wx', flush: true })
      await rename(draft, join(folder, name))
      return name
    },
    async read(name) {
      if (!NAME.test(name)) return null
      try {
        return await readFile(join(folder, name))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
  }
}
