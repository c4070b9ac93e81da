import { z } from 'zod'
import type { DeskFilter } from '../../usecases/desk-filter.ts'
import type { StateCount } from '../../usecases/handler-ports.ts'
import type { OwnFilter } from '../../usecases/manage-filters.ts'
import type { Account } from '../../usecases/ports.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { countQuery, filterOfQuery, savedFilterSchema } from './list-filter.ts'

export interface FilterParts {
  count(account: Account, filter: DeskFilter): Promise<StateCount[]>
  list(account: Account): Promise<OwnFilter[]>
  save(account: Account, filter: Pick<OwnFilter, 'name' | 'filter' | 'isShared'>): Promise<OwnFilter>
  remove(account: Account, id: string): Promise<void>
}

const ownFilter = z
  .object({
    id: z.string(),
    name: z.string(),
    filter: savedFilterSchema,
    isShared: z.boolean().meta({ description: 'With the whole department; the centre is one' }),
    isOwn: z.boolean(),
  })
  .meta({ id: 'SavedFilter' })

const wanted = z
  .object({
    name: z.string().trim().min(1).max(30),
    filter: savedFilterSchema,
    isShared: z.boolean().default(false),
  })
  .meta({ id: 'SavedFilterWanted' })

const count = z.object({
  state: z.string(),
  isReworked: z.boolean(),
  all: z.number(),
  overdue: z.number(),
  warned: z.number(),
})

const refused = { '4xx': errorBody }

/** Filters of the case list under names, and how many cases each would show. */
export function filterRoutes(parts: FilterParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/case-counts',
      {
        schema: {
          tags,
          summary: 'Open cases by state, and how many of them are late or warned of',
          querystring: countQuery,
          response: { 200: z.object({ rows: z.array(count) }), ...refused },
        },
      },
      async request => ({
        rows: await parts.count(
          await scope.account(request),
          filterOfQuery({ ...request.query, sort: 'due', limit: 1 }),
        ),
      }),
    )
    app.get(
      '/filters',
      {
        schema: {
          tags,
          summary: 'My saved filters, and those that my department shares',
          response: { 200: z.object({ rows: z.array(ownFilter) }), ...refused },
        },
      },
      async request => ({ rows: (await parts.list(await scope.account(request))).map(present) }),
    )
    app.post(
      '/filters',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Save a filter under a name',
          body: wanted,
          response: { 200: ownFilter, ...refused },
        },
      },
      async request => present(await parts.save(await scope.account(request), request.body)),
    )
    app.delete(
      '/filters/:id',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Forget one of my filters',
          params: byId,
          response: { 200: z.object({ id: z.string() }), ...refused },
        },
      },
      async request => {
        const { id } = request.params
        await parts.remove(await scope.account(request), id)
        return { id }
      },
    )
  }
}

function present(filter: OwnFilter): z.output<typeof ownFilter> {
  return { ...filter, filter: savedFilterSchema.parse(filter.filter) }
}
