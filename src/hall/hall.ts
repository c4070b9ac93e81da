import { z } from 'zod'

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case kebab')
const text = z.string().trim().min(1)
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 08:30')
const span = z.strictObject({ from: clockTime, to: clockTime })
const unit = z.int().min(0).max(2000)
const point = z.tuple([unit, unit])
const rectangle = { x: unit, y: unit, width: unit.min(1), height: unit.min(1) }
const minutes = z.int().min(0).max(240)

/** What is drawn on a floor besides its windows. */
export const SHAPES = ['room', 'seats', 'machine', 'lift', 'stairs', 'toilet', 'desk'] as const

const groupSchema = z.strictObject({
  id,
  name: text,
  en: text,
  /** Begins every number of the group: A012. */
  prefix: z.string().regex(/^[A-Z]$/, 'must be one capital letter'),
  /** What one person usually takes; the day teaches better. */
  usualMinutes: z.number().positive().max(240),
  /** Words by which people ask for it; its name counts too. */
  words: z.array(text).default([]),
})

const windowSchema = z.strictObject({
  /** As it stands over the window: `3`. */
  id: z.string().regex(/^[0-9]{1,3}$/, 'must be the number over the window'),
  /** Its place in `catalogue.yaml`. */
  place: id,
  groups: z.array(id).min(1),
  floor: id,
  at: z.strictObject(rectangle),
  /** Where one stands in front of it: the way from the entrance ends here. */
  front: point,
  /** The corners of the way between the entrance and the front. */
  way: z.array(point).default([]),
  /** When nobody is at it though it is open, e.g. at noon. */
  breaks: z.array(span).default([]),
})

const floorSchema = z.strictObject({
  id,
  name: text,
  en: text,
  width: unit.min(100),
  height: unit.min(100),
  /** Where one comes in: the door, or on other floors the lift. */
  entrance: point,
  shapes: z.array(
    z.strictObject({ is: z.enum(SHAPES), ...rectangle, name: text.optional(), en: text.optional() }),
  ),
})

/** `hall.yaml`: one service hall, its windows, who they serve, and how it looks. */
export const hallSchema = z.strictObject({
  name: text,
  en: text,
  /** Where it stands (WGS-84), and how far one walks from a bus stop. */
  where: z.strictObject({
    at: z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]),
    walkMetres: z.int().min(50).max(3000),
  }),
  /** Numbers are given between these times of working days. */
  hours: span,
  /** People are told when so many are before them, or fewer. */
  nearlyBefore: z.int().min(1).max(20),
  recall: z.strictObject({
    /** Called so often, a number may be passed over. */
    calls: z.int().min(1).max(5),
    /** Who missed their turn may come back for so long. */
    returnMinutes: minutes,
  }),
  /** So many minutes somebody is served as if their number had been taken earlier. */
  credits: z.strictObject({
    elderly: minutes,
    transferred: minutes,
    returned: minutes,
    appointment: minutes,
  }),
  /** What calling somebody who does not come costs. */
  absentMinutes: z.number().positive().max(10),
  groups: z.array(groupSchema).min(1),
  windows: z.array(windowSchema).min(1),
  floors: z.array(floorSchema).min(1),
})
export type Hall = z.output<typeof hallSchema>
export type HallGroup = z.output<typeof groupSchema>
export type HallWindow = z.output<typeof windowSchema>
export type HallFloor = z.output<typeof floorSchema>

/** The group that a person's words name: the one with the longest word in them; undefined when none is named. */
export function groupOfWords({ groups }: Pick<Hall, 'groups'>, said: string): HallGroup | undefined {
  const heard = said.toLowerCase()
  const named = groups.map(group => {
    const words = [group.name, group.en, ...group.words].filter(word => heard.includes(word.toLowerCase()))
    return { group, length: Math.max(0, ...words.map(word => word.length)) }
  })
  const best = named.reduce((one, other) => (other.length > one.length ? other : one))
  return best.length > 0 ? best.group : undefined
}

/** The way that is drawn from the entrance to a window: corners, in the floor's own units. */
export function wayTo(
  { floors }: Pick<Hall, 'floors'>,
  { floor, way, front }: HallWindow,
): [number, number][] {
  return [floors.find(({ id: each }) => each === floor)!.entrance, ...way, front]
}
