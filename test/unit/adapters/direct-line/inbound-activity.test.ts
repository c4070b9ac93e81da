import { describe, expect, test } from 'vitest'
import { parseActivity } from '../../../../src/adapters/direct-line/inbound-activity.ts'
import { isAppError } from '../../../../src/kernel/errors.ts'
import { mutationsOf } from '../../../support/mutations.ts'

const INPUTS = 100_000
const PATIENCE_MS = 120_000

const SAMPLES = [
  {
    type: 'message',
    id: 'c|1',
    text: '路灯不亮了',
    locale: 'zh-CN',
    channelData: { clientActivityID: 'a1' },
  },
  { type: 'message', value: { action: { data: { say: '提交' } } }, attachments: [{ contentType: 'x' }] },
  {
    type: 'message',
    text: '',
    entities: [{ type: 'Place', name: '老王家常菜馆', geo: { longitude: 123.757, latitude: 41.822 } }],
  },
  { type: 'invoke', name: 'adaptiveCard/action', value: { say: '提交' }, deliveryMode: 'expectReplies' },
].map(each => JSON.stringify(each))

/** What comes out of a broken activity; null when it is refused as one that is none. */
function read(body: unknown): ReturnType<typeof parseActivity> | null {
  try {
    return parseActivity(body, 'c')
  } catch (error) {
    if (isAppError(error, 'body-invalid') || isAppError(error, 'message-too-long')) return null
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

describe('the reader of Direct Line', () => {
  test('takes every sample', () => {
    expect(SAMPLES.map(each => read(JSON.parse(each))?.text)).toEqual([
      '路灯不亮了',
      '提交',
      '老王家常菜馆',
      '提交',
    ])
  })

  test(
    `of ${INPUTS.toLocaleString('en')} broken activities none breaks it, and what it takes can be stored`,
    () => {
      const seen = { taken: 0, refused: 0 }
      for (const text of mutationsOf(SAMPLES, INPUTS)) {
        const activity = read(parsed(text))
        seen[activity ? 'taken' : 'refused']++
        if (!activity) continue
        const { externalId, text: said, clientData, sentPlace } = activity
        const stored = JSON.stringify({ externalId, said, clientData, sentPlace })
        const isClean = !stored.includes('\\u0000') && !/\\ud[89a-f]/iu.test(stored)
        if (!isClean) throw new Error(`not to be stored: ${stored}`)
      }
      expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(1000)
    },
    PATIENCE_MS,
  )
})
