import { z } from 'zod'
import { inputs, REQUEST_TYPES } from '../../../cases/case-inputs.ts'
import { STATES } from '../../../cases/case-state.ts'
import { phoneDigits } from '../../../kernel/phone-digits.ts'
import { COORDINATE_SYSTEMS, toWgs84 } from '../../../language/coordinate-systems.ts'
import type { EnterpriseCase, EnterpriseCaseWithHistory } from '../../../usecases/enterprise-case.ts'
import type { EnterpriseQuery } from '../../../usecases/enterprise-cases.ts'
import type { EnterpriseSubmission } from '../../../usecases/file-enterprise-case.ts'
import { RESIDENT_ACTIONS } from '../../../usecases/resident-actions.ts'
import { RESIDENT_EVENTS } from '../../../usecases/resident-events.ts'

/** What goes over the wire of the enterprise API. Every body is strict: a misspelt field is an error, not a field that is lost. */

const LONGEST = { words: 4000, place: 200, time: 100, subject: 200, name: 50, phone: 40, text: 4000 } as const

const dated = z.string().meta({ format: 'date-time' })
/** Something to be seen: not of spaces and characters without a shape (U+200B, joiners, marks of direction) alone. */
const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine(
      said => said === '' || said.replace(/\p{Default_Ignorable_Code_Point}|[\s\p{Cc}\p{Cf}]/gu, '') !== '',
    )

/** No space, no control character and no `.` or `..`, which clients take out of an address: so that it stands in one. */
export const externalId = z
  .string()
  .min(1)
  .max(100)
  .regex(/^(?!\.{1,2}$)[\x21-\x7e]+$/)
  .meta({
    description:
      "The matter's id in your own system: 1 to 100 visible ASCII characters, neither `.` nor `..`, unlike all your others",
  })

const point = z
  .strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    system: z.enum(COORDINATE_SYSTEMS).default('WGS-84').meta({
      description:
        'Coordinate system of the two: `GCJ-02` when they come from a Chinese map, `BD-09` from Baidu',
    }),
  })
  .meta({ id: 'EnterprisePoint' })

const phone = z
  .string()
  .max(LONGEST.phone)
  .transform((said, context) => {
    const digits = phoneDigits(said)
    if (digits === null) context.addIssue({ code: 'custom', message: 'no phone' })
    return digits
  })

const contact = z
  .strictObject({
    name: text(LONGEST.name).nullable().default(null),
    phone: phone.nullable().default(null).meta({ description: 'News goes there by SMS or a call, too' }),
  })
  .meta({ id: 'EnterpriseContact' })

export const caseBody = z
  .strictObject({
    words: text(LONGEST.words).meta({ description: 'What it is about, as you would say it; never edited' }),
    externalId: externalId.nullable().default(null),
    subject: z.string().min(1).max(LONGEST.subject).nullable().default(null).meta({
      description: 'Id of a subject (`GET /subjects`); left out, the line reads it from the words',
    }),
    type: z
      .enum(REQUEST_TYPES)
      .nullable()
      .default(null)
      .meta({ description: 'Left out, it is read from the words' }),
    time: text(LONGEST.time).nullable().default(null).meta({ description: 'When it happens, in words' }),
    place: text(LONGEST.place).nullable().default(null).meta({ description: 'Where, in words' }),
    at: point.nullable().default(null),
    contact: contact
      .default({ name: null, phone: null })
      .meta({ description: 'Whom the department may ask' }),
  })
  .meta({ id: 'EnterpriseCaseWanted' })

export function toSubmission({ at, ...body }: z.output<typeof caseBody>): EnterpriseSubmission {
  return { ...body, at: at && toWgs84([at.longitude, at.latitude], at.system) }
}

export const informationBody = z
  .strictObject({ text: text(LONGEST.text) })
  .meta({ id: 'EnterpriseInformation' })

/** Of actions that need no body: an empty one is taken, and a field in it is one too many. The description leaves it out. */
export const noBody = z.strictObject({}).meta({ id: 'EnterpriseNothing' }).nullish()

export const followUpBody = z
  .strictObject({
    resolved: z.boolean().meta({ description: 'Yes closes the case, no sends it back to the department' }),
    contacted: z
      .boolean()
      .nullable()
      .default(null)
      .meta({ description: 'Has the department been in touch?' }),
    satisfied: inputs.followUp.shape.satisfied.default(null),
    text: z.string().trim().max(2000).default(''),
  })
  .meta({ id: 'EnterpriseFollowUp' })

const states = z
  .string()
  .max(200)
  .transform((said, context) => {
    const parts = said.split(',').map(part => part.trim())
    const known = STATES.filter(state => parts.includes(state))
    if (known.length !== new Set(parts).size)
      context.addIssue({ code: 'invalid_value', values: [...STATES], input: said })
    return known
  })

const since = z.iso.datetime({ offset: true }).transform(said => new Date(said))

