import { Agent, request } from 'node:http'
import type { Post } from '../../test/support/post.ts'

/** Posts over kept connections and without ceremony, so that the measuring costs less than what is measured. */
export function keptPost(address: string): { post: Post; close(): void } {
  const { hostname, port } = new URL(address)
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const post: Post = (path, { body, headers }) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
    const length = { 'content-length': Buffer.byteLength(body) }
    const sent = request(
      { hostname, port, path, method: 'POST', agent, headers: { ...headers, ...length } },
      response => {
        const pieces: Buffer[] = []
        response.on('error', reject)
        response.on('data', piece => pieces.push(piece))
        response.on('end', () =>
          resolve({ status: response.statusCode!, text: Buffer.concat(pieces).toString() }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
    return promise
  }
  return { post, close: () => agent.destroy() }
}
