import type * as api from './agent-api.ts'
import { type HelpSeen, nothingSeen } from './agent-help.ts'

/** A talk at the agent's desk: a call that is followed, or a note that is typed. */
export interface Talk {
  id: string
  callId: string | null
  /** A chat of which the form is filled, and from which line of it on. */
  chat: { id: string; from: number } | null
  utterances: api.Utterance[]
  /** Words that are being spoken. */
  partial: api.Utterance | null
  call: api.PhoneCall | null
  typed: string
  before: api.Before
  suggestions: api.AgentSuggestions | null
  /** What the agent chose beside the fields, by matter. */
  joins: Record<string, string | null>
  leads: Record<string, string | null>
  /** The answer that could be given at once, by matter: the agent's own text, and whether it was given. */
  answers: Record<string, { text: string; isGiven: boolean }>
  help: HelpSeen
  /** Matters that are not to be filed. */
  dropped: string[]
  isNoDanger: boolean
  isWithoutPhone: boolean
  filed: api.Filed | null
  key: string
}

/** A talk in which nothing was said yet. */
export function freshTalk(id: string, callId: string | null): Talk {
  return {
    id,
    callId,
    chat: null,
    utterances: [],
    partial: null,
    call: null,
    typed: '',
    before: { contact: {}, matters: {} },
    suggestions: null,
    joins: {},
    leads: {},
    answers: {},
    help: nothingSeen(),
    dropped: [],
    isNoDanger: false,
    isWithoutPhone: false,
    filed: null,
    key: crypto.randomUUID(),
  }
}
