/** What an error means to whoever caused it; the HTTP edge maps each kind to one status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-many'
  | 'unprocessable'
  | 'unavailable'

/** Every refusal that Yihao can utter. The text for people is `error.<code>` in each locale. */
export const errorCatalogue = {
  'body-invalid': 'invalid',
  'message-too-long': 'invalid',
  'message-empty': 'invalid',
  'case-number-invalid': 'invalid',
  'action-invalid': 'invalid',
  'reason-needed': 'invalid',
  'parts-open': 'invalid',
  'application-incomplete': 'invalid',
  'application-stopped': 'invalid',
  'application-not-online': 'invalid',
  'watermark-invalid': 'invalid',
  'upload-refused': 'invalid',
  'idempotency-key-invalid': 'invalid',
  'webhook-host-unknown': 'invalid',
  'webhook-address-refused': 'invalid',
  'password-too-short': 'invalid',
  'password-known': 'invalid',
  'password-unchanged': 'invalid',
  'phone-invalid': 'invalid',
  'booking-past': 'invalid',
  'booking-too-soon': 'invalid',
  'booking-too-far': 'invalid',
  'booking-holiday': 'invalid',
  'booking-weekend': 'invalid',
  'booking-no-slot': 'invalid',
  'booking-elsewhere': 'invalid',
  'content-file-unknown': 'invalid',
  'token-missing': 'unauthorized',
  'token-invalid': 'unauthorized',
  'login-failed': 'unauthorized',
  'login-unfinished': 'forbidden',
  'account-disabled': 'forbidden',
  'password-wrong': 'forbidden',
  'code-wrong': 'forbidden',
  'sign-on-refused': 'forbidden',
  'sign-on-unknown': 'forbidden',
  'token-expired': 'forbidden',
  'origin-refused': 'forbidden',
  'signature-invalid': 'forbidden',
  'service-refused': 'forbidden',
  'action-forbidden': 'forbidden',
  'no-authority': 'forbidden',
  'scope-missing': 'forbidden',
  'api-key-invalid': 'forbidden',
  'query-code-wrong': 'forbidden',
  'phone-code-wrong': 'forbidden',
  'route-not-found': 'not-found',
  'case-not-found': 'not-found',
  'conversation-not-found': 'not-found',
  'department-not-found': 'not-found',
  'service-not-found': 'not-found',
  'jurisdiction-not-found': 'not-found',
  'webhook-not-found': 'not-found',
  'enterprise-not-found': 'not-found',
  'key-not-found': 'not-found',
  'dead-letter-not-found': 'not-found',
  'call-not-found': 'not-found',
  'phone-call-not-found': 'not-found',
  'chat-not-found': 'not-found',
  'notice-link-not-found': 'not-found',
  'session-not-found': 'not-found',
  'ticket-not-found': 'not-found',
  'hall-group-not-found': 'not-found',
  'hall-window-not-found': 'not-found',
  'guide-not-found': 'not-found',
  'booking-not-found': 'not-found',
  'guide-code-invalid': 'not-found',
  'registration-draft-not-found': 'not-found',
  'certificate-not-found': 'not-found',
  'file-not-found': 'not-found',
  'account-not-found': 'not-found',
  'post-not-found': 'not-found',
  'filter-not-found': 'not-found',
  'task-not-found': 'not-found',
  'model-not-found': 'not-found',
  'registration-incomplete': 'conflict',
  'action-not-now': 'conflict',
  'call-taken': 'conflict',
  'ticket-not-now': 'conflict',
  'hall-closed': 'conflict',
  'hall-window-taken': 'conflict',
  'hall-window-closed': 'conflict',
  'hall-window-busy': 'conflict',
  'hall-window-serves-not': 'conflict',
  'chat-taken': 'conflict',
  'chat-not-yours': 'conflict',
  'chats-full': 'conflict',
  'version-conflict': 'conflict',
  'extension-exhausted': 'conflict',
  'extension-too-long': 'conflict',
  'reopen-too-late': 'conflict',
  'reporters-differ': 'conflict',
  'name-taken': 'conflict',
  'login-taken': 'conflict',
  'own-account': 'conflict',
  'last-administrator': 'conflict',
  'factor-set': 'conflict',
  'factor-missing': 'conflict',
  'factor-needed': 'conflict',
  'enterprise-known': 'conflict',
  'external-id-taken': 'conflict',
  'steward-quiet': 'conflict',
  'webhook-exists': 'conflict',
  'webhooks-exhausted': 'conflict',
  'filters-exhausted': 'conflict',
  'task-running': 'conflict',
  'booking-full': 'conflict',
  'booking-closed': 'conflict',
  'booking-twice': 'conflict',
  'booking-many': 'conflict',
  'booking-shut-out': 'conflict',
  'booking-gone': 'conflict',
  'booking-too-late': 'conflict',
  'model-in-use': 'conflict',
  'rate-limited': 'too-many',
  'login-waits': 'too-many',
  'idempotency-mismatch': 'unprocessable',
  'store-unavailable': 'unavailable',
  'vendor-away': 'unavailable',
  'sign-on-away': 'unavailable',
  'shutting-down': 'unavailable',
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorCatalogue

/** HTTP status of each kind. */
export const statusOfKind: Record<ErrorKind, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-many': 429,
  unprocessable: 422,
  unavailable: 503,
}

/**
 * A refused action. `details` may be shown to the caller, so it never holds personal data.
 * Anything thrown that is not an `AppError` is a bug.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly kind: ErrorKind
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, details: Record<string, unknown> = {}, options?: { cause?: unknown }) {
    super(`${code} ${JSON.stringify(details)}`, options)
    this.code = code
    this.kind = errorCatalogue[code]
    this.details = details
  }
}

/** Is this a refusal of one of the given codes (any code when none is given)? */
export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code))
}
