import { createHash } from 'node:crypto'
import { ContentError, type ContentProblem } from './content-problem.ts'
import { type Excerpt, excerptOf } from './excerpt.ts'
import { loadContent } from './load-content.ts'
import type { ContentFile } from './yaml-file.ts'

/** What a check of content files found. */
export interface ContentCheck {
  files: number
  /** How much there is of what; null while there are problems. */
  holds: Record<'subjects' | 'examples' | 'departments' | 'articles' | 'items' | 'dialogs', number> | null
  problems: (ContentProblem & { excerpt: Excerpt })[]
  /** Fingerprint of each file. */
  prints: Record<string, string>
}

/** Checks files as the start does, and shows each problem in its place. */
export function checkContent(files: readonly ContentFile[], cityFolder: string): ContentCheck {
  const prints = printsOf(files)
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  try {
    const { subjects, departments, articles, items, flows } = loadContent(files, cityFolder)
    const holds = {
      subjects: subjects.leaves.length,
      examples: subjects.leaves.reduce((sum, { examples }) => sum + examples.length, 0),
      departments: departments.size,
      articles: articles.length,
      items: items.length,
      dialogs: flows.size,
    }
    return { files: files.length, holds, problems: [], prints }
  } catch (error) {
    if (!(error instanceof ContentError)) throw error
    const problems = error.problems.map(problem => ({
      ...problem,
      excerpt: excerptOf(texts.get(problem.file) ?? '', problem.line),
    }))
    return { files: files.length, holds: null, problems, prints }
  }
}

/** A fingerprint of each file. */
export function printsOf(files: readonly ContentFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path, text }) => [path, hashOf(text)]))
}

/** One short fingerprint of all of them. */
export function versionOf(prints: Readonly<Record<string, string>>): string {
  const lines = Object.entries(prints).map(([path, print]) => `${path} ${print}`)
  return hashOf(lines.toSorted().join('\n')).slice(0, 12)
}

/** How files differ. */
export interface FileChange {
  path: string
  how: 'changed' | 'added' | 'gone'
}

/** What has changed from some files to others, by path. */
export function changesBetween(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): FileChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted()
  return paths.flatMap((path): FileChange[] => {
    if (before[path] === now[path]) return []
    return [{ path, how: !(path in now) ? 'gone' : path in before ? 'changed' : 'added' }]
  })
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
