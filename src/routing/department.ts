import { z } from 'zod'

const name = z.string().min(1)

/** One duty of a department, cited by its clause in reasons and in returns. */
const duty = z.strictObject({
  clause: z.string().regex(/^[A-Z]{1,6}-\d{1,3}$/, 'a clause looks like ZJ-01'),
  text: name,
  en: name,
  /** Subject ids or prefixes. */
  subjects: z.array(z.string().min(1)),
})
export type Duty = z.infer<typeof duty>

const department = z.strictObject({
  id: z.string().min(1),
  name,
  short: name,
  en: name,
  kind: z.enum(['bureau', 'street', 'utility', 'centre']),
  phone: name,
  /** Street ids; empty: the whole district. */
  areas: z.array(z.string()).default([]),
  /** Receives reports itself and sees who told; others work a confidential matter without knowing. */
  confidential: z.boolean().default(false),
  duties: z.array(duty).min(1),
})
export type Department = z.infer<typeof department>

/** `departments.yaml`. */
export const departmentsSchema = z.strictObject({ departments: z.array(department).min(1) })

const reason = z.strictObject({ zh: name, en: name })

const rule = z.strictObject({
  id: z.string().min(1),
  when: z.strictObject({
    subject: z.array(z.string().min(1)).optional(),
    type: z.array(z.string().min(1)).optional(),
    place: z.boolean().optional(),
    confidential: z.boolean().optional(),
    /** One of these stands in the caller's words; without capitals, in simplified and traditional letters. */
    words: z.array(z.string().min(1).toLowerCase()).min(1).optional(),
  }),
  /** A department's id, or the street in whose area the place lies. */
  lead: z.string().min(1),
  coHandlers: z.array(z.string().min(1)).default([]),
  reason,
})
export type RoutingRule = z.infer<typeof rule>

/** `routing.yaml`: explicit rules, first match wins, before the plain match of duties. */
export const routingSchema = z.strictObject({
  dutyDesk: z.string().min(1),
  /** Who gets a matter of danger, by the service that answers for it. */
  services: z.strictObject({ police: name, fire: name, medical: name, gas: name, traffic: name }),
  rules: z.array(rule),
})
export type RoutingRules = z.infer<typeof routingSchema>

/** The value of `lead` that stands for the street of the place. */
export const STREET_OF_PLACE = 'street-of-place'
