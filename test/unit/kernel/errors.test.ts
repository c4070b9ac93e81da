import { describe, expect, it } from 'vitest'
import {
  AppError,
  type ErrorCode,
  errorCatalogue,
  isAppError,
  statusOfKind,
} from '../../../src/kernel/errors.ts'

const CODES = Object.keys(errorCatalogue) as ErrorCode[]

describe('a refusal', () => {
  it.each(CODES)('%s has a kind with a status of its own kind', code => {
    const error = new AppError(code)
    expect(error.kind).toBe(errorCatalogue[code])
    expect(statusOfKind[error.kind]).toBeGreaterThanOrEqual(400)
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })

  it('maps each kind to one status', () => {
    expect(statusOfKind).toEqual({
      invalid: 400,
      unauthorized: 401,
      forbidden: 403,
      'not-found': 404,
      conflict: 409,
      'too-many': 429,
      unprocessable: 422,
      unavailable: 503,
    })
  })

  it('says its code and details, and keeps what caused it', () => {
    const cause = new Error('connection reset')
    const error = new AppError('store-unavailable', { attempt: 3 }, { cause })
    expect(error).toBeInstanceOf(Error)
    expect([error.name, error.message, error.details, error.cause]).toEqual([
      'AppError',
      'store-unavailable {"attempt":3}',
      { attempt: 3 },
      cause,
    ])
  })

  it('without details has none', () => {
    expect(new AppError('case-not-found').details).toEqual({})
  })
})

describe('telling a refusal from a bug', () => {
  const refused = new AppError('action-not-now')

  it.each<[what: string, error: unknown, codes: ErrorCode[], is: boolean]>([
    ['any refusal', refused, [], true],
    ['this one', refused, ['action-not-now'], true],
    ['one of several', refused, ['case-not-found', 'action-not-now'], true],
    ['another one', refused, ['case-not-found'], false],
    ['a bug', new TypeError('x is undefined'), [], false],
    ['something that only looks like one', { code: 'action-not-now', kind: 'conflict' }, [], false],
    ['nothing', undefined, [], false],
  ])('%s', (_what, error, codes, is) => {
    expect(isAppError(error, ...codes)).toBe(is)
  })
})
