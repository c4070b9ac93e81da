import { z } from 'zod'
import { AWAITED } from '../../cases/awaited.ts'
import { REQUEST_TYPES, SUPERVISION_LEVELS } from '../../cases/case-inputs.ts'
import { STATES } from '../../cases/case-state.ts'
import { GRADES } from '../../clocks/service-levels.ts'
import type { DeskFilter, ListPage } from '../../usecases/desk-filter.ts'
import { LIGHTS, short } from './desk-schemas.ts'

/** What comes as one text in an address, or as a list in a body. */
const list = <Item extends z.ZodType<string, string>>(item: Item, longest: number) =>
  z
    .union([
      z
        .string()
        .max(longest)
        .transform(text => text.split(',').filter(Boolean)),
      z.array(short),
    ])
    .pipe(z.array(item))

const instant = z.iso.datetime({ offset: true }).transform(text => new Date(text))
/** Who has a returned case when nobody has ruled. */
const NOBODY = 'nobody'

const filter = {
  states: list(z.enum(STATES), 400)
    .optional()
    .meta({ description: `Comma-separated: ${STATES.join(', ')}` }),
  isOpen: z.literal('true').optional().meta({ description: 'Not over yet' }),
  department: short.optional(),
  subjectPrefix: short.optional(),
  grade: z.enum(GRADES).optional(),
  peopleAtLeast: z.coerce.number().int().min(1).max(10_000).optional(),
  type: z.enum(REQUEST_TYPES).optional(),
  channel: short.optional(),
  street: short.optional().meta({ description: 'A street’s id; nothing confidential is found by its place' }),
  community: short.optional().meta({ description: 'A community’s name' }),
  ids: list(z.string().min(1).max(120), 8000).optional().meta({ description: 'Comma-separated' }),
  light: z.enum(LIGHTS).optional().meta({ description: 'Now: red is overdue, yellow is warned' }),
  lightOf: z.enum(['promise', 'next']).optional().meta({
    description: 'Of the promise that runs (default), or of what is due first of it and the signing',
  }),
  isReworked: z
    .enum(['true', 'false'])
    .transform(text => text === 'true')
    .optional()
    .meta({ description: 'Has it come back because it was not done?' }),
  filedSince: instant.optional(),
  dueFrom: instant.optional(),
  dueBefore: instant.optional(),
  reviewBefore: instant.optional().meta({ description: 'Suspended until a review before this instant' }),
  awaits: z
    .enum(AWAITED)
    .optional()
    .meta({ description: 'What somebody is to decide, or to say about an order' }),
  doubtfulSince: instant.optional().meta({ description: 'Something spoke against the latest reply since' }),
  order: z
    .enum([...SUPERVISION_LEVELS, 'any'])
    .optional()
    .meta({ description: 'Under an order of this level' }),
  orderIs: z.enum(['answered', 'unanswered', 'late']).optional(),
  returnedBy: short.optional().meta({ description: 'With `returnedSince`: returned by this department' }),
  passedTo: short
    .optional()
    .meta({ description: `… and then given to this one, the same one, or \`${NOBODY}\`` }),
  returnedSince: instant.optional(),
  sort: z.enum(['due', 'next', 'newest']).default('due'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
}

const isPassWhole = (query: { returnedBy?: unknown; passedTo?: unknown; returnedSince?: unknown }) =>
  new Set([query.returnedBy, query.passedTo, query.returnedSince].map(each => each === undefined)).size === 1
const wholePass = { path: ['returnedBy'], error: 'goes with `passedTo` and `returnedSince`' }
const isOrderNamed = ({ order, orderIs }: { order?: unknown; orderIs?: unknown }) =>
  orderIs === undefined || order !== undefined
const namedOrder = { path: ['orderIs'], error: 'goes with `order`' }

/** Filters in the address. Search words are not among them: people search for phones and names. */
export const listQuery = z.object(filter).refine(isPassWhole, wholePass).refine(isOrderNamed, namedOrder)
/** The same in a body, with words to search for. */
export const searchBody = z
  .object({ ...filter, search: z.string().trim().max(200).optional() })
  .refine(isPassWhole, wholePass)
  .refine(isOrderNamed, namedOrder)

/** Which of the open cases are counted. */
export const countQuery = z
  .object(filter)
  .omit({ sort: true, limit: true, cursor: true })
  .refine(isPassWhole, wholePass)
  .refine(isOrderNamed, namedOrder)

/** What a number of another page opens, as it stands in an address; `place` is its place's name for the reader. */
const narrowing = z.object({
  what: z.string().max(100),
  query: z
    .partialRecord(
      z.enum([...(Object.keys(filter) as (keyof typeof filter)[]), 'place']),
      z.string().max(8000),
    )
    .refine(query => countQuery.safeParse(query).success, 'is no filter of the list'),
})

/** What may be saved under a name: no words, they may be somebody's name, and no page. */
export const savedFilterSchema = z.strictObject({
  states: z.array(z.enum(STATES)).max(STATES.length).optional(),
  lane: z.string().max(40).optional(),
  department: short.optional(),
  subjectPrefix: short.optional(),
  grade: z.enum(GRADES).optional(),
  type: z.enum(REQUEST_TYPES).optional(),
  light: z.enum(LIGHTS).optional(),
  peopleAtLeast: z.number().int().min(1).max(10_000).optional(),
  sort: z.enum(['due', 'next', 'newest']).optional(),
  narrowing: narrowing.optional(),
})

export type DeskQuery = z.infer<typeof searchBody>

/** What the desk means by what it asked. */
export function filterOfQuery(query: DeskQuery): DeskFilter & ListPage {
  const { isOpen, order, orderIs, returnedBy, passedTo, returnedSince, ...rest } = query
  const known = Object.entries(rest).filter(([, value]) => value !== undefined && value !== '')
  return {
    ...(Object.fromEntries(known) as Pick<DeskFilter & ListPage, 'sort' | 'limit'>),
    ...(isOpen ? { isOpen: true } : {}),
    ...(order
      ? { order: { ...(order === 'any' ? {} : { level: order }), ...(orderIs ? { is: orderIs } : {}) } }
      : {}),
    ...(returnedBy && passedTo && returnedSince
      ? { passed: { by: returnedBy, to: passedTo === NOBODY ? null : passedTo, since: returnedSince } }
      : {}),
  }
}

/** The way back: how the list is asked for that a number stands for. */
export function queryOfFilter({ order, passed, ...rest }: DeskFilter): Record<string, string> {
  const plain = Object.entries(rest).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(plain.map(([name, value]) => [name, textOf(value)])),
    ...(order ? { order: order.level ?? 'any', ...(order.is ? { orderIs: order.is } : {}) } : {}),
    ...(passed
      ? { returnedBy: passed.by, passedTo: passed.to ?? NOBODY, returnedSince: passed.since.toISOString() }
      : {}),
  }
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}
