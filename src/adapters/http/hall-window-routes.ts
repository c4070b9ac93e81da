import { z } from 'zod'
import { TICKET_STATES } from '../../hall/ticket.ts'
import type { WindowsView } from '../../hall/told-hall.ts'
import type { Locale } from '../../language/understanding.ts'
import type { Account } from '../../usecases/ports.ts'
import type { WindowAction } from '../../usecases/work-at-window.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'

export interface HallWindowParts {
  show(account: Account, locale: Locale): Promise<WindowsView>
  open(account: Account, window: string): Promise<void>
  close(account: Account, window: string): Promise<void>
  next(account: Account, window: string): Promise<{ label: string } | null>
  act(account: Account, action: WindowAction): Promise<void>
}

const instant = z.string().meta({ format: 'date-time' })
const ticketSchema = z
  .object({
    id: z.string(),
    label: z.string(),
    group: z.string(),
    groupName: z.string(),
    state: z.enum(TICKET_STATES),
    calls: z.number(),
    calledAt: instant.nullable(),
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'WindowTicket' })
const viewSchema = z.object({
  windows: z.array(
    z.object({ id: z.string(), groups: z.array(z.string()), isOpen: z.boolean(), isMine: z.boolean() }),
  ),
  groups: z.array(
    z.object({ id: z.string(), name: z.string(), waiting: z.number(), next: z.array(z.string()) }),
  ),
  current: ticketSchema.nullable(),
  callsBeforeMissing: z.number(),
  today: z.array(ticketSchema),
  counts: z.object({ taken: z.number(), served: z.number(), missed: z.number(), waiting: z.number() }),
})
const byWindow = z.object({ window: z.string().max(3) })
const done = z.object({ done: z.literal(true) })
const ACTIONS = ['recall', 'start', 'miss', 'finish', 'transfer'] as const

/** Windows of the hall: who calls the next number, and what is done with it. */
export function hallWindowRoutes(parts: HallWindowParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/hall',
      {
        schema: {
          tags,
          summary: 'Windows, who waits for them, and who is at mine',
          response: { 200: viewSchema, '4xx': errorBody },
        },
      },
      async request => {
        const locale = localeOfHeader(request.headers['accept-language'])
        return parts.show(await scope.account(request), locale)
      },
    )
    for (const does of ['open', 'close'] as const)
      app.post(
        `/hall/windows/:window/${does}`,
        {
          onRequest: scope.csrfProtection,
          schema: {
            tags,
            summary: does === 'open' ? 'Sit down at a window' : 'Get up from a window',
            params: byWindow,
            response: { 200: done, '4xx': errorBody },
          },
        },
        async request => {
          await parts[does](await scope.account(request), request.params.window)
          return { done: true as const }
        },
      )
    addCallRoutes(scope, parts)
  }
}

function addCallRoutes(scope: Parameters<DeskRoutes>[0], parts: HallWindowParts): void {
  const app = typedApp(scope)
  app.post(
    '/hall/windows/:window/next',
    {
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary: 'Call the next number',
        description: '409 `hall-window-busy` until the one before is over; `label` is null when nobody waits',
        params: byWindow,
        response: { 200: z.object({ label: z.string().nullable() }), '4xx': errorBody },
      },
    },
    async request => {
      const called = await parts.next(await scope.account(request), request.params.window)
      return { label: called?.label ?? null }
    },
  )
  app.post(
    '/hall/windows/:window/tickets/:ticketId/:action',
    {
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary: 'What is done with the number at a window',
        params: byWindow.extend({ ticketId: z.string().max(60), action: z.enum(ACTIONS) }),
        body: z.object({ group: z.string().max(60).optional(), onlyWindow: z.string().max(3).optional() }),
        response: { 200: done, '4xx': errorBody },
      },
    },
    async request => {
      await parts.act(await scope.account(request), { ...request.params, ...request.body })
      return { done: true as const }
    },
  )
}
