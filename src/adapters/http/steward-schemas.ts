import { z } from 'zod'
import type { EnterpriseLife } from '../../usecases/enterprise-life.ts'
import type { TalkEntry } from '../../usecases/steward-talk.ts'

const dated = z.string().meta({ format: 'date-time' })

/** An enterprise's life, as its own page and the desk show it. */
export const lifeSchema = z
  .object({
    stages: z.array(z.object({ id: z.string(), name: z.string(), state: z.enum(['done', 'now', 'ahead']) })),
    steps: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        dueAt: dated,
        isDone: z.boolean(),
        item: z.object({ id: z.string(), name: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'EnterpriseLife' })

export const talkEntry = z
  .object({
    seq: z.int(),
    from: z.enum(['resident', 'line', 'agent']).meta({ description: '`resident`: the enterprise' }),
    at: dated,
    text: z.string(),
    by: z.string().nullable().meta({ description: 'Who wrote it, as the enterprise sees it' }),
  })
  .meta({ id: 'StewardTalkEntry' })

export function presentLife({ stages, steps }: EnterpriseLife): z.output<typeof lifeSchema> {
  return { stages, steps: steps.map(step => ({ ...step, dueAt: step.dueAt.toISOString() })) }
}

export function presentTalk({ at, ...entry }: TalkEntry): z.output<typeof talkEntry> {
  return { ...entry, at: at.toISOString() }
}
