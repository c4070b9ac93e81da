import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createMessageCipher,
  NotAuthentic,
  signatureOf,
} from '../../../../src/adapters/chat/sealed-message.ts'
import { isSame } from '../../../../src/kernel/same-secret.ts'

/** Of the official account platform's documentation. */
const OFFICIAL = { token: 'AAAAA', key: 'A'.repeat(43), receiver: 'wxba5fad812f8e6fb9' }
const SEALED_EVENT =
  '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04='
/** Of WeCom's. */
const WECOM = {
  token: '123456',
  key: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR',
  receiver: 'wx49f0ab532d5d035a',
}
const ECHO = '4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=='

const cipher = createMessageCipher(OFFICIAL.key, OFFICIAL.receiver)

/** A plain text as it stands, under the same key: for padding and lengths that no honest sender makes. */
function rawSealed(plain: Buffer): string {
  const key = Buffer.from(`${OFFICIAL.key}=`, 'base64')
  const raw = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([raw.update(plain), raw.final()]).toString('base64')
}

describe('signatures of the vendors', () => {
  test.each([
    ['of a verification', ['AAAAA', '1714036504', '1514711492'], 'f464b24fc39322e44b38aa78f5edd27bd1441696'],
    ['of a plain message', ['AAAAA', '1714037059', '486452656'], '899cf89e464efb63f54ddac96b0a0a235f53aa78'],
    [
      'of a sealed message',
      ['AAAAA', '1714112445', '415670741', SEALED_EVENT],
      '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
    ],
    ['of WeCom', ['123456', '1411443780', '437374425', ECHO], 'dd6b9c95b495b3f7e2901bfbc76c664930ffdb96'],
  ])('%s', (_what, parts, expected) => {
    expect(signatureOf(...parts)).toBe(expected)
    expect(isSame(expected, signatureOf(...parts))).toBe(true)
  })

  test('another nonce is another signature', () => {
    expect(signatureOf('123456', '1411443780', '437374424', ECHO)).not.toBe(
      'dd6b9c95b495b3f7e2901bfbc76c664930ffdb96',
    )
    expect(isSame('', signatureOf('a'))).toBe(false)
  })
})

describe('sealed messages', () => {
  test('open as the vendors sealed them', () => {
    expect(JSON.parse(cipher.open(SEALED_EVENT))).toMatchObject({
      Event: 'debug_demo',
      CreateTime: 1714112445,
    })
    expect(createMessageCipher(WECOM.key, WECOM.receiver).open(ECHO)).toBe('5927782489442352469')
  })

  test('are sealed as the vendor seals them', () => {
    const sealed = cipher.seal('{"demo_resp":"good luck"}', Buffer.from('707722b803182950'))
    expect(sealed).toBe(
      'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==',
    )
    expect(signatureOf('AAAAA', '1713424427', '415670741', sealed)).toBe(
      '1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1',
    )
  })

  test('whatever is sealed opens again, however long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), text => {
        expect(cipher.open(cipher.seal(text))).toBe(text)
      }),
    )
  })

  test.each([
    ['for another receiver', createMessageCipher(OFFICIAL.key, 'wx0000000000000000').seal('hello')],
    ['under another key', createMessageCipher('B'.repeat(43), OFFICIAL.receiver).seal('hello')],
    ['with padding of zero', rawSealed(Buffer.alloc(64))],
    ['with padding longer than it may be', rawSealed(Buffer.alloc(64, 33))],
    ['with one wrong byte of padding', rawSealed(Buffer.concat([Buffer.alloc(61), Buffer.of(9, 3, 3)]))],
    [
      'with a length beyond its end',
      rawSealed(Buffer.concat([Buffer.alloc(16, 1), Buffer.alloc(16, 255), Buffer.alloc(32, 32)])),
    ],
    ['not of whole blocks', Buffer.alloc(33).toString('base64')],
    ['of nothing', ''],
    ['not base64', '你好'],
  ])('are refused %s', (_what, sealed) => {
    expect(() => cipher.open(sealed)).toThrow(NotAuthentic)
  })

  test('anything else is refused the same way, and nothing opens by chance', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 96 }), bytes => {
        expect(() => cipher.open(Buffer.from(bytes).toString('base64'))).toThrow(NotAuthentic)
      }),
      { numRuns: 100_000 },
    )
  }, 120_000)

  test('a key of another length is a wrong setting', () => {
    expect(() => createMessageCipher('short', 'x')).toThrow(RangeError)
  })
})
