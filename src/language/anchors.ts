import type { Normalised } from './normalise.ts'
import { mayHoldHomes } from './slots/place-words.ts'
import type { SaidPlace, Span } from './understanding.ts'

/** By what a stretch of a text says where it is. */
export interface Anchors {
  /** Each spot once: a named place, or a sphere of the writer's own. */
  spots: string[]
  /** Spheres of the writer's own: `home` of 我家, `work` of 我们单位. Whoever is to go there does not know where they are. */
  own: Sphere[]
  /** Somebody may live at a place that is named. */
  isHome: boolean
  /** Where it is stands first. */
  isLed: boolean
}

/** What the writer calls their own. */
export type Sphere = 'home' | 'work' | 'school' | 'route'

const SPHERES: Record<Sphere, RegExp> = {
  home: /(?:我|俺|咱|我们|咱们|俺们)(?:家(?!长|属|乡|具|孩子|老公|老婆)|屋|小区|这?楼|单元|院子?|村|屯)|家里|家中|\bmy (?:home|flat|apartment|house|building|place)\b|\bat home\b/iu,
  work: /(?:我|俺|咱|我们|咱们|俺们|本)(?:老公|老婆|爱人|对象|的)?(?:单位|公司|厂|老板)|(?<![\u4e00-\u9fff])(?:单位|老板|厂里|厂子)|\bmy (?:employer|boss|company|job)\b/iu,
  school: /(?:我|俺|咱|我们|咱们|俺们)(?:孩子|儿子|女儿|闺女)?(?:的)?(?:学校|幼儿园|班)|孩子(?:的)?学校/u,
  route: /(?<!\d)\d{1,3}路(?:公交|车|线)|\bbus \d{1,3}\b|\b(?:the )?\d{1,3} bus\b/iu,
}
/** Beside the place these say nothing. */
const GLUE =
  /[\s\p{P}]|尊敬的|领导|您好|你好|业主|居民|村民|住户|家长|一[名个]|我们?|家|住在?|在|是|的|就|位于|地址|地点|那边|这边|那里|这里|里|上|下|处|at|in|on|near|the/giu
const BEFORE_PLACE =
  /^(?:(?:and|also|besides|in|at|on|the)\b|另外|还有|再有|对了|同时|也|在|到|从|我|是|的|第?[一二三四五六\d]+[是、.,)]|[,，、。;；:：\s])*$/iu
const ENDS_CLAUSE = /[,，。;；!！?？\n]/u

/** Tells of any stretch of one text where it says to be. */
export interface AnchorFinder {
  anchorsIn(span: Span): Anchors
  /** Is nothing but a place said? Then it belongs to what follows. */
  isBare(span: Span): boolean
}

/** For one text and the places found in it. */
export function createAnchorFinder(normalised: Normalised, places: readonly SaidPlace[]): AnchorFinder {
  const text = normalised.original
  const inside = (span: Span) => places.filter(place => place.start >= span.start && place.end <= span.end)
  return {
    anchorsIn: span => {
      const original = normalised.toOriginal(span)
      const own = inside(original)
      const words = normalised.text.slice(span.start, span.end)
      const spheres = spheresIn(words)
      const before = own[0] ? text.slice(original.start, own[0].start) : words.slice(0, sphereAt(words))
      return {
        spots: [...new Set([...own.map(nameOf), ...spheres])],
        own: spheres,
        isHome: own.some(mayHoldHomes),
        isLed: BEFORE_PLACE.test(before),
      }
    },
    isBare: span => {
      if (places.length === 0) return false
      const original = normalised.toOriginal(span)
      const own = inside(original)
      return own.length > 0 && isNothing(wordsBeside(text, original, own))
    },
  }
}

/** What is left of a stretch without its places. */
function wordsBeside(text: string, { start, end }: Span, places: readonly Span[]): string {
  let at = start
  const pieces = places.map(place => {
    const piece = text.slice(at, place.start)
    at = Math.max(at, place.end)
    return piece
  })
  return pieces.join('') + text.slice(at, end)
}

/** The spheres of their own that a stretch names. */
function spheresIn(words: string): Sphere[] {
  return (Object.keys(SPHERES) as Sphere[]).filter(sphere => SPHERES[sphere].test(words))
}

/** Where the first of them stands; far away when there is none. */
function sphereAt(words: string): number {
  const at = Object.values(SPHERES).map(sphere => words.search(sphere))
  return Math.min(...at.map(index => (index < 0 ? words.length : index)))
}

/** Do both say where, and each somewhere else? 我家 may well be in the compound that is named. */
export function areApart(one: Anchors, other: Anchors): boolean {
  if ((one.isHome && other.own.includes('home')) || (other.isHome && one.own.includes('home'))) return false
  return (
    one.spots.length > 0 && other.spots.length > 0 && other.spots.every(spot => !one.spots.includes(spot))
  )
}

/**
 * The places of a matter that names none: those that are told alone ("我家在…", "锦绣花园的业主") or, where only one of the matters before
 * it names any, those. None where it is in another sphere than they: 我们单位 is not in the compound of which was spoken before.
 */
export function placesFor(
  words: string,
  { before, alone }: { before: readonly SaidPlace[][]; alone: readonly SaidPlace[] },
): SaidPlace[] {
  const spheres = spheresIn(words)
  if (spheres.some(sphere => sphere !== 'home')) return []
  const told = before.filter(places => places.length > 0)
  const places = alone.length > 0 ? [...alone] : told.length === 1 ? told[0]! : []
  return spheres.includes('home') && !places.some(mayHoldHomes) ? [] : places
}

/** Is nothing else said in the place's clause? */
export function isToldAlone(text: string, place: Span): boolean {
  let { start, end } = place
  while (start > 0 && !ENDS_CLAUSE.test(text[start - 1]!)) start--
  while (end < text.length && !ENDS_CLAUSE.test(text[end]!)) end++
  return isNothing(wordsBeside(text, { start, end }, [place]))
}

function nameOf({ spot, landmark, road, community, street, detail, text }: SaidPlace): string {
  if (spot) return [spot.key, spot.building].filter(Boolean).join('#')
  return landmark ?? road ?? community ?? street?.name ?? detail ?? text
}

function isNothing(words: string): boolean {
  return words.replace(GLUE, '') === ''
}
