import { expect, test } from 'vitest'
import { CARD } from './fake-line.ts'
import { SocketClient, until } from './socket-client.ts'
import { call, SECRET, startConversation, startLine } from './start-line.ts'

const DL = '/v3/directline'
const PHONE = '13912345678'

test('no phone, number, code or token of any request is ever logged', async () => {
  const { url, line, logged, stop } = await startLine()
  const { id, token, streamUrl } = await startConversation(url)
  const streamToken = new URL(streamUrl).searchParams.get('t')!
  const client = new SocketClient(streamUrl)
  await client.opened
  const path = `${DL}/conversations/${id}/activities`
  await call(url, path, { token, body: { type: 'message', text: `我叫王小明，电话${PHONE}` } })
  await until(() => client.messages.length === 3, 'the turn')
  client.close()
  line.failure = new Error(`broke at ${PHONE} with Bearer ${token}`)
  await call(url, path, { token, body: { type: 'message', text: '王小明' } })
  line.failure = null
  await call(url, `${path}?watermark=${PHONE}`, { token })
  await call(url, `/nowhere/${PHONE}?t=${token}`)
  await call(url, `/%c0${PHONE}`)
  await call(url, '/api/status', { body: { number: CARD.number, queryCode: CARD.queryCode } })
  await call(url, '/api/desk/login', { body: { login: 'wang', password: 'right horse' } })
  await call(url, '/api/desk/login', { body: { login: 'wang', password: { phone: PHONE } } })
  await call(url, path, { token: `${token}x`, body: `{"type":"message","text":"${PHONE}` })
  await stop()

  const all = logged.join('')
  expect(logged.length).toBeGreaterThan(10)
  expect(all).toContain('"route":"/v3/directline/conversations/:id/activities"')
  const secrets = [
    PHONE,
    '王小明',
    token,
    streamToken,
    SECRET,
    CARD.number,
    CARD.queryCode,
    'right horse',
    id,
  ]
  for (const secret of secrets) expect(all).not.toContain(secret)
})
