/** Drafts of people who go on later, or at a counter: sealed, under the keyed hash of a code, until they expire. */
export interface RegistrationDrafts {
  /** What is there under the code is replaced. */
  keep(code: string, draft: string, until: Date): Promise<void>
  open(code: string, now: Date): Promise<string | null>
  forget(code: string): Promise<void>
  forgetBefore(at: Date): Promise<void>
}
