import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { TICKET_STATES } from '../../hall/ticket.ts'
import type { BusesView, HallPlan, HallView, NumberView, ScreenView } from '../../hall/told-hall.ts'
import type { Locale } from '../../language/understanding.ts'
import type { Bus } from '../../usecases/ports.ts'
import { qrOf } from './case-qr.ts'
import { errorBody } from './error-handler.ts'
import { HallEvents } from './hall-events.ts'
import { localeOfHeader } from './match-locale.ts'
import type { RateLimiter } from './rate-limiter.ts'

export interface HallParts {
  limiter: RateLimiter
  /** Address under which people reach us, or null to take it from each request. */
  publicUrl: string | null
  bus: Pick<Bus, 'subscribe'>
  hall(locale: Locale): Promise<HallView>
  screen(locale: Locale): Promise<ScreenView>
  /** @throws AppError `hall-group-not-found` */
  plan(group: string, locale: Locale): HallPlan
  /** Null: nothing is known of buses. */
  buses(): Promise<BusesView | null>
  /** @throws AppError `hall-closed`, `hall-group-not-found` */
  take(wanted: z.output<typeof wantedBody>, locale: Locale): Promise<NumberView>
  /** @throws AppError `ticket-not-found` */
  number(code: string, locale: Locale): Promise<NumberView>
  /** @throws AppError `ticket-not-found`, `ticket-not-now` */
  act(code: string, action: 'rejoin' | 'leave', locale: Locale): Promise<NumberView>
}

const wait = z.object({ from: z.number(), to: z.number() }).nullable().meta({ description: 'Minutes' })
const box = { x: z.number(), y: z.number(), width: z.number(), height: z.number() }
const planSchema = z
  .object({
    floor: z.string(),
    width: z.number(),
    height: z.number(),
    shapes: z.array(z.object({ is: z.string(), ...box, name: z.string() })),
    windows: z.array(z.object({ id: z.string(), name: z.string(), ...box, isWanted: z.boolean() })),
    way: z.array(z.object({ x: z.number(), y: z.number() })),
    text: z.string().meta({ description: 'The way in words' }),
  })
  .meta({ id: 'HallPlan' })
const numberSchema = z
  .object({
    code: z.string().meta({ description: 'Opens the page of the number; kept from others' }),
    label: z.string(),
    group: z.string(),
    state: z.enum(TICKET_STATES),
    window: z.string().nullable(),
    calls: z.number(),
    before: z.number(),
    wait,
    isNearly: z.boolean(),
    mayReturn: z.boolean(),
    takenAt: z.string().meta({ format: 'date-time' }),
    plan: planSchema,
  })
  .meta({ id: 'HallNumber' })
const hallSchema = z.object({
  name: z.string(),
  isOpen: z.boolean(),
  hours: z.object({ from: z.string(), to: z.string() }),
  groups: z.array(
    z.object({ id: z.string(), name: z.string(), waiting: z.number(), wait, windows: z.array(z.string()) }),
  ),
})
const screenSchema = z.object({
  name: z.string(),
  calls: z.array(z.object({ label: z.string(), window: z.string(), calls: z.number(), at: z.string() })),
  next: z.array(z.object({ group: z.string(), labels: z.array(z.string()), waiting: z.number() })),
})
const busesSchema = z.object({
  known: z
    .object({
      told: z.enum(['live', 'timetable', 'stale', 'away']),
      buses: z.array(
        z.object({
          line: z.string(),
          headsign: z.string(),
          stop: z.string(),
          metres: z.number(),
          at: z.string().meta({ format: 'date-time' }),
          minutes: z.number(),
          isLive: z.boolean(),
        }),
      ),
    })
    .nullable(),
})
const wantedBody = z.object({
  group: z.string().max(60),
  isElderly: z.boolean().default(false),
  by: z.enum(['page', 'kiosk']),
  request: z.string().min(8).max(80).meta({ description: 'The same again gets the same number' }),
})
const codeBody = z.object({ code: z.string().min(1).max(20) })
const tags = ['hall']

