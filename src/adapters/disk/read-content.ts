import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { ContentFile } from '../../content/yaml-file.ts'

/** Folders that every city shares. */
const SHARED = ['intents', 'dialogs', 'locales']

/**
 * Reads the content folders of a project and the city's own.
 * @param root the project's folder  @param cityFolder e.g. `cities/shenfu`, relative to it
 */
export async function readContent(root: string, cityFolder: string): Promise<ContentFile[]> {
  const paths = (
    await Promise.all([...SHARED, cityFolder].map(folder => yamlFilesBelow(join(root, folder))))
  ).flat()
  return Promise.all(
    paths.toSorted().map(async path => ({
      path: relative(root, path).split(sep).join('/'),
      text: await readFile(path, 'utf8'),
    })),
  )
}

async function yamlFilesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.yaml'))
    .map(entry => join(entry.parentPath, entry.name))
}
