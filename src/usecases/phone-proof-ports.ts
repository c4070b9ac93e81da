/** Somebody has shown that they have a number. The key says nothing about it. */
export interface PhoneProof {
  /** Keyed hash of the number, in hexadecimal. */
  key: string
}

/** When a code is sent, until when it holds, and from when on another may be. */
export interface CodeTimes {
  sentAt: Date
  until: Date
  againAfterMs: number
}

/** Numbers that people prove to have by a code, and the cases that name them. Neither numbers nor codes are stored in plain text. */
export interface PhoneProofs {
  /** The same for the same number, and telling nothing; for counting. */
  keyOf(phone: string): string
  /** Keeps a code for a number instead of the one before. @returns null, or from when on another may be sent */
  keepCode(phone: string, code: string, times: CodeTimes): Promise<Date | null>
  /** It was not sent after all. */
  dropCode(phone: string): Promise<void>
  /** Counts one trial before the code is looked at. @returns whether it is the right one; then it is used up */
  tryCode(phone: string, code: string, trial: { now: Date; mostTrials: number }): Promise<boolean>
  /** @returns its token */
  openSession(phone: string, until: Date): Promise<string>
  session(token: string, now: Date): Promise<PhoneProof | null>
  closeSession(token: string): Promise<void>
  /** Ids of the cases that name the number and are not confidential, newest first. */
  casesOf(proof: PhoneProof, limit: number): Promise<string[]>
  isOf(proof: PhoneProof, caseId: string): Promise<boolean>
  /** Works out the keys of cases that were filed before there were any. @returns how many it did */
  keyOlderCases(limit: number): Promise<number>
  /** Forgets codes and sessions that ended before. */
  forgetBefore(at: Date): Promise<void>
}
