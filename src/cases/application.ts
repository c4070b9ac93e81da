import { z } from 'zod'
import { LIMIT_UNITS, type Limit, limitSchema } from '../clocks/limit.ts'

/** A limit as content writes it, or as it is stored. */
const limit = limitSchema.or(z.object({ amount: z.int().min(1).max(9999), unit: z.enum(LIMIT_UNITS) }))

const id = z.string().min(1).max(120)

/** One step of an approval, with whoever is responsible for it; taken from the item when it is applied for, so that later content changes nothing. */
const applicationStep = z.object({
  /** What is done: `accept`, `review`, `visit`, `decide`, `issue` … */
  act: id,
  name: z.string().min(1),
  department: id,
  /** Post that is responsible. */
  post: id,
  limit,
})
export type ApplicationStep = z.infer<typeof applicationStep>

/** What somebody applied for (办件): the item as it was then, their situation and what they handed in. */
export const applicationSchema = z.object({
  item: id,
  itemName: z.string().min(1),
  applicant: z.enum(['person', 'enterprise']),
  /** Situation: question id → choice id. */
  answers: z.record(z.string(), z.string()),
  documents: z.array(
    z.object({
      document: id,
      /** Ids of uploads. */
      attachments: z.array(z.string()),
      /** Left out since the line's own data have it, or on a signed promise. */
      exempt: z.enum(['sharing', 'promise']).nullable(),
    }),
  ),
  /** Numbers by which an authority may be limited: measure id → amount. */
  amounts: z.record(z.string(), z.number()),
  steps: z.array(applicationStep).min(1),
  /** Promised to the applicant for all steps together. */
  promised: limit,
})
export type Application = z.infer<typeof applicationSchema>

export const OUTCOMES = ['approved', 'refused'] as const

const text = z.string().trim().min(1).max(4000)

/** What the actions of an approval need to be told. */
export const approvalInputs = {
  /** `basis`: of the authority by which the post may do it, filled in by the line. */
  step: z.object({
    step: z.int().min(0),
    post: id,
    basis: z.string().default(''),
    text: text.nullable().default(null),
  }),
  decision: z.object({
    outcome: z.enum(OUTCOMES),
    post: id,
    basis: z.string().default(''),
    /** Why, told to the applicant. */
    text,
  }),
  conclusion: z.object({
    outcome: z.enum(OUTCOMES),
    text,
    /** Number of the certificate or notice that was made. */
    certificate: z.string().min(1),
    /** Local date until which it is valid, inclusive; null: it has no end. */
    validUntil: z.iso.date().nullable().default(null),
  }),
} as const

export interface StepPassed {
  step: number
  post: string
  by: string
  text: string | null
  at: Date
}

export interface Decision {
  outcome: (typeof OUTCOMES)[number]
  text: string
  post: string
  by: string
  at: Date
}

export type Conclusion = z.infer<typeof approvalInputs.conclusion> & { at: Date }

/** What a case that is an application knows besides. */
export interface Approval {
  application: Application | null
  stepsPassed: StepPassed[]
  decision: Decision | null
  conclusion: Conclusion | null
}

/** The step that is to be done now; null when all are done, it was refused, or the case is no application. */
export function currentStep({
  application,
  stepsPassed,
  decision,
}: Pick<Approval, 'application' | 'stepsPassed' | 'decision'>): (ApplicationStep & { index: number }) | null {
  if (!application || decision?.outcome === 'refused') return null
  const index = stepsPassed.length
  const step = application.steps[index]
  return step ? { ...step, index } : null
}

/** Departments that have a step in it. */
export function departmentsOfSteps({ application }: Pick<Approval, 'application'>): string[] {
  return [...new Set(application?.steps.map(({ department }) => department) ?? [])]
}

/** Is nothing left to do but to tell the applicant? */
export function isToBeConcluded(current: Approval): boolean {
  const { application, decision, conclusion } = current
  return application !== null && conclusion === null && decision !== null && currentStep(current) === null
}

/** What is left of an approval when it is looked at anew: all that came before the decision stands. */
export function approvalAnew({
  application,
  stepsPassed,
}: Pick<Approval, 'application' | 'stepsPassed'>): Partial<Approval> {
  if (!application) return {}
  const decided = application.steps.findIndex(({ act }) => act === 'decide')
  return { decision: null, conclusion: null, stepsPassed: stepsPassed.slice(0, Math.max(0, decided)) }
}

/** The limit of an application's steps together; null for cases that are none. */
export function promisedLimit({ application }: Pick<Approval, 'application'>): Limit | null {
  return application?.promised ?? null
}
