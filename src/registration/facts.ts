import { z } from 'zod'

const short = z.string().trim().max(60)
const date = z.union([z.iso.date(), z.literal('')])
/** Stands for one person inside a draft. */
const personId = z.string().regex(/^p\d{1,3}$/)
const someone = z.union([personId, z.literal('')])
/** Money is whole 分: a share of a company is never rounded. At most a hundred billion yuan. */
const fen = z.int().min(0).max(10_000_000_000_000)

/** What stands on an identity card, and a number to call. */
export const personSchema = z.strictObject({
  id: personId,
  name: short.default(''),
  idNumber: z.string().trim().max(20).default(''),
  address: z.string().trim().max(120).default(''),
  /** Last day on which the card is good; empty: not typed; `long`: 长期. */
  validUntil: z.union([date, z.literal('long')]).default(''),
  phone: z.string().trim().max(20).default(''),
})

/** Who puts in how much by when. */
export const shareSchema = z.strictObject({
  person: personId,
  fen,
  by: date.default(''),
  /** 出资方式: money, or something that is worth money (a patent, a machine). */
  way: z.enum(['money', 'other']).default('money'),
})

export const ROLES = [
  'legalRepresentative',
  'director',
  'manager',
  'supervisor',
  'finance',
  'contact',
] as const
export type Role = (typeof ROLES)[number]

/** A drawn signature and what was signed: when that changes, it holds no longer. */
export const signatureSchema = z.strictObject({
  /** PNG in base64, without a prefix. */
  png: z
    .string()
    .max(80_000)
    .regex(/^iVBORw0KGgo[A-Za-z0-9+/]+=*$/),
  /** Version of the facts that was on the screen. */
  of: z.string().max(64),
})

/** Everything that a person says once to found a limited company; what is empty is not yet said. */
export const draftSchema = z.strictObject({
  people: z.array(personSchema).max(60).default([]),
  /** 字号. */
  tradeName: short.default(''),
  /** 行业或者经营特点 in the name. */
  industry: short.default(''),
  form: z.enum(['有限公司', '有限责任公司']).default('有限公司'),
  /** Ids of entries of the business scope, the main one first. */
  scope: z.array(z.string().max(40)).max(30).default([]),
  /** Entry → number of the permit, of those that need one before registration. */
  permits: z.record(z.string().max(40), short).default({}),
  capitalFen: fen.default(0),
  shares: z.array(shareSchema).max(60).default([]),
  roles: z.record(z.enum(ROLES), someone).default({
    legalRepresentative: '',
    director: '',
    manager: '',
    supervisor: '',
    finance: '',
    contact: '',
  }),
  /** All shareholders agree that there is no supervisor (公司法 2023, article 83). */
  hasNoSupervisor: z.boolean().default(false),
  address: z
    .strictObject({
      /** Id of a street of the district. */
      street: z.string().max(40).default(''),
      detail: z.string().trim().max(80).default(''),
      right: z.enum(['own', 'rented', 'lent', '']).default(''),
    })
    .default({ street: '', detail: '', right: '' }),
  signatures: z.record(personId, signatureSchema).default({}),
})

export type Draft = z.infer<typeof draftSchema>
export type Holder = z.infer<typeof personSchema>

/** The person behind an id of a draft. */
export function personOf({ people }: Pick<Draft, 'people'>, id: string): Holder | undefined {
  return people.find(person => person.id === id)
}

/** Those who put in something, in the order of the draft. */
export function shareholdersOf(draft: Draft): { share: Draft['shares'][number]; person: Holder }[] {
  return draft.shares.flatMap(share => {
    const person = personOf(draft, share.person)
    return person ? [{ share, person }] : []
  })
}
