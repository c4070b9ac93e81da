/** A part of the one statement that writes a transaction. */
export interface StatementPart {
  /** Stands for the text in the statement's name: the same kind always has the same text. */
  kind: string
  values: unknown[]
  /** A data-modifying statement over these parameters; with `changes` it returns the rows that it changed. */
  text(parameters: string[]): string
  /** How many rows it must change, else nothing is written at all. Left out: as many as it finds. */
  changes?: number
}
