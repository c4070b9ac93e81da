import { type HallWindow, wayTo } from '../hall/hall.ts'
import type { HallPlan } from '../hall/told-hall.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'

type Parts = Pick<Line, 'content' | 'names'>

/**
 * The floor of a window with the way there; windows on the same floor that are wanted, too, stand out.
 * @throws AppError `hall-window-not-found`
 */
export function hallPlan(line: Parts, wanted: readonly string[], locale: Locale): HallPlan {
  const { hall } = line.content
  const first = hall.windows.find(({ id }) => id === wanted[0])
  if (!first) throw new AppError('hall-window-not-found')
  const floor = hall.floors.find(({ id }) => id === first.floor)!
  return {
    floor: line.names.text({ zh: floor.name, en: floor.en }, locale),
    width: floor.width,
    height: floor.height,
    shapes: floor.shapes.map(({ name, en, ...shape }) => ({
      ...shape,
      name: name ? line.names.text({ zh: name, en: en ?? name }, locale) : '',
    })),
    windows: hall.windows
      .filter(window => window.floor === floor.id)
      .map(({ id, at, place }) => ({
        id,
        ...at,
        name: placeName(line, place, locale),
        isWanted: wanted.includes(id),
      })),
    way: wayTo(hall, first).map(([x, y]) => ({ x, y })),
    text: wayText(line, first, locale),
  }
}

/** `上2楼，出电梯往左，8号窗口。` */
export function wayText({ content, names }: Parts, window: HallWindow, locale: Locale): string {
  const { floors } = content.hall
  const floor = floors.find(({ id }) => id === window.floor)!
  const side = sideOf(window.front[0] - floor.entrance[0], floor.width)
  const from = floor === floors[0] ? 'door' : 'lift'
  return content.texts.of(locale, `hall.way.${from}.${side}`, {
    floor: names.text({ zh: floor.name, en: floor.en }, locale),
    window: window.id,
  })
}

/** Nearer to the middle than this share of the floor's width is straight on. */
const STRAIGHT = 0.08

function sideOf(offset: number, width: number): 'left' | 'right' | 'straight' {
  if (Math.abs(offset) < width * STRAIGHT) return 'straight'
  return offset < 0 ? 'left' : 'right'
}

/** What a window is called: that of its place in the catalogue. */
function placeName({ content, names }: Parts, id: string, locale: Locale): string {
  const place = content.catalogue.places.find(each => each.id === id)
  return place ? names.text({ zh: place.name, en: place.en }, locale) : id
}