/** `/api/hall`: numbers of the service hall. Codes come in bodies, so that they stand in no address and no log. */
export function addHallRoutes(app: FastifyInstance, parts: HallParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  const events = new HallEvents(parts.bus)
  app.addHook('preClose', async () => events.close())
  const read = (request: FastifyRequest) => parts.limiter.take('hall-read-by-address', request.ip)

  typed.get(
    '/api/hall',
    {
      schema: {
        tags,
        summary: 'What numbers there are, and how long each takes',
        response: { 200: hallSchema },
      },
    },
    async (request, reply) => {
      await read(request)
      return parts.hall(fresh(request, reply))
    },
  )
  typed.get(
    '/api/hall/screen',
    { schema: { tags, summary: 'Who is called now, and who is next', response: { 200: screenSchema } } },
    async (request, reply) => {
      await read(request)
      return parts.screen(fresh(request, reply))
    },
  )
  typed.get(
    '/api/hall/plan/:group',
    {
      schema: {
        tags,
        summary: 'Where a group is served: the floor, and the way',
        params: z.object({ group: z.string().max(60) }),
        response: { 200: planSchema, '4xx': errorBody },
      },
    },
    async (request, reply) => {
      await read(request)
      return parts.plan(request.params.group, fresh(request, reply))
    },
  )
  typed.get(
    '/api/hall/buses',
    { schema: { tags, summary: 'The next buses near the hall', response: { 200: busesSchema } } },
    async (request, reply) => {
      await read(request)
      fresh(request, reply)
      return { known: await parts.buses() }
    },
  )
  typed.get(
    '/api/hall/events',
    {
      exposeHeadRoute: false,
      schema: { tags, summary: 'Says that something changed in the hall (server-sent events: hall)' },
    },
    async (request, reply) => {
      await read(request)
      events.open(request, reply)
    },
  )
  addNumberRoutes(app, parts)
}

function addNumberRoutes(app: FastifyInstance, parts: HallParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.post(
    '/api/hall/numbers',
    {
      schema: {
        tags,
        summary: 'Take a number',
        description: '409 `hall-closed` outside the hours. The QR code opens the page of the number',
        body: wantedBody,
        response: { 200: numberSchema.extend({ qr: z.string() }), '4xx': errorBody },
      },
    },
    async (request, reply) => {
      await parts.limiter.take('hall-number-by-address', request.ip)
      const taken = await parts.take(request.body, fresh(request, reply))
      const base = parts.publicUrl ?? `${request.protocol}://${request.host}`
      return { ...taken, qr: await qrOf(`${base.replace(/\/$/, '')}/ticket#${taken.code}`) }
    },
  )
  typed.post(
    '/api/hall/number',
    {
      schema: {
        tags,
        summary: 'Where a number stands',
        body: codeBody,
        response: { 200: numberSchema, '4xx': errorBody },
      },
    },
    async (request, reply) => {
      await parts.limiter.take('hall-read-by-address', request.ip)
      return parts.number(request.body.code, fresh(request, reply))
    },
  )
  typed.post(
    '/api/hall/number/:action',
    {
      schema: {
        tags,
        summary: 'Come back after the call was missed, or give the number back',
        params: z.object({ action: z.enum(['rejoin', 'leave']) }),
        body: codeBody,
        response: { 200: numberSchema, '4xx': errorBody },
      },
    },
    async (request, reply) => {
      await parts.limiter.take('hall-number-by-address', request.ip)
      return parts.act(request.body.code, request.params.action, fresh(request, reply))
    },
  )
}

/** The queue moves: no answer is kept. */
function fresh(request: FastifyRequest, reply: FastifyReply): Locale {
  reply.header('cache-control', 'no-store')
  return localeOfHeader(request.headers['accept-language'])
}
