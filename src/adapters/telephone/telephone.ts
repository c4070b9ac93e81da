import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import { isSame } from '../../kernel/same-secret.ts'
import { EventSocket, type Socket } from './event-socket.ts'
import { MOST_EVENTS, VENDORS, type Vendor } from './read-events.ts'
import { receiptsAnswer, takeBatch } from './take-batch.ts'
import type { TelephoneOptions } from './telephone-options.ts'

const BEAT_MS = 25_000
const GOODBYE_MS = 1000
const MOST_ASKED = 100

type EventsRequest = FastifyRequest<{ Querystring: { vendor?: string; calls?: string } }>

/**
 * The telephone desk's channel below `/channels/telephone`: what is said in calls, told by the telephone system while they go on. Needs
 * `@fastify/websocket` on the server. Without a secret there is nothing at these addresses.
 */
export async function telephone(app: FastifyInstance, options: TelephoneOptions): Promise<void> {
  const { secret } = options
  if (secret === null) return
  const sockets = new Set<EventSocket>()
  const beat = setInterval(() => {
    for (const socket of sockets) socket.beat()
  }, BEAT_MS)
  beat.unref()
  app.addHook('preClose', async () => {
    clearInterval(beat)
    await sayGoodbye(sockets)
  })
  await app.register(
    async scope => {
      // Before a body is read: strangers are not listened to.
      scope.addHook('onRequest', request => authenticate(request, secret, options))
      addEventsRoute(scope, options)
      addStreamRoute(scope, options, sockets)
    },
    { prefix: '/channels/telephone' },
  )
}

function addEventsRoute(scope: FastifyInstance, options: TelephoneOptions): void {
  scope.post(
    '/events',
    {
      schema: {
        tags: ['telephone'],
        security: [{ bearer: [] }],
        summary: 'What happens in calls',
        description: `An array of events, or {events, resume}; ${MOST_EVENTS} events at most. Good ones are stored, bad ones named by their index`,
      },
    },
    (request: EventsRequest, reply) => {
      reply.header('cache-control', 'no-store')
      return takeBatch(request.body, vendorOf(request), options)
    },
  )
}

/** The socket. Everything is checked before the upgrade, so that a refusal is a plain HTTP status. */
function addStreamRoute(scope: FastifyInstance, options: TelephoneOptions, sockets: Set<EventSocket>): void {
  const admitted = new WeakMap<object, { vendor: Vendor | null; greeting: object }>()
  const admit = async (request: EventsRequest, _reply: FastifyReply) => {
    const calls = (request.query.calls ?? '').split(',').filter(Boolean)
    if (calls.length > MOST_ASKED) throw new AppError('body-invalid', { most: MOST_ASKED })
    const greeting = receiptsAnswer(await options.intake.take([], calls))
    admitted.set(request, { vendor: vendorOf(request), greeting })
  }
  scope.get(
    '/stream',
    { websocket: true, preValidation: admit, schema: { hide: true } },
    (raw: unknown, request: EventsRequest) => {
      const { vendor, greeting } = admitted.get(request)!
      const socket = raw as Socket
      const onError = (error: unknown) => request.log.error({ err: error }, 'unforeseen error')
      const events = new EventSocket({ socket, vendor, options, onError })
      sockets.add(events)
      socket.on('close', () => sockets.delete(events))
      events.tell(greeting)
    },
  )
}

/** @throws AppError `token-missing`, `token-invalid`, `rate-limited` after many wrong ones; the right one is always let in */
async function authenticate(
  request: FastifyRequest,
  secret: string,
  { limit }: Pick<TelephoneOptions, 'limit'>,
): Promise<void> {
  const [scheme, credential] = (request.headers.authorization ?? '').split(/\s+/, 2)
  const isBearer = credential !== undefined && scheme?.toLowerCase() === 'bearer'
  if (isBearer && isSame(credential, secret)) return
  await limit('wrong-secret-by-address', request.ip)
  throw new AppError(isBearer ? 'token-invalid' : 'token-missing')
}

function vendorOf({ query: { vendor } }: EventsRequest): Vendor | null {
  if (vendor === undefined || vendor === '') return null
  if (!Object.hasOwn(VENDORS, vendor)) throw new AppError('body-invalid', { vendor: Object.keys(VENDORS) })
  return vendor as Vendor
}

async function sayGoodbye(sockets: ReadonlySet<EventSocket>): Promise<void> {
  await Promise.allSettled([...sockets].map(socket => socket.close()))
  for (let waited = 0; sockets.size > 0 && waited < GOODBYE_MS; waited += 50) {
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  for (const socket of sockets) socket.terminate()
}
