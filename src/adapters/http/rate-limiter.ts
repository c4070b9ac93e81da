import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'

/** So many in so many seconds. */
export interface RateRule {
  max: number
  seconds: number
}

/** What is counted, and how much of it is fair. Guessing and minting are counted by address, talking also by person. */
export const defaultRateRules = {
  'turn-by-conversation': { max: 120, seconds: 60 },
  'turn-by-user': { max: 240, seconds: 60 },
  'sms-answer-by-person': { max: 20, seconds: 3600 },
  'turn-by-address': { max: 1200, seconds: 60 },
  'token-by-address': { max: 120, seconds: 60 },
  'hall-read-by-address': { max: 1200, seconds: 60 },
  'hall-number-by-address': { max: 120, seconds: 60 },
  'wrong-code-by-number-and-address': { max: 10, seconds: 900 },
  'wrong-code-by-number': { max: 100, seconds: 3600 },
  'wrong-code-by-address': { max: 60, seconds: 900 },
  'phone-code-by-address': { max: 20, seconds: 3600 },
  'phone-code-by-phone': { max: 5, seconds: 3600 },
  'phone-trial-by-address': { max: 30, seconds: 900 },
  'notice-link-by-address': { max: 60, seconds: 900 },
  'registration-by-address': { max: 300, seconds: 60 },
  'registration-print-by-address': { max: 60, seconds: 300 },
  'registration-file-by-address': { max: 30, seconds: 3600 },
  'apply-form-by-address': { max: 300, seconds: 60 },
  'apply-file-by-address': { max: 120, seconds: 600 },
  'apply-by-address': { max: 60, seconds: 600 },
  'guide-by-address': { max: 300, seconds: 60 },
  'booking-by-address': { max: 120, seconds: 60 },
  'guide-print-by-address': { max: 30, seconds: 60 },
  'wrong-secret-by-address': { max: 30, seconds: 300 },
  'login-by-address': { max: 30, seconds: 300 },
  'open311-read-by-address': { max: 300, seconds: 60 },
  'open311-list-by-address': { max: 60, seconds: 60 },
  'open311-file-by-client': { max: 120, seconds: 60 },
  'open311-wrong-key-by-address': { max: 30, seconds: 900 },
  'enterprise-read-by-key': { max: 600, seconds: 60 },
  'enterprise-write-by-key': { max: 120, seconds: 60 },
} as const satisfies Record<string, RateRule>
export type RateRuleName = keyof typeof defaultRateRules
export type RateRules = Record<RateRuleName, RateRule>

/** Where counts live: in this process, or in Redis for all instances. */
export interface RateStore {
  /** Adds `by` to the key's count; the first addition starts a window of that length. */
  add(key: string, by: 1 | -1, windowMs: number): Promise<{ count: number; leftMs: number }>
}

/** What is left of a window after one more. */
export interface RateState extends RateRule {
  /** How many more are fair; below zero when too many came. */
  left: number
  /** Until the window ends. */
  leftSeconds: number
}

export interface RateLimiter {
  /** Counts one, and says what is left: whoever is told of it keeps within it. */
  count(rule: RateRuleName, key: string): Promise<RateState>
  /** Counts one. @throws AppError `rate-limited` with `retryAfterSeconds` */
  take(rule: RateRuleName, key: string): Promise<void>
  /** Takes one back: it turned out to be none of what the rule is against. */
  giveBack(rule: RateRuleName, key: string): Promise<void>
}

/** Counts against the rules. When the shared store is away, each instance counts for itself. */
export function createRateLimiter(parts: {
  clock: Clock
  rules?: Partial<RateRules>
  store?: RateStore
}): RateLimiter {
  const rules: RateRules = { ...defaultRateRules, ...parts.rules }
  const own = createMemoryRateStore(parts.clock)
  const add = async (rule: RateRuleName, key: string, by: 1 | -1) => {
    const arguments_ = [`rate:${rule}:${key}`, by, rules[rule].seconds * 1000] as const
    return (parts.store ?? own).add(...arguments_).catch(() => own.add(...arguments_))
  }
  const count: RateLimiter['count'] = async (rule, key) => {
    const { count: counted, leftMs } = await add(rule, key, 1)
    return {
      ...rules[rule],
      left: rules[rule].max - counted,
      leftSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
    }
  }
  return {
    count,
    async take(rule, key) {
      checkRate(await count(rule, key))
    },
    async giveBack(rule, key) {
      await add(rule, key, -1)
    },
  }
}

/** @throws AppError `rate-limited` with `retryAfterSeconds` when too many came */
export function checkRate({ left, leftSeconds }: RateState): void {
  if (left < 0) throw new AppError('rate-limited', { retryAfterSeconds: leftSeconds })
}

const MAX_KEYS = 100_000

/** Fixed windows in memory; the oldest are forgotten when there are too many. */
export function createMemoryRateStore(clock: Clock): RateStore {
  const windows = new Map<string, { count: number; endsAt: number }>()
  return {
    async add(key, by, windowMs) {
      const now = clock.now().getTime()
      let window = windows.get(key)
      if (!window || window.endsAt <= now) {
        window = { count: 0, endsAt: now + windowMs }
        windows.delete(key)
        windows.set(key, window)
        if (windows.size > MAX_KEYS) windows.delete(windows.keys().next().value!)
      }
      window.count = Math.max(0, window.count + by)
      return { count: window.count, leftMs: window.endsAt - now }
    },
  }
}
