import { z } from 'zod'
import { type WorkingCalendar, workdayHoursSchema } from '../clocks/working-calendar.ts'
import { MINUTE } from '../kernel/clock.ts'
import type { Slots } from './state.ts'

const minutes = z.int().min(1)

/** `take-over.yaml`: when and by which rules a person takes over a chat. */
export const takeOverSchema = z.strictObject({
  /** Local times, on working days, at which somebody is there. */
  hours: workdayHoursSchema,
  /** What a resident sees of who talks to them: title and number; with `isNamed` the name, too. */
  seat: z.strictObject({ zh: z.string().min(1), en: z.string().min(1), isNamed: z.boolean() }),
  /** A chat that waits for longer is late; GB/T 33357 gives three minutes for media other than the telephone. */
  answerWithinMinutes: minutes,
  /** Turns in a row that were not understood, or that broke down, after which a person is called. */
  unsureTurns: minutes,
  breakdowns: minutes,
  /** Chats of one agent at a time. */
  mostChats: minutes,
  /** An agent whose desk has given no sign of life for so long has left. */
  awayMinutes: minutes,
  /** A resident who has said nothing for so long to whoever has taken over. */
  idleMinutes: minutes,
  wait: z.strictObject({
    /** How long one place in the queue takes while too few were taken over to tell. */
    usualMinutes: minutes,
    /** What was taken over within so many minutes is recent. */
    recentMinutes: minutes,
    /** From so many recent ones on the estimate is theirs. */
    fewest: minutes,
  }),
})
export type TakeOverRules = z.infer<typeof takeOverSchema>

/** Why a person is called: the resident asked, or the line was not sure, or broke down, again and again. */
export const CALL_REASONS = ['asked', 'unsure', 'broken'] as const
export type CallReason = (typeof CALL_REASONS)[number]

/** How long somebody waited who stood at this place when they asked. */
export interface RecentWait {
  place: number
  ms: number
}

/**
 * Whole minutes that somebody at this place will wait, one at least: two of three recent ones waited no longer for each place before
 * them and their own.
 */
export function estimateWait(
  place: number,
  recent: readonly RecentWait[],
  { wait }: Pick<TakeOverRules, 'wait'>,
): number {
  if (recent.length < wait.fewest) return place * wait.usualMinutes
  const each = recent.map(one => one.ms / Math.max(1, one.place)).toSorted((a, b) => a - b)
  const usual = each[Math.ceil((each.length * 2) / 3) - 1]!
  return Math.max(1, Math.ceil((place * usual) / MINUTE))
}

/** From when on somebody is there: the instant itself while they are. The calendar is that of the take-over's own hours. */
export function staffedFrom(calendar: WorkingCalendar, now: Date): Date {
  return calendar.nextWorkingMoment(now)
}

/** What a conversation remembers, among its facts, of the person who was called. */
export interface CalledPerson {
  chatId: string
  is: 'waiting' | 'held'
}

/** Is a person called, or there? */
export function calledPerson(facts: Slots): CalledPerson | null {
  return (facts.calledPerson as CalledPerson | null | undefined) ?? null
}
