import { z } from 'zod'
import { inputs } from '../../../cases/case-inputs.ts'
import { toldAnswers } from '../../../cases/follow-up-answers.ts'
import { RESIDENT_ACTIONS } from '../../../usecases/resident-actions.ts'
import { caseCardSchema } from '../city-routes.ts'

const instant = z.iso.datetime()

/** A case by its query code, or, without one, by what else the browser has. */
export const keyBody = z.object({
  number: z.string().max(40),
  queryCode: z.string().max(40).nullable().default(null),
})

const myCase = {
  card: caseCardSchema,
  filedAt: instant,
  changedAt: instant,
  isOver: z.boolean(),
  waitsForYou: z.enum(['answer', 'rating']).nullable(),
}

/** Most cases that a browser may ask for by their codes at once. */
export const MOST_CODES = 30
export const listBody = z.object({
  codes: z
    .array(z.object({ number: z.string().max(40), queryCode: z.string().max(40) }))
    .max(MOST_CODES)
    .default([]),
})
export const listAnswer = z.object({
  rows: z.array(z.object({ ...myCase, by: z.enum(['code', 'phone', 'chat']) })),
  /** Numbers whose codes open nothing. */
  unknown: z.array(z.string()),
})

export const wholeCase = z
  .object({
    ...myCase,
    course: z.array(
      z.object({
        stage: z.string(),
        name: z.string(),
        state: z.enum(['done', 'now', 'ahead', 'skipped']),
        from: instant.nullable(),
        to: instant.nullable(),
      }),
    ),
    pauses: z.array(z.object({ from: instant, to: instant.nullable() })),
    history: z.array(
      z.object({
        at: instant,
        type: z.string(),
        text: z.string(),
        said: z.string().nullable(),
        files: z.array(z.object({ name: z.string(), href: z.string() })).meta({
          description: 'At addresses that end after an hour',
        }),
      }),
    ),
    question: z.string().nullable(),
    reply: z.string().nullable(),
    actions: z.array(z.enum(RESIDENT_ACTIONS)),
    whyNotUrge: z.enum(['answered', 'over', 'waits-for-you']).nullable(),
    urgeCount: z.int(),
    joining: z
      .object({ people: z.int(), departmentName: z.string(), dueText: z.string() })
      .nullable()
      .meta({ description: 'Others told of the same before; their case may be joined' }),
  })
  .meta({ id: 'MyCase' })

/** A file that was sent for the case, with what says so. */
const sentFile = z.object({ name: z.string().max(100), ticket: z.string().max(100) })
export const filesAnswer = z.object({ files: z.array(sentFile) })

export const actionBody = keyBody.extend({
  action: z.discriminatedUnion('do', [
    z.object({
      do: z.literal('add-information'),
      text: inputs.said.shape.text,
      files: z.array(sentFile).max(5).default([]),
    }),
    z.object({ do: z.literal('urge') }),
    z.object({
      do: z.literal('withdraw'),
      reason: z.string().trim().max(500).nullable().default(null),
    }),
    z.object({ do: z.literal('follow-up'), answers: toldAnswers }),
    z.object({ do: z.literal('join-neighbours') }),
  ]),
})
export type ActionBody = z.infer<typeof actionBody>
