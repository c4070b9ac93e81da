import { z } from 'zod'
import { ITEM_KINDS, type Item, STEP_ACTS, type StepAct } from './item.ts'

const text = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case kebab')

const grant = z.strictObject({
  department: id,
  post: id,
  acts: z.array(z.enum(STEP_ACTS)).min(1),
  /** Which items: by id, by kind, or `all` of the department's own. One of the three. */
  items: z.union([z.literal('all'), z.array(id).min(1)]).optional(),
  kinds: z.array(z.enum(ITEM_KINDS)).min(1).optional(),
  /** Up to and including these numbers of the application; measures that it does not name are not limited. */
  upTo: z.record(id, z.number().positive()).default({}),
  basis: text,
})
export type Grant = z.infer<typeof grant>

/** `authority.yaml`: who may do what with which item, up to what. What is not given here is nobody's (无权不批). */
export const authoritySchema = z.strictObject({
  version: text,
  posts: z.array(z.strictObject({ id, name: text, en: text })).min(1),
  grants: z
    .array(grant.refine(each => (each.items === undefined) !== (each.kinds === undefined), 'items or kinds'))
    .min(1),
})
export type Authority = z.infer<typeof authoritySchema>

/** Who wants to do what. */
export interface ActOnItem {
  department: string
  post: string
  act: StepAct
  item: Pick<Item, 'id' | 'kind' | 'department'>
  /** Measured numbers of the application: measure id → amount, in the measure's unit. */
  amounts?: Readonly<Record<string, number>>
}

/** Allowed, by which grant; or not: nothing is given (`no-grant`), or less than this (`beyond`: which measure, how much). */
export type Authorised =
  | { isAllowed: true; grant: Grant }
  | { isAllowed: false; because: 'no-grant' }
  | { isAllowed: false; because: 'beyond'; measure: string; upTo: number }

/**
 * Whether a post may do this step of this item (有权审批、无权不批).
 * An amount that a limit asks for and that is not known counts as beyond it.
 */
export function authorise(authority: Authority, wanted: ActOnItem): Authorised {
  const given = authority.grants.filter(each => isGiven(each, wanted))
  let beyond: Authorised = { isAllowed: false, because: 'no-grant' }
  for (const each of given) {
    const over = Object.entries(each.upTo).find(
      ([measure, upTo]) => (wanted.amounts?.[measure] ?? Number.POSITIVE_INFINITY) > upTo,
    )
    if (!over) return { isAllowed: true, grant: each }
    beyond = { isAllowed: false, because: 'beyond', measure: over[0], upTo: over[1] }
  }
  return beyond
}

/** The posts that may do it, in the order of the list: whom to ask where one has no authority. */
export function whoMay(
  authority: Authority,
  wanted: Omit<ActOnItem, 'department' | 'post'>,
): { department: string; post: string }[] {
  const all = authority.grants.map(({ department, post }) => ({ department, post }))
  const unique = all.filter(
    (each, i) =>
      all.findIndex(other => `${other.department}/${other.post}` === `${each.department}/${each.post}`) === i,
  )
  return unique.filter(each => authorise(authority, { ...wanted, ...each }).isAllowed)
}

function isGiven(each: Grant, { department, post, act, item }: ActOnItem): boolean {
  if (each.department !== department || each.post !== post || !each.acts.includes(act)) return false
  // By kind or as a whole only its own; another department's item must be named.
  if (each.kinds) return item.department === department && each.kinds.includes(item.kind)
  return each.items === 'all' ? item.department === department : each.items!.includes(item.id)
}
