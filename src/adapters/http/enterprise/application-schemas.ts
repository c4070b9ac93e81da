import { z } from 'zod'
import { OUTCOMES } from '../../../cases/application.ts'
import type { EnterpriseApplication } from '../../../usecases/enterprise-applications.ts'
import { caseRow, externalId, presentRow } from './enterprise-schemas.ts'

/** Applications (办件) on the wire of the enterprise API. */

const dated = z.string().meta({ format: 'date-time' })

export const fileBody = z
  .strictObject({
    content: z
      .base64()
      .min(1)
      .meta({ description: 'The file in base64: JPEG, PNG, WebP or PDF, at most 10 MB' }),
  })
  .meta({ id: 'EnterpriseFileWanted' })
export const keptFile = z
  .object({ file: z.string().meta({ description: 'Its name, to be given with an application' }) })
  .meta({ id: 'EnterpriseFile' })

export const applicationBody = z
  .strictObject({
    item: z.string().min(1).max(60).meta({ description: 'Id of the item, as in the address of its guide' }),
    externalId: externalId.nullable().default(null),
    answers: z
      .record(z.string().max(60), z.string().max(60))
      .default({})
      .meta({ description: "The situation: question → choice, as the item's guide asks" }),
    documents: z
      .array(
        z.strictObject({
          document: z.string().min(1).max(60),
          files: z.array(z.string().max(40)).max(10).default([]),
          isPromised: z.boolean().default(false),
        }),
      )
      .max(60)
      .default([]),
    amounts: z.record(z.string().max(60), z.number()).default({}),
    place: z.string().trim().min(1).max(200).nullable().default(null),
    name: z.string().max(50).default('').meta({ description: 'Whom the department may ask' }),
    phone: z.string().max(40).default(''),
  })
  .meta({ id: 'EnterpriseApplicationWanted' })

export const application = z
  .object({
    ...caseRow.shape,
    item: z.object({ id: z.string(), name: z.string() }),
    steps: z.array(z.object({ name: z.string(), state: z.enum(['done', 'now', 'ahead']) })),
    decision: z.object({ outcome: z.enum(OUTCOMES), text: z.string(), decidedAt: dated }).nullable(),
    certificate: z
      .object({ number: z.string(), validUntil: z.iso.date().nullable() })
      .nullable()
      .meta({ description: 'Of the certificate, or of the notice of a refusal' }),
  })
  .meta({ id: 'EnterpriseApplication' })

export const applicationQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(300).optional().meta({ description: '`nextCursor` of the page before' }),
})
export const applicationPage = z
  .object({ rows: z.array(application), nextCursor: z.string().nullable() })
  .meta({ id: 'EnterpriseApplicationPage' })

export function presentApplication(shown: EnterpriseApplication): z.output<typeof application> {
  const { item, steps, decision, certificate, ...rest } = shown
  return {
    ...presentRow(rest),
    item,
    steps,
    decision: decision && { ...decision, decidedAt: decision.decidedAt.toISOString() },
    certificate,
  }
}
