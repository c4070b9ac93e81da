import { type ContentCheck, changesBetween, type FileChange } from '../content/content-check.ts'
import type { ContentFile } from '../content/yaml-file.ts'
import { AppError } from '../kernel/errors.ts'
import { checkAdministrator } from './mend-deliveries.ts'
import type { Account } from './ports.ts'

/** The content as it lies on the disk now, which may be other than what is served. */
export interface ContentShelf {
  /** The city's folder. */
  city: string
  /** Checks it, with a draft in the place of its file. */
  check(draft: ContentFile | null): Promise<ContentCheck>
  /** A file's text; null when there is none. */
  read(path: string): Promise<string | null>
}

/** What an administrator is shown. */
export interface ShelfReport extends Omit<ContentCheck, 'prints'> {
  /** What is on the disk and not served: a restart serves it. Empty for a draft. */
  changes: FileChange[]
  /** Paths of all files. */
  paths: string[]
}

/** More problems are counted only. */
const MOST_PROBLEMS = 200

/**
 * Checks the content as the next start would, or what it would be with a draft of one file; writes nothing.
 * @param served fingerprints of what this instance serves
 * @throws AppError `content-file-unknown` when no such file is ever read, `action-forbidden` for all but administrators
 */
export async function checkShelf(
  account: Account,
  shelf: ContentShelf,
  { served, draft }: { served: Readonly<Record<string, string>>; draft: ContentFile | null },
): Promise<ShelfReport> {
  checkAdministrator(account)
  if (draft) checkPath(draft.path, shelf.city)
  const { prints, problems, ...check } = await shelf.check(draft)
  return {
    ...check,
    problems: problems.slice(0, MOST_PROBLEMS),
    changes: draft ? [] : changesBetween(served, prints),
    paths: Object.keys(prints),
  }
}

/** A content file to begin a draft with. @throws AppError `content-file-unknown`, `action-forbidden` */
export async function readShelf(account: Account, shelf: ContentShelf, path: string): Promise<ContentFile> {
  checkAdministrator(account)
  checkPath(path, shelf.city)
  const text = await shelf.read(path)
  if (text === null) throw new AppError('content-file-unknown', { path })
  return { path, text }
}

/** Only what the start would read: YAML files below the shared folders and the city's own. */
function checkPath(path: string, city: string): void {
  const isBelow = ['intents', 'dialogs', 'locales', city].some(folder => path.startsWith(`${folder}/`))
  const isPlain = /^[\w./-]+\.yaml$/.test(path) && !path.split('/').includes('..')
  if (!isBelow || !isPlain) throw new AppError('content-file-unknown', { path })
}
