import type { Post } from '../../test/support/post.ts'
import type { Talker } from './answered-talker.ts'

export const TELEPHONE_SETTINGS = { TELEPHONE_SECRET: 'secret-of-the-telephone-system' }
/** What a recogniser has heard in some seconds of several calls comes in one request; here it is of one. */
export const UTTERANCES_AT_ONCE = 20

const CALL = { direction: 'inbound', ani: '13900000101', dnis: '8890', queue: 'general', agentId: '1003' }
const PATH = '/channels/telephone/events'
const HEADERS = {
  authorization: `Bearer ${TELEPHONE_SETTINGS.TELEPHONE_SECRET}`,
  'content-type': 'application/json',
}
const SPOKEN_MS = 2000
let calls = 0

/** A call that has begun: what is said is told as so many final utterances at once, and over when all are acknowledged. */
export async function callTeller(post: Post, atOnce = UTTERANCES_AT_ONCE): Promise<Talker> {
  const callId = `call-${calls++}`
  let seq = 0
  const tell = async (events: readonly object[]) => {
    const body = JSON.stringify(events.map(event => ({ ...event, callId, seq: ++seq })))
    const { status, text } = await post(PATH, { headers: HEADERS, body })
    if (status !== 200 || JSON.parse(text).ack !== seq) throw new Error(`told of a call: ${status} ${text}`)
  }
  await tell([{ type: 'call.started', ...CALL, startedAt: new Date().toISOString() }])
  return text =>
    tell(
      Array.from({ length: atOnce }, (_, i) => {
        const nth = seq + i
        const [beginMs, endMs] = [nth * SPOKEN_MS, (nth + 1) * SPOKEN_MS]
        const role = i % 2 === 0 ? 'resident' : 'agent'
        return { type: 'utterance.final', utteranceId: `u${nth}`, revision: 1, role, text, beginMs, endMs }
      }),
    )
}
