import { z } from 'zod'
import { draftSchema } from '../../registration/facts.ts'

const named = z.object({ id: z.string(), name: z.string() })

export const entrySchema = named.extend({
  permit: z.enum(['none', 'after', 'before']),
  permitName: z.string().optional(),
  industries: z.array(z.string()),
})

export const choicesSchema = z.object({
  region: z.string(),
  streets: z.array(named),
  scope: z.array(entrySchema),
  contributionYears: z.int(),
  /** Of the city, as dates of payment are counted from it. */
  today: z.string(),
})

const span = z.object({ text: z.string(), field: z.string().optional(), isBlank: z.boolean().optional() })
const block = z.discriminatedUnion('is', [
  z.object({ is: z.literal('heading'), spans: z.array(span) }),
  z.object({ is: z.literal('paragraph'), spans: z.array(span), isIndented: z.boolean() }),
  z.object({
    is: z.literal('table'),
    head: z.array(z.string()).nullable(),
    widths: z.array(z.number()),
    rows: z.array(z.array(z.array(span))),
  }),
  z.object({ is: z.literal('signatures'), people: z.array(named) }),
])

export const viewSchema = z.object({
  version: z.string(),
  companyName: z.string(),
  problems: z.array(
    z.object({
      field: z.string(),
      code: z.string(),
      params: z.record(z.string(), z.string()),
      weight: z.enum(['stop', 'look']),
    }),
  ),
  fields: z.record(
    z.string(),
    z.object({
      value: z.string(),
      source: z.object({
        is: z.enum(['card', 'answer', 'content', 'computed', 'clock']),
        from: z.array(z.string()),
      }),
    }),
  ),
  papers: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      below: z.array(span),
      blocks: z.array(block),
      fields: z.array(z.string()),
      stamp: z.string(),
    }),
  ),
  stamps: z.array(z.object({ id: z.string(), title: z.string(), stamp: z.string() })),
  signers: z.array(named),
})

export const keptSchema = z.object({ code: z.string(), until: z.iso.datetime() })
export const handedInSchema = z.object({ number: z.string(), queryCode: z.string() })
export const filesBody = z.object({ draft: draftSchema })
