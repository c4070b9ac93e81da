import { localDateOf, localMinuteOf } from '../clocks/working-calendar.ts'
import { HallBoard, minuteOf } from '../hall/hall-board.ts'
import type { Locale } from '../language/understanding.ts'
import type { HallSeat, StoredTicket } from './hall-ports.ts'
import type { Line } from './line.ts'

/** The hall on this day, as stored now. */
export interface HallNow {
  day: string
  board: HallBoard
  tickets: readonly StoredTicket[]
  seats: readonly HallSeat[]
}

export async function readHall({
  store,
  clock,
  content,
}: Pick<Line, 'store' | 'clock' | 'content'>): Promise<HallNow> {
  const now = clock.now()
  const day = localDateOf(now)
  const { tickets, seats } = await store.hall.day(day)
  const openWindows = seats.map(({ window }) => window)
  return { day, tickets, seats, board: new HallBoard(content.hall, { now, tickets, openWindows }) }
}

/** Are numbers given now? On working days, within the hall's hours. */
export function isHallOpen({ content, clock }: Pick<Line, 'content' | 'clock'>): boolean {
  const now = clock.now()
  if (!content.calendar.isWorkingDay(now)) return false
  const minute = minuteOf(localMinuteOf(now).slice(11))
  const { from, to } = content.hall.hours
  return minute >= minuteOf(from) && minute < minuteOf(to)
}

/** What a group is called. */
export function groupName(
  { content, names }: Pick<Line, 'content' | 'names'>,
  id: string,
  locale: Locale,
): string {
  const group = content.hall.groups.find(each => each.id === id)
  return group ? names.text({ zh: group.name, en: group.en }, locale) : id
}
