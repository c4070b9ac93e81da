import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { VendorAway, VendorRefusal } from '../../../src/adapters/chat/call-vendor.ts'
import { NotAccepted, NotAsked } from '../../../src/adapters/notify/post-json.ts'
import { FAILURES, failureOf } from '../../../src/usecases/delivery-failure.ts'

const coded = (code: string) => Object.assign(new Error('x'), { code })

describe('why something did not arrive', () => {
  test.each([
    [new NotAccepted(503), 'not-accepted', '503'],
    [new NotAsked('NO_ANSWER', 'x'), 'no-answer', null],
    [new NotAsked('ADDRESS_REFUSED', 'x'), 'address-refused', null],
    [coded('ENOTFOUND'), 'name-unknown', null],
    [coded('EAI_AGAIN'), 'name-unknown', null],
    [coded('ECONNREFUSED'), 'not-reached', null],
    [coded('ECONNRESET'), 'broken-off', null],
    [coded('CERT_HAS_EXPIRED'), 'certificate', null],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'certificate', null],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'certificate', null],
    [new VendorAway('x'), 'not-reached', null],
    [new VendorRefusal('send', 45015), 'vendor-refused', '45015'],
    [new Error('answered with 503'), 'other', null],
    [null, 'other', null],
    [{ name: 7, code: {}, status: [] }, 'other', null],
  ] as const)('%s: %s', (error, why, answered) => {
    expect(failureOf(error)).toEqual({ why, answered })
  })

  test.each(['zh-Hans', 'zh-Hant', 'en'])('has words for each in %s', locale => {
    const texts = parse(readFileSync(`locales/web.${locale}.yaml`, 'utf8')) as Record<string, string>
    for (const why of FAILURES) expect(texts[`desk.letters.why.${why}`]).toMatch(/\S/)
  })
})