export const caseQuery = z.strictObject({
  state: states.optional().meta({ description: `One or several, with commas between: ${STATES.join(', ')}` }),
  filedSince: since
    .optional()
    .meta({ description: 'Filed at this instant (ISO 8601 with its zone) or later' }),
  changedSince: since.optional().meta({ description: 'Changed at this instant or later' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(300).optional().meta({ description: '`nextCursor` of the page before' }),
})

export function toQuery(query: z.output<typeof caseQuery>): EnterpriseQuery {
  const { state = null, filedSince = null, changedSince = null, cursor = null, limit } = query
  return { states: state, filedSince, changedSince, cursor, limit }
}

export const byNumber = z.object({
  number: z.string().min(1).max(40).meta({ description: 'Number of the case; spaces are taken' }),
})
export const byExternalId = z.object({ externalId })
export const byWebhook = z.object({ id: z.string().min(1).max(100) })

const named = z.object({ id: z.string(), name: z.string() }).meta({ id: 'EnterpriseNamed' })

const caseFields = {
  number: z.string(),
  externalId: z.string().nullable(),
  state: z.enum(STATES),
  isOpen: z.boolean(),
  stage: named,
  status: z.string().meta({ description: 'Where it stands, in one sentence' }),
  type: named,
  subject: named.nullable(),
  words: z.string(),
  place: z.string().nullable(),
  at: z.object({ latitude: z.number(), longitude: z.number() }).nullable().meta({ description: 'WGS-84' }),
  department: named.meta({ description: 'Who has it now' }),
  reason: z.string().meta({ description: 'Why they' }),
  helping: z.array(named).meta({ description: 'Departments that take part' }),
  filedAt: dated,
  changedAt: dated,
  dueAt: dated.nullable().meta({ description: 'The promise that runs now; null when nothing is owed' }),
  reply: z.string().nullable().meta({ description: "The department's answer" }),
  actions: z.array(z.enum(RESIDENT_ACTIONS)).meta({ description: 'What may be done with it now' }),
}

export const caseRow = z.object(caseFields).meta({ id: 'EnterpriseCaseRow' })
export const casePage = z
  .object({ rows: z.array(caseRow), nextCursor: z.string().nullable() })
  .meta({ id: 'EnterpriseCasePage' })

export const wholeCase = z
  .object({
    ...caseFields,
    history: z.array(z.object({ at: dated, type: z.string(), text: z.string() })).meta({
      description: 'What has happened, in order of time',
    }),
  })
  .meta({ id: 'EnterpriseCase' })

export const filedCase = z
  .object({
    case: wholeCase,
    danger: z.string().nullable().meta({
      description: 'Words of danger were read: whom to call at once. Show it to people',
    }),
  })
  .meta({ id: 'EnterpriseCaseFiled' })

export function presentRow({ filedAt, changedAt, ...rest }: EnterpriseCase): z.output<typeof caseRow> {
  const dates = { filedAt: filedAt.toISOString(), changedAt: changedAt.toISOString() }
  return { ...rest, ...dates, state: rest.state as z.output<typeof caseRow>['state'] }
}

export function presentWhole({ history, ...rest }: EnterpriseCaseWithHistory): z.output<typeof wholeCase> {
  return { ...presentRow(rest), history }
}

export const subjectList = z.object({ rows: z.array(named) }).meta({ id: 'EnterpriseSubjects' })

/** Types of events on the wire, as deliveries name them. */
const TYPES = [...RESIDENT_EVENTS].map(event => `case.${event}` as const)
const eventType = z.enum(TYPES as [(typeof TYPES)[number], ...typeof TYPES])

/** What is posted to a webhook; a field more does not change `version`. */
export const delivery = z
  .object({
    version: z.literal(1),
    id: z.string().meta({ description: 'The same at each try' }),
    type: eventType,
    at: dated,
    case: z.object({
      number: z.string(),
      externalId: z.string().nullable(),
      state: z.enum(STATES),
      stage: z.string(),
      requestType: z.string(),
      subject: z.string().nullable(),
      department: z.string().meta({ description: 'Who has it now' }),
      dueAt: dated.nullable().meta({ description: 'The promise that runs now' }),
    }),
  })
  .meta({ id: 'EnterpriseDelivery' })

export const webhookBody = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(1000)
      .meta({ description: 'https, reachable from the internet' }),
    events: z.array(eventType).max(50).default([]).meta({ description: 'Left out or empty: all' }),
  })
  .meta({ id: 'EnterpriseWebhookWanted' })

export const webhook = z
  .object({ id: z.string(), url: z.string(), events: z.array(z.string()), createdAt: dated })
  .meta({ id: 'EnterpriseWebhook' })
export const webhookList = z.object({ rows: z.array(webhook) }).meta({ id: 'EnterpriseWebhooks' })
export const madeWebhook = z
  .object({
    webhook,
    secret: z.string().nullable().meta({ description: 'Told this once; null in a repeated answer' }),
  })
  .meta({ id: 'EnterpriseWebhookMade' })
