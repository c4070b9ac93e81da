import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { VendorPlatform, type VendorRequest } from '../../test/support/vendor-platform.ts'

/** The vendors' interfaces on this machine, the gateway for short messages and the Bot Framework's service among them. */
export interface ServedPlatform {
  url: string
  platform: VendorPlatform
  /** What the line sent that it should not have. */
  problems: Error[]
  close(): Promise<void>
}

/** Where the line's own gateway protocol is spoken. */
export const SMS_PATH = '/sms'
const ACTIVITIES = /^\/v3\/conversations\/([^/]+)\/activities/

/** Serves what `nock` plays in tests: the line under measurement runs in a process of its own. Connections are kept. */
export async function servePlatform(): Promise<ServedPlatform> {
  const platform = new VendorPlatform()
  const problems: Error[] = []
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const [status, answer] = await read(request)
      .then(given => answerOf(platform, given))
      .catch((error: Error): [number, object] => {
        problems.push(error)
        return [500, {}]
      })
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    platform,
    problems,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<VendorRequest> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  const { pathname: path, searchParams: query } = new URL(request.url!, 'http://localhost')
  return { path, query, body: Buffer.concat(pieces).toString() }
}

function answerOf(platform: VendorPlatform, request: VendorRequest): [status: number, answer: object] {
  const { path, body } = request
  const conversation = ACTIVITIES.exec(path)?.[1]
  if (conversation !== undefined) {
    platform.deliver(decodeURIComponent(conversation), (JSON.parse(body) as { text?: string }).text ?? '')
    return [200, { id: 'activity' }]
  }
  if (path === SMS_PATH) {
    const { to, text } = JSON.parse(body) as { to: string; text: string }
    platform.deliver(to, text)
    return [200, {}]
  }
  const answer = platform.answer(request)
  return answer ? [200, answer] : [404, {}]
}
