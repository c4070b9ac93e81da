import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { FetchXhr } from './fetch-xhr.ts'
import { until } from './socket-client.ts'
import { call, type RunningLine, SECRET, startLine } from './start-line.ts'

// The vendor's own client, unmodified. It finds its XMLHttpRequest and WebSocket on the global object.
vi.stubGlobal('XMLHttpRequest', FetchXhr)
const { ConnectionStatus, DirectLine } = await import('botframework-directlinejs')

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
let running: RunningLine
let domain: string

beforeAll(async () => {
  running = await startLine()
  domain = `${running.url}/v3/directline`
})
afterAll(() => running.stop())

interface Heard {
  type: string
  id?: string
  text?: string
  channelData?: { clientActivityID?: string }
  attachments?: { contentUrl: string; contentType: string }[]
}

async function connect(options: object = {}) {
  const { json } = await call(running.url, '/v3/directline/tokens/generate', { token: SECRET, body: {} })
  const client = new DirectLine({ domain, token: json.token, ...options })
  const heard: Heard[] = []
  const statuses: number[] = []
  client.connectionStatus$.subscribe(status => void statuses.push(status))
  const subscription = client.activity$.subscribe(activity => void heard.push(activity as Heard))
  const texts = () => heard.filter(activity => activity.type === 'message').map(activity => activity.text)
  const end = () => {
    subscription.unsubscribe()
    client.end()
  }
  const post = (activity: object) =>
    new Promise<string>((resolve, reject) =>
      client.postActivity(activity as never).subscribe(resolve, reject),
    )
  const conversationId = () => (client as unknown as { conversationId: string }).conversationId
  return { client, conversationId, heard, statuses, texts, end, post }
}

describe.each([
  ['by socket', { webSocket: true }],
  ['by polling', { webSocket: false, pollingInterval: 200 }],
])('botframework-directlinejs %s', (_name, options) => {
  test('is greeted, says something, sees its own message by id and the reply', async () => {
    const { conversationId, heard, statuses, texts, end, post } = await connect(options)
    await until(() => texts().length === 1, 'the greeting')
    const id = await post({
      type: 'message',
      text: '路灯坏了',
      from: { id: 'dl_x' },
      channelData: { clientActivityID: 'c9' },
    })
    await until(() => texts().length === 3, 'echo and reply')
    expect(texts()).toEqual(['您好', '路灯坏了', 'echo: 路灯坏了'])
    expect(heard[1]).toMatchObject({ id, channelData: { clientActivityID: 'c9' } })
    expect(statuses.at(-1)).toBe(ConnectionStatus.Online)
    expect(conversationId()).toBeTruthy()
    end()
  })

  test('uploads a picture', async () => {
    const { heard, texts, end, post } = await connect(options)
    await until(() => texts().length === 1, 'the greeting')
    const attachments = [
      { contentType: 'image/png', contentUrl: `data:image/png;base64,${PNG}`, name: '路灯.png' },
    ]
    const id = await post({ type: 'message', text: '看', from: { id: 'dl_x' }, attachments })
    await until(() => texts().length === 3, 'echo and reply')
    const [picture] = heard[1]!.attachments!
    expect(heard[1]!.id).toBe(id)
    expect(picture!.contentType).toBe('image/png')
    const bytes = Buffer.from(await (await fetch(picture!.contentUrl)).arrayBuffer())
    expect(bytes.toString('base64')).toBe(PNG)
    end()
  })

  test('asks for its session', async () => {
    const { client, texts, end } = await connect(options)
    await until(() => texts().length === 1, 'the greeting')
    const id = await new Promise(resolve => client.getSessionId().subscribe(resolve))
    expect(id).toMatch(/^[\w-]{24}$/)
    end()
  })
})

test('botframework-directlinejs with the secret talks, too', async () => {
  const client = new DirectLine({ domain, secret: SECRET })
  const texts: unknown[] = []
  const subscription = client.activity$.subscribe(activity => void texts.push((activity as Heard).text))
  await until(() => texts.length === 1, 'the greeting')
  client.postActivity({ type: 'message', text: 'hi', from: { id: 'u' } }).subscribe()
  await until(() => texts.length === 3, 'the turn')
  subscription.unsubscribe()
})

test('botframework-directlinejs comes back after a dropped socket: nothing lost, nothing twice', async () => {
  // The client waits 3 to 15 s before it connects again, by its own dice.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0)
  const { heard, texts, end, post, conversationId } = await connect({ webSocket: true })
  await until(() => texts().length === 1, 'the greeting')
  await post({ type: 'message', text: 'one', from: { id: 'u' } })
  await until(() => texts().length === 3, 'the first turn')
  for (const socket of running.app.websocketServer.clients) socket.terminate()
  const id = conversationId()
  running.line.say(id, { key: 'k', text: 'while away', choices: [], cards: [], expects: 'nothing' })
  await post({ type: 'message', text: 'two', from: { id: 'u' } })
  await until(() => texts().length >= 6, 'what was missed', 10_000)
  expect(texts()).toEqual(['您好', 'one', 'echo: one', 'while away', 'two', 'echo: two'])
  expect(new Set(heard.map(activity => activity.id)).size).toBe(6)
  end()
  random.mockRestore()
}, 20_000)
