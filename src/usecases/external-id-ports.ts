/** Who gave an id: the same person of a channel as in the case's `Person`. */
export interface IdGiver {
  channel: string
  channelUserId: string
}

/** A case as the system of whoever filed it knows it. */
export interface ExternalId {
  id: string
  caseId: string
  /** Hash of what was filed under it. */
  request: string
}

/** Ids of others for cases, inside a transaction of the store: read at once, written at its end. */
export interface ExternalIds {
  /** The case that this giver has filed under this id; nobody else's. */
  find(giver: IdGiver, id: string): Promise<ExternalId | null>
  /** The ids of these cases, by the case's id; those that have one. */
  of(caseIds: readonly string[]): Promise<Map<string, string>>
  /** @throws AppError `version-conflict` at commit when its giver has used this id meanwhile */
  add(giver: IdGiver, id: ExternalId): void
}
