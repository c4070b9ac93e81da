import { DAY } from '../kernel/clock.ts'
import type { WaitRule } from './staff-ports.ts'

/** For one login from one address: five are free, then 15 s, 30 s … to a quarter of an hour. */
export const PAIR_WAITS: WaitRule = { free: 5, firstSeconds: 15, mostSeconds: 900 }

/**
 * For one login from wherever: against guessing from many addresses. Short, and not for addresses from which this login was opened
 * lately, so that strangers cannot keep somebody out.
 */
export const LOGIN_WAITS: WaitRule = { free: 20, firstSeconds: 15, mostSeconds: 60 }

/** For so long an address stays known for a login. */
export const KNOWN_MS = 30 * DAY
/** After so long without a trial, counting begins anew. */
export const FORGET_TRIALS_MS = DAY
