import type { HallPlan, HallView, ScreenView } from '../hall/told-hall.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { groupName, isHallOpen, readHall } from './hall-now.ts'
import { hallPlan } from './hall-plan.ts'
import type { Line } from './line.ts'

export async function showHall(line: Line, locale: Locale): Promise<HallView> {
  const { hall } = line.content
  const { board } = await readHall(line)
  return {
    name: line.names.text({ zh: hall.name, en: hall.en }, locale),
    isOpen: isHallOpen(line),
    hours: hall.hours,
    groups: hall.groups.map(({ id }) => ({
      id,
      name: groupName(line, id, locale),
      waiting: board.waitingFor(id),
      wait: board.standingOfNew(id).wait,
      windows: hall.windows.filter(({ groups }) => groups.includes(id)).map(window => window.id),
    })),
  }
}

/** Where a group is served. @throws AppError `hall-group-not-found` */
export function showGroupPlan(line: Line, group: string, locale: Locale): HallPlan {
  const windows = line.content.hall.windows.filter(({ groups }) => groups.includes(group))
  if (windows.length === 0) throw new AppError('hall-group-not-found')
  return hallPlan(
    line,
    windows.map(({ id }) => id),
    locale,
  )
}

const MOST_CALLS = 6
const MOST_NEXT = 3

export async function showScreen(line: Line, locale: Locale): Promise<ScreenView> {
  const { hall } = line.content
  const { tickets, board } = await readHall(line)
  const called = tickets.filter(({ state }) => state === 'called' || state === 'serving')
  const newest = called.toSorted((a, b) => b.calledAt!.getTime() - a.calledAt!.getTime())
  return {
    name: line.names.text({ zh: hall.name, en: hall.en }, locale),
    calls: newest.slice(0, MOST_CALLS).map(({ label, window, calls, calledAt }) => ({
      label,
      window: window!,
      calls,
      at: calledAt!.toISOString(),
    })),
    next: hall.groups.map(({ id }) => ({
      group: groupName(line, id, locale),
      labels: board.nextOf(id, MOST_NEXT).map(next => tickets.find(each => each.id === next)!.label),
      waiting: board.waitingFor(id),
    })),
  }
}
