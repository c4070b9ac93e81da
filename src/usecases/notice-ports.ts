import type { NoticeChannel, Wants } from '../followup/notification-rules.ts'

/** Something that a case's owner is to be told of; what it is stands in the event. */
export interface Notice {
  caseId: string
  /** The event's number within the case. */
  seq: number
  event: string
  at: Date
}

/** How a notice ended: by the furthest way that was taken, not at all because the person wants none, or for lack of any way. */
export type NoticeEnd = NoticeChannel | 'unwanted' | 'nobody'

/** A telephone call that an agent is to make: to tell something, or to ask how it went as well. */
export interface Call {
  id: string
  caseId: string
  purpose: 'tell' | 'ask'
  /** The event that it is about. */
  seq: number
  notBefore: Date
  /** How often it was tried in vain. */
  tries: number
}

/** Somebody makes a call now; until then nobody else does. */
export interface CallClaim {
  accountId: string
  until: Date
}

/** How a call ended. `unreached`: the last try was in vain, too. */
export const CALL_OUTCOMES = ['reached', 'unwilling', 'wrong-number', 'unreached'] as const
export type CallOutcome = (typeof CALL_OUTCOMES)[number]

/** A call with as much of its case as a list shows. */
export interface ListedCall extends Call {
  number: string
  summary: string
  state: string
  isConfidential: boolean
  /** Who makes it now. */
  claim: (CallClaim & { displayName: string }) | null
}

/** Notices, wishes and calls inside a transaction of the store: read at once, written at its end. */
export interface NoticeTransaction {
  add(notices: readonly Notice[]): void
  /** What has not been told yet to this case's owner in the conversation of this case, of any of their cases; oldest first. */
  waiting(caseId: string): Promise<Notice[]>
  /** @throws AppError `version-conflict` at commit when one of them was told meanwhile */
  settle(notices: readonly Notice[], how: NoticeEnd, at: Date): void
  /** When the person last said something there. */
  lastHeard(conversationId: string): Promise<Date | null>

  /** What the case's owner wants to be told; everything unless they said otherwise. */
  wants(caseId: string): Promise<Wants>
  setWants(person: { channel: string; channelUserId: string }, wants: Wants, at: Date): void
  /** A token that says nothing about its owner and opens their wish to whoever has it. */
  linkOf(caseId: string, at: Date): Promise<string>
  wantsByLink(token: string): Promise<Wants | null>
  setWantsByLink(token: string, wants: Wants, at: Date): void

  /** A call whose id is already there is dropped. */
  addCall(call: Call): void
  /** One that has not ended, with the claim that was last made, whether it has run out or not. */
  call(id: string): Promise<(Call & { claim: CallClaim | null }) | null>
  /** Anew for whoever has it. @throws AppError `version-conflict` at commit when it is somebody else's at `now`, or has ended */
  claimCall(call: Call, claim: CallClaim, now: Date): void
  /** Nobody's again; nothing when it is not this account's. */
  releaseCall(call: Call, accountId: string): void
  /** Another try later, by anybody. @throws AppError `version-conflict` at commit when somebody else noted a try meanwhile */
  postponeCall(call: Call, notBefore: Date): void
  /** @throws AppError `version-conflict` at commit as above */
  endCall(call: Call, outcome: CallOutcome, accountId: string, at: Date): void

  /** Numbers of later cases of the same owner about the same subject, filed up to `days` days after the given case was replied to. */
  repeatsOf(caseId: string, repliedAt: Date, days: number): Promise<{ number: string; filedAt: Date }[]>
}

/** The calls that wait, the longest due first. Calls that ask are gone once the case is not waiting for an answer. */
export interface CallStore {
  list(now: Date, filter: { includeConfidential: boolean; limit: number }): Promise<ListedCall[]>
}

/** Whose system is told of events: a department's of the cases that it works on, an enterprise's of its own. */
export type WebhookOwner =
  | { kind: 'department'; department: string }
  | { kind: 'enterprise'; enterprise: string }

/** A system that wants to hear of events. */
export interface Webhook {
  id: string
  owner: WebhookOwner
  url: string
  /** Types of events; empty: all that such an owner is told of. */
  events: string[]
  createdAt: Date
}

/** Subscriptions; each with a secret that is stored sealed and given out only to sign with. */
export interface WebhookStore {
  /** All, or those of one enterprise. */
  list(enterprise?: string): Promise<Webhook[]>
  /** False when its owner is told of events at this address already. */
  add(webhook: Webhook, secret: string): Promise<boolean>
  /** False when there is none, or the enterprise has none of that id. */
  remove(id: string, enterprise?: string): Promise<boolean>
  /** Those of these departments or of this enterprise that want this event; none of an enterprise whose keys are all revoked. */
  hearing(
    whose: { departments: readonly string[] } | { enterprise: string },
    event: string,
  ): Promise<Webhook[]>
  /** Null when it was removed meanwhile, or the last key of its enterprise was revoked. */
  byId(id: string): Promise<{ webhook: Webhook; secret: string } | null>
}

/** One short message. */
export interface ShortMessage {
  to: string
  text: string
  /** The same at each try. */
  key: string
  /** What the text is made of, for providers that send their own templates: key of the text, and what fills it. */
  of: { key: string; params: Readonly<Record<string, string>> }
}

/** Sends short messages. */
export interface SmsGateway {
  /**
   * Sends one message; the gateway drops a second one of the same key.
   * @returns `refused`: it never will, e.g. because there is no such number
   * @throws when it may work later
   */
  send(message: ShortMessage): Promise<'sent' | 'refused'>
}

/** Brings an event to the system of a department or an enterprise. */
export interface WebhookSender {
  /** @throws AppError `webhook-host-unknown` for a name that does not resolve, `webhook-address-refused` for an address that is not to be reached */
  check(url: string): Promise<void>
  /** @throws when it was not accepted with a 2xx within the time limit */
  send(delivery: { url: string; secret: string; id: string; body: string }): Promise<void>
}
