import { z } from 'zod'
import { HELP_KINDS } from '../../assist/help-kinds.ts'
import type { HelpReport } from '../../usecases/count-help.ts'
import type { Account } from '../../usecases/ports.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'

const count = z.object({
  kind: z.enum(HELP_KINDS),
  used: z.number().meta({ description: 'Stands in the case as it was suggested' }),
  edited: z.number(),
  ignored: z.number(),
})

const reportSchema = z
  .object({
    kinds: z.array(
      count.extend({ isOff: z.boolean().meta({ description: 'By `assist.yaml` of the city' }) }),
    ),
    weeks: z.array(
      z.object({
        week: z.string().meta({ format: 'date', description: 'Its Monday' }),
        accountId: z.string(),
        displayName: z.string(),
        filings: z.number(),
        cases: z.number(),
        medianSeconds: z.number().meta({ description: 'From the first suggestion to the filing' }),
        medianKeys: z.number().meta({ description: 'Keys pressed and things clicked for one filing' }),
        counts: z.array(count),
      }),
    ),
  })
  .meta({ id: 'HelpReport' })

const period = z.object({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) })

/** How much of the help to agents is used. Supervisors and administrators; agents see their own. */
export function helpRoutes(parts: {
  count(account: Account, period: { from: Date; to: Date }): Promise<HelpReport>
}): DeskRoutes {
  return scope => {
    typedApp(scope).get(
      '/agent/help',
      {
        schema: {
          tags,
          summary: 'What became of the suggestions to agents, by kind, agent and week',
          querystring: period,
          response: { 200: reportSchema, '4xx': errorBody },
        },
      },
      async request => {
        const { from, to } = request.query
        return parts.count(await scope.account(request), { from: new Date(from), to: new Date(to) })
      },
    )
  }
}
