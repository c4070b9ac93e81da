import type { Locale } from '../language/understanding.ts'
import { type BookingView, itemName, placeView } from './booking-view.ts'
import { deskFor, desksOf, type FreeDay, freeTimes } from './free-times.ts'
import type { Line } from './line.ts'

/** When one can come for an item: the windows that do it by appointment, and the days of one of them. */
export interface ItemTimes {
  item: BookingView['item']
  places: BookingView['place'][]
  /** Id of the window whose days these are. */
  place: string
  days: FreeDay[]
}

/** @throws AppError `guide-not-found`, `booking-elsewhere` when it is not done there by appointment */
export async function itemTimes(
  line: Line,
  itemId: string,
  place: string | null,
  locale: Locale,
): Promise<ItemTimes> {
  const { item, desk } = deskFor(line, itemId, place)
  return {
    item: { id: item.id, name: itemName(line, item.id, locale) },
    places: desksOf(line, item).map(each => placeView(line, each.place, locale)),
    place: desk.place,
    days: await freeTimes(line, desk),
  }
}
