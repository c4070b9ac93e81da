/** An enterprise that a steward looks after. */
export interface Enterprise {
  /** Unified social credit code (统一社会信用代码). */
  code: string
  name: string
  sector: string
  stage: string
  stageSince: Date
  /** Steps of this stage that are done. */
  stepsDone: string[]
  /** Login of its steward; null while nobody has room. */
  steward: string | null
  /** Since when it does not want to be written to unasked. */
  quietSince: Date | null
  /** Of the talk with its steward; null: there was none yet. */
  conversationId: string | null
  createdAt: Date
  version: number
}

/** Whom the steward reaches; sealed in the store. */
export interface EnterpriseContact {
  name: string | null
  /** A mobile number, by which the enterprise's page opens, too. */
  phone: string | null
}

/** What was done for an enterprise, and by whom. */
export interface EnterpriseRecord {
  at: Date
  what:
    | 'added'
    | 'note'
    | 'stage'
    | 'step'
    | 'assigned'
    | 'unasked'
    | 'contact'
    | 'looked'
    | 'quiet'
    | 'welcome'
    | 'key'
  /** Login at the desk; `enterprise` for itself, `line` for the line. */
  login: string
  text: string
}

/** By what the enterprise's page was opened. */
export interface EnterpriseSession {
  code: string
  /** The key that opened it; null: a proved number. */
  keyId: string | null
}

/** Enterprises of this city. Changes are of one version: whoever read an older one is refused. */
export interface EnterpriseStore {
  one(code: string): Promise<Enterprise | null>
  /** Those of a steward, or all, by name. */
  list(steward: string | null): Promise<Enterprise[]>
  /** How many each steward has, by login. */
  load(): Promise<Map<string, number>>
  /** False when it is there already. */
  add(enterprise: Enterprise, contact: EnterpriseContact, record: EnterpriseRecord): Promise<boolean>
  /** @throws AppError `version-conflict` */
  save(enterprise: Enterprise, record: EnterpriseRecord | null): Promise<void>
  contact(code: string): Promise<EnterpriseContact>
  setContact(code: string, contact: EnterpriseContact, record: EnterpriseRecord): Promise<void>
  /** Is this the mobile number of the enterprise's contact? */
  hasPhone(code: string, phone: string): Promise<boolean>
  record(code: string, record: EnterpriseRecord): Promise<void>
  /** Newest first. */
  records(code: string, limit: number): Promise<EnterpriseRecord[]>
  /** When its steward wrote unasked since then. */
  unaskedSince(code: string, since: Date): Promise<Date[]>
  /** @returns its token */
  openSession(session: EnterpriseSession, until: Date): Promise<string>
  /** Null also when the key that opened it was revoked since. */
  session(token: string, now: Date): Promise<EnterpriseSession | null>
  closeSession(token: string): Promise<void>
  forgetSessionsBefore(at: Date): Promise<void>
}
