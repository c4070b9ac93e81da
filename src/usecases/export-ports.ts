/** A file that somebody took out: which question it answers, in what format, and how many rows it had. */
export interface Export {
  id: string
  format: string
  request: object
  rows: number
  at: Date
}

/** Who took what out of the house. Nothing is ever removed. */
export interface ExportStore {
  /** `accountId` of an account, or of a machine's key. */
  record(taken: Export & { accountId: string }): Promise<void>
  /** Newest first. */
  latest(limit: number): Promise<(Export & { login: string; displayName: string })[]>
}
