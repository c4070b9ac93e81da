import { z } from 'zod'
import type { ContentFile } from '../../content/yaml-file.ts'
import type { Locale } from '../../language/understanding.ts'
import type { ShelfReport } from '../../usecases/check-shelf.ts'
import type { Account } from '../../usecases/ports.ts'
import type { LineHealth } from '../../usecases/show-line-health.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'

export interface LineParts {
  health(account: Account, locale: Locale): Promise<LineHealth>
  check(account: Account, draft: ContentFile | null): Promise<ShelfReport>
  file(account: Account, path: string): Promise<ContentFile>
}

const when = z.date().nullable()
const probe = z.object({ isUp: z.boolean(), milliseconds: z.number() })
const healthSchema = z
  .object({
    database: probe,
    redis: probe.nullable(),
    queues: z.array(z.object({ queue: z.string(), waiting: z.number(), oldestAt: when })),
    deadLetters: z.record(z.string(), z.number()),
    sweepLagMs: z.number(),
    lastAnchor: z.string().nullable().meta({ description: 'The last day that has an anchor' }),
    instances: z.array(
      z.object({
        id: z.string(),
        startedAt: z.date(),
        seenAt: z.date(),
        model: z.string().nullable().meta({ description: 'Null: subjects as shipped' }),
        content: z.string(),
        isSelf: z.boolean(),
      }),
    ),
    channels: z.array(
      z.object({
        channel: z.string(),
        name: z.string(),
        isOn: z.boolean(),
        missing: z.array(z.string()).meta({ description: 'Names of settings that would turn it on' }),
        heard: z.number().meta({ description: 'In the last 24 hours, as the next two' }),
        answered: z.number(),
        failed: z.number(),
        heardAt: when,
        answeredAt: when,
        failedAt: when,
        failure: z.string().nullable(),
        tokenAt: when.meta({ description: 'When the vendor last gave a token' }),
      }),
    ),
  })
  .meta({ id: 'LineHealth' })

const checkSchema = z
  .object({
    files: z.number(),
    holds: z.record(z.string(), z.number()).nullable().meta({ description: 'Null while there are problems' }),
    problems: z.array(
      z.object({
        file: z.string(),
        line: z.number(),
        path: z.string(),
        message: z.string(),
        excerpt: z.array(z.object({ line: z.number(), text: z.string(), isMarked: z.boolean() })),
      }),
    ),
    changes: z.array(z.object({ path: z.string(), how: z.enum(['changed', 'added', 'gone']) })),
    paths: z.array(z.string()),
  })
  .meta({ id: 'ContentCheck' })

const path = z.string().min(1).max(300)
const LONGEST_DRAFT = 400_000
const DRAFT_BYTES = 2 * 1024 * 1024

/** How the line does, and its content as it lies on the disk. Administrators only. */
export function lineRoutes(parts: LineParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/line/health',
      {
        schema: {
          tags,
          summary: 'How the channels and the line itself do',
          response: { 200: healthSchema, '4xx': errorBody },
        },
      },
      async request =>
        parts.health(await scope.account(request), localeOfHeader(request.headers['accept-language'])),
    )
    app.post(
      '/line/content-check',
      {
        onRequest: scope.csrfProtection,
        bodyLimit: DRAFT_BYTES,
        config: { repeats: 'anew' },
        schema: {
          tags,
          summary: 'Check the content on the disk, or a draft of one file of it; nothing is written',
          body: z.object({
            draft: z
              .object({ path, text: z.string().max(LONGEST_DRAFT) })
              .nullable()
              .default(null),
          }),
          response: { 200: checkSchema, '4xx': errorBody },
        },
      },
      async request => parts.check(await scope.account(request), request.body.draft),
    )
    app.get(
      '/line/content-file',
      {
        schema: {
          tags,
          summary: 'A content file as it lies on the disk',
          querystring: z.object({ path }),
          response: { 200: z.object({ path: z.string(), text: z.string() }), '4xx': errorBody },
        },
      },
      async request => parts.file(await scope.account(request), request.query.path),
    )
  }
}
