import type { FastifyReply, FastifyRequest } from 'fastify'

const HEARTBEAT_MS = 20_000

/**
 * Keeps an answer open for server-sent events.
 * @param still asked with each heartbeat; when it rejects (the session has ended) the stream ends
 */
export function openEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { still, onClose }: { still: () => Promise<unknown>; onClose: () => void },
): void {
  reply.hijack()
  const headers = reply.getHeaders()
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  reply.raw.write('retry: 3000\nevent: ready\ndata: {}\n\n')
  const heart = setInterval(() => {
    still().then(
      () => reply.raw.write(': still here\n\n'),
      () => reply.raw.end(),
    )
  }, HEARTBEAT_MS)
  request.raw.on('close', () => {
    clearInterval(heart)
    onClose()
  })
}
