/** Why something did not arrive, as far as it can be told; the words are `desk.letters.why.<why>`. */
export const FAILURES = [
  'not-accepted',
  'no-answer',
  'name-unknown',
  'address-refused',
  'not-reached',
  'broken-off',
  'certificate',
  'vendor-refused',
  'other',
] as const

export interface DeliveryFailure {
  why: (typeof FAILURES)[number]
  /** With what was answered: a status of HTTP, or a vendor's own code; null where nothing was. */
  answered: string | null
}

/** Names of errors that our own senders throw, and codes of theirs, of Node's and of OpenSSL's. */
const KNOWN: readonly [pattern: RegExp, why: DeliveryFailure['why']][] = [
  [/^NotAccepted$/, 'not-accepted'],
  [/^(VendorRefusal|BadToken|AccountRefused)$/, 'vendor-refused'],
  [/^(NO_ANSWER|ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'no-answer'],
  [/^(ENOTFOUND|EAI_AGAIN|ENODATA)$/, 'name-unknown'],
  [/^ADDRESS_REFUSED$/, 'address-refused'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'not-reached'],
  [/^VendorAway$/, 'not-reached'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'broken-off'],
  [/CERT|^ERR_(TLS|SSL)|^EPROTO$|SELF_SIGNED|^UNABLE_TO_|^HOSTNAME_MISMATCH$/, 'certificate'],
]

/** Reads it off an error as a job's queue keeps it: by its code or its name, never by its words. */
export function failureOf(error: object | null): DeliveryFailure {
  const { name, code, status } = (error ?? {}) as Record<'name' | 'code' | 'status', unknown>
  const signs = [code, name].filter(sign => typeof sign === 'string')
  const [, why] = KNOWN.find(([pattern]) => signs.some(sign => pattern.test(sign))) ?? [
    null,
    'other' as const,
  ]
  const answered = why === 'not-accepted' ? status : why === 'vendor-refused' ? code : null
  const isTold = typeof answered === 'string' || typeof answered === 'number'
  return { why, answered: isTold ? String(answered) : null }
}
