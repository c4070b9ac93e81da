import { AppError } from '../../kernel/errors.ts'

/** SQLSTATE that `expect_changed` raises. */
const CHANGED_BY_OTHERS = 'YH409'
/** SQLSTATE that `keep_administrator` raises. */
const LAST_ADMINISTRATOR = 'YH410'
const UNIQUE_VIOLATION = '23505'
const DEADLOCK = '40P01'
const SERIALIZATION_FAILURE = '40001'

/** Unique constraints that only a competing writer can hit. */
const COMPETED = new Set([
  'conversations_pkey',
  'transcript_pkey',
  'transcript_external_id',
  'cases_pkey',
  'cases_number',
  'case_events_pkey',
  'kept_answers_pkey',
  'external_ids_pkey',
  'phone_calls_pkey',
  'utterances_pkey',
  'utterances_id',
  'chats_open',
  'hall_tickets_at_window',
  'hall_tickets_request',
])

/**
 * SQLSTATE classes and codes that say that the server cannot be reached or cannot work now: connection, resources, its
 * shutting down, a timeout, a standby.
 */
const UNAVAILABLE = /^(08|53|57P|57014|25006|25P03|58|28000|28P01|3D000|55P03)/
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EACCES',
])
/** What `pg` and its pool say without any code. */
const UNREACHABLE_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|not queryable|Client was closed|Cannot use a pool after calling end/i

interface DatabaseError extends Error {
  code?: string
  constraint?: string
}

/** The database's error as the house names it; anything else comes back as it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error
  const { code = '', constraint = '' } = error as DatabaseError
  if (isUnavailable(error)) return new AppError('store-unavailable', {}, { cause: error })
  const isCompeted = code === UNIQUE_VIOLATION && COMPETED.has(constraint)
  if (isCompeted || [CHANGED_BY_OTHERS, DEADLOCK, SERIALIZATION_FAILURE].includes(code))
    return new AppError('version-conflict', {}, { cause: error })
  if (code === LAST_ADMINISTRATOR) return new AppError('last-administrator', {}, { cause: error })
  // A zero character or half a surrogate pair, which no text of PostgreSQL can hold.
  if (code === '22P05' || code === '22021') return new AppError('body-invalid', {}, { cause: error })
  return error
}

/** Is it the server that is away, not the statement that is wrong? Such a connection must not be used again. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as DatabaseError
  if (error instanceof AggregateError) return error.errors.some(isUnavailable)
  return UNREACHABLE.has(code) || UNAVAILABLE.test(code) || UNREACHABLE_MESSAGE.test(error.message)
}
