/** A filter of the case list under a name. */
export interface SavedFilter {
  id: string
  accountId: string
  name: string
  /** What the list is asked for; its shape is checked at the edge. Never words to search for: they may be a name. */
  filter: Record<string, unknown>
  /** Department whose people may use it, too; empty for the whole centre, null for its owner alone. */
  sharedWith: string | null
  createdAt: Date
}

export interface SavedFilterStore {
  /** Those of an account and those shared with its department (empty: the centre), oldest first. */
  list(accountId: string, department: string): Promise<SavedFilter[]>
  add(filter: SavedFilter): Promise<void>
  /** Removes one of the account's own. @returns whether there was one */
  remove(accountId: string, id: string): Promise<boolean>
}

/** Files that somebody at the desk put to a case. */
export interface CaseFileStore {
  add(file: { caseId: string; name: string; accountId: string; at: Date }): Promise<void>
  /** Names of those of a case, oldest first. */
  namesOf(caseId: string): Promise<string[]>
}

/** Where the bytes of files lie. */
export interface FileShelf {
  /** Most bytes of one file. */
  readonly mostBytes: number
  /** Looks at what they are, keeps them and gives them a name that tells nothing. @throws AppError `upload-refused` */
  save(bytes: Uint8Array): Promise<string>
  /** Null when there is no such file. */
  read(name: string): Promise<{ bytes: Uint8Array; type: string } | null>
}

/** Cases of one state: how many of them are late (signing or promise) or warned of, and whether their tellers sent them back. */
export interface StateCount {
  state: string
  isReworked: boolean
  all: number
  overdue: number
  warned: number
}
