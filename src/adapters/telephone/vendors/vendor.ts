import type { z } from 'zod'
import type { callEventSchema } from '../../../usecases/call-event.ts'

/** What a recogniser does not say of itself, and whoever passes its messages on does. */
export interface VendorContext {
  /** Null: the recogniser's own id of its task stands for the call. */
  callId: string | null
  /** Whose voice this recogniser hears. */
  role: 'resident' | 'agent'
  /** When its audio began, in milliseconds from the call's start. */
  offsetMs: number
}

/** Events in our own words, to be checked like any others. */
export type MappedEvent = Partial<z.input<typeof callEventSchema>>

/**
 * A recogniser's message as events; empty when it says nothing about words (its own beginning and end, a heartbeat).
 * @returns null when it is no message of this recogniser, or one of an error
 */
export type VendorMapping = (message: unknown, context: VendorContext) => MappedEvent[] | null
