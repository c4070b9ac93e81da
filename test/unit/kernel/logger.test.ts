import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/kernel/errors.ts'
import { createLogger, scrub } from '../../../src/kernel/logger.ts'

describe('what leaves the house is scrubbed', () => {
  it.each([
    ['电话13800000000，谢谢', '电话[phone]，谢谢'],
    ['138 0000 0000', '[phone]'],
    ['138-0000-0000', '[phone]'],
    ['+8613800000000', '[phone]'],
    ['+86 13800000000 或 0086-138-0000-0000', '+86 [phone] 或 [phone]'],
    ['(13800000000/13900000001)', '([phone]/[phone])'],
    ['座机024-12345678', '座机[phone]'],
    ['(024)12345678', '([phone]'],
    ['024 1234567', '[phone]'],
    ['01012345678', '[phone]'],
    ['身份证21010219900101123X。', '身份证[id-number]。'],
    ['210102199001011234', '[id-number]'],
    ['GET /v3/stream?watermark=3&t=abc.def HTTP/1.1', 'GET /v3/stream?watermark=3&t=[secret] HTTP/1.1'],
    ['/cases?code=ABCD2345&lang=en', '/cases?code=[secret]&lang=en'],
    ['?token=a-b_c~d', '?token=[secret]'],
    ['Authorization: Bearer eyJhbGciOi.J9-_.x/y+z=', 'Authorization: Bearer [secret]'],
    ['bearer abc', 'bearer [secret]'],
  ])('%s → %s', (text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed)
  })

  it.each([
    '261124000010', // a case number
    '2026-11-24T02:00:00.000Z',
    '1795485600000', // milliseconds
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
    'a138-4123-8456-b', // a piece of an id
    '12800000000', // no number that a phone has
    '138000000001', // too long
    '人民路3号2栋1单元1201',
    '/cases?watermark=12&limit=50',
  ])('%s stays as it is', text => {
    expect(scrub(text)).toBe(text)
  })
})

/** What the logger wrote, as text and as read again. */
function logged(write: (logger: ReturnType<typeof createLogger>) => void, level = 'debug') {
  const lines: string[] = []
  write(createLogger({ level, destination: { write: line => lines.push(line) } }))
  return { text: lines.join(''), lines: lines.map(line => JSON.parse(line) as Record<string, unknown>) }
}

describe('the log', () => {
  it('is JSON lines with level, time and message, and no word about the machine', () => {
    const { text, lines } = logged(logger => logger.info({ caseId: 'case-1' }, 'filed'))
    expect(text.endsWith('\n')).toBe(true)
    expect(lines).toEqual([{ level: 30, time: expect.any(Number), caseId: 'case-1', msg: 'filed' }])
  })

  it('keeps to its level', () => {
    const { lines } = logged(logger => {
      logger.debug('no')
      logger.warn('yes')
    }, 'info')
    expect(lines.map(line => line.msg)).toEqual(['yes'])
  })

  it.each([
    'phone',
    'name',
    'address',
    'token',
    'secret',
    'password',
    'queryCode',
    'authorization',
    'cookie',
  ])('never shows what is called %s, at the top or up to two levels down', key => {
    const secret = '李梅-ABCD2345'
    const { text } = logged(logger => {
      logger.info({ [key]: secret })
      logger.info({ person: { [key]: secret } })
      logger.info({ req: { headers: { [key]: secret } } })
    })
    expect(text).not.toContain(secret)
    expect(text.match(/\[redacted\]/g)).toHaveLength(3)
  })

  it('scrubs messages, their arguments and every text in objects and lists', () => {
    const { text } = logged(logger => {
      logger.info('call 13800000000')
      logger.info('call %s', '13800000000')
      logger.info({ words: '我电话13800000000' }, 'said')
      logger.info({ turn: { entries: [{ text: '身份证210102199001011234' }] } })
      logger.info({ '13800000000': 'as a key' })
      logger.child({ caller: '13800000000' }).info('bound')
    })
    expect(text).not.toMatch(/13800000000|210102199001011234/)
    expect(text.match(/\[phone\]/g)).toHaveLength(5)
  })

  it('scrubs what serializers make of a request', () => {
    const { lines } = logged(logger =>
      logger.child({}, { serializers: { req: (req: { raw: string }) => ({ url: req.raw }) } }).info({
        req: { raw: '/v3/stream?t=abc.def' },
      }),
    )
    expect(lines[0]).toMatchObject({ req: { url: '/v3/stream?t=[secret]' } })
  })

  it('scrubs errors and their causes, and keeps where they came from', () => {
    const cause = new Error('no route to 13800000000')
    const error = new AppError('store-unavailable', { caller: '13900000001' }, { cause })
    for (const key of ['err', 'error']) {
      const { text, lines } = logged(logger => logger.error({ [key]: error }, 'turn failed'))
      expect(text).not.toMatch(/13800000000|13900000001/)
      expect(lines[0]?.[key]).toMatchObject({
        type: 'AppError',
        message: 'store-unavailable {"caller":"[phone]"}',
        stack: expect.stringContaining('logger.test.ts'),
        cause: { type: 'Error', message: 'no route to [phone]' },
      })
    }
  })

  it('stays readable JSON whatever the text is', () => {
    const nasty = [
      '?t=ab"c',
      '?token=a\\',
      'Bearer x\n"y"',
      '{"t":"?code=1\\""}',
      '138"13800000000"',
      '😡\u0000\ud800',
    ]
    const { lines } = logged(logger => {
      for (const text of nasty) logger.info({ text }, text)
    })
    expect(lines).toHaveLength(nasty.length)
  })

  it('leaves numbers numbers', () => {
    const { lines } = logged(logger => logger.info({ bytes: 13_800_000_000 }))
    expect(lines[0]?.bytes).toBe(13_800_000_000)
  })
})
