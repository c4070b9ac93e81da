import { z } from 'zod'
import { OUTCOMES } from '../../cases/application.ts'
import { DESK_ROLES, ROLES } from '../../cases/case-state.ts'
import { CLOCK_OUTCOMES } from '../../cases/clock-outcome.ts'
import { type Action, workflow } from '../../cases/workflow.ts'
import type { Light } from '../../clocks/stage-clock.ts'
import type { CaseCard } from '../../conversation/message.ts'
import type { Account, ListedCase } from '../../usecases/ports.ts'
import { caseCardSchema } from './city-routes.ts'

export const LIGHTS = ['green', 'yellow', 'red'] as const satisfies Light[]
const dated = z.string().meta({ format: 'date-time' })

export const accountSchema = z
  .object({
    id: z.string(),
    login: z.string(),
    displayName: z.string(),
    role: z.enum(ROLES),
    department: z.string().nullable(),
    posts: z
      .array(z.string())
      .readonly()
      .optional()
      .meta({ description: 'Posts by which applications may be decided' }),
  })
  .meta({ id: 'Account' }) satisfies z.ZodType<Account>

/** A row of the list, as `listCases` gives it. */
export interface CaseRow extends ListedCase {
  light: Light
  departmentName: string | null
  subjectName: string | null
}

export const caseRowSchema = z
  .object({
    id: z.string(),
    number: z.string(),
    state: z.string(),
    stage: z.string(),
    type: z.string(),
    subject: z.string().nullable(),
    subjectName: z.string().nullable(),
    grade: z.string(),
    summary: z.string(),
    place: z.string().nullable(),
    street: z.string().nullable(),
    lead: z.string().nullable(),
    departmentName: z.string().nullable(),
    coHandlers: z.array(z.string()),
    channel: z.string(),
    isConfidential: z.boolean(),
    isEmergency: z.boolean(),
    version: z.number(),
    filedAt: dated,
    changedAt: dated,
    dueAt: dated.nullable(),
    warnAt: dated.nullable(),
    people: z.number().meta({ description: 'How many told of it, those who joined included' }),
    light: z.enum(LIGHTS),
    signDueAt: dated.nullable().meta({ description: 'Until when it is to be signed for; null once it is' }),
  })
  .meta({ id: 'CaseRow' })

/** A row on the wire: instants leave as ISO 8601. */
export function presentRow(row: CaseRow): z.output<typeof caseRowSchema> {
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    ...row,
    filedAt: row.filedAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
    dueAt: iso(row.dueAt),
    warnAt: iso(row.warnAt),
    signDueAt: iso(row.signDueAt),
  }
}

/** One case at the desk, as `showCase` gives it. What is not named here goes through as it is. */
export interface CaseView {
  case: object
  card: CaseCard
  history: object[]
  reasons: object | object[]
  actions: readonly unknown[]
  person: object | null
}

const named = z.object({ id: z.string(), name: z.string(), confidence: z.number() })
const proposed = z.looseObject({ department: z.string(), name: z.string(), reason: z.string() })

export const caseViewSchema = z
  .looseObject({
    case: z
      .looseObject({})
      .meta({ description: 'The fold of its events; `version` is what a change must name' }),
    card: caseCardSchema,
    files: z
      .array(z.string())
      .optional()
      .meta({ description: 'Photos and papers that were sent about it, by name' }),
    clocks: z
      .array(
        z.looseObject({
          kind: z.string(),
          name: z.string(),
          startedAt: dated,
          dueAt: dated,
          stoppedAt: dated.nullable(),
          isPaused: z.boolean(),
          light: z.enum(LIGHTS),
          outcome: z.enum(CLOCK_OUTCOMES).nullable().meta({ description: 'How it ended' }),
        }),
      )
      .optional(),
    history: z.array(
      z.looseObject({
        type: z.string(),
        at: z.unknown().meta({ type: 'string', format: 'date-time' }),
      }),
    ),
    reasons: z
      .looseObject({
        lead: z.string(),
        isByPerson: z.boolean().meta({ description: 'A person chose the department' }),
        proposed: proposed.nullable(),
        candidates: z.array(proposed),
        subjects: z.array(named),
        evidence: z.array(z.object({ feature: z.string(), weight: z.number() })),
      })
      .partial()
      .meta({ description: 'Why this department, and what else it could be' }),
    actions: z.array(z.string()).meta({ description: 'What this account may do now' }),
    person: z
      .looseObject({
        name: z.string().nullable(),
        phone: z.string().nullable(),
        channel: z.string(),
        isMasked: z.boolean(),
        relay: z.string().nullable().meta({
          description: 'Of a protected reporter: the number to reach them through, and nothing else',
        }),
      })
      .partial()
      .nullable()
      .meta({ description: 'Masked unless asked for' }),
  })
  .meta({ id: 'CaseView' })

/** What the forms of the desk choose from. */
export const referenceSchema = z
  .object({
    departments: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        duties: z.array(z.object({ clause: z.string(), text: z.string() })),
      }),
    ),
    subjects: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .meta({ id: 'DeskReference' })
export type DeskReference = z.output<typeof referenceSchema>

export const short = z.string().min(1).max(100)
/** Another role to look from, for accounts that may stand in for it. */
export const standingQuery = z.object({ role: z.enum(DESK_ROLES).optional(), department: short.optional() })

/** Actions of the workflow that a desk may take. */
const OFFERED = (Object.keys(workflow) as Action[]).filter(action => workflow[action].isOffered)

const transferInput = z.object({ lead: short, coHandlers: z.array(short).default([]) })
/** Where the line fills in the rest of what the workflow needs. */
const SHORTER: Partial<Record<Action, z.ZodType>> = {
  dispatch: transferInput,
  arbitrate: transferInput,
  split: z.object({ text: z.string(), subject: z.string().optional() }),
  'pass-step': z.object({ step: z.int().min(0).optional(), text: z.string().nullable().optional() }),
  'decide-application': z.object({ outcome: z.enum(OUTCOMES), text: z.string() }),
}

function inputOf(action: Action): z.ZodType {
  return SHORTER[action] ?? workflow[action].needs
}

function jsonSchemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

export const actionBody = z
  .object({
    action: short.meta({ enum: OFFERED }),
    input: z
      .record(z.string(), z.unknown())
      .default({})
      .meta({
        description: 'What the action needs; each alternative is titled with its action',
        anyOf: OFFERED.map(action => ({ title: action, ...jsonSchemaOf(inputOf(action)) })),
      }),
    reason: z.string().trim().max(4000).nullable().default(null),
    expectedVersion: z.number().int().min(1).meta({ description: 'Version of the case that was decided on' }),
    /** For accounts that may stand in for another role. */
    as: z.object({ role: z.enum(DESK_ROLES), department: short.nullable().default(null) }).optional(),
  })
  .meta({ id: 'CaseAction' })
export type DeskAction = z.infer<typeof actionBody>

export const loginBody = z.object({ login: short, password: z.string().min(1).max(200) })

/** Somebody was faster, or the case is not in a state for it. */
export const conflictBody = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z
        .looseObject({
          version: z.number().optional().meta({ description: 'The current one' }),
          state: z.string().optional(),
          changes: z
            .array(z.object({ type: z.string(), at: dated, role: z.enum(ROLES) }))
            .optional()
            .meta({ description: 'Events since the version that was decided on, oldest first' }),
        })
        .optional(),
    }),
  })
  .meta({ id: 'Conflict' })
