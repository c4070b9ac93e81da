import type { DeskRoutes } from './adapters/http/desk-scope.ts'
import { addHallRoutes, type HallParts } from './adapters/http/hall-routes.ts'
import { hallWindowRoutes } from './adapters/http/hall-window-routes.ts'
import { showBuses } from './usecases/bus-news.ts'
import { readHall } from './usecases/hall-now.ts'
import type { Line } from './usecases/line.ts'
import { leaveHall, returnToQueue, showNumber, viewNumber } from './usecases/own-number.ts'
import { showGroupPlan, showHall, showScreen } from './usecases/show-hall.ts'
import { takeNumber } from './usecases/take-number.ts'
import { actAtWindow, callNext, closeWindow, openWindow, showWindows } from './usecases/work-at-window.ts'

/** The hall's interface for residents' pages with its use cases bound. */
export function hallRoutes(
  line: Line,
  outside: Pick<HallParts, 'limiter' | 'publicUrl'>,
): (app: Parameters<typeof addHallRoutes>[0]) => void {
  return app =>
    addHallRoutes(app, {
      ...outside,
      bus: line.bus,
      hall: locale => showHall(line, locale),
      screen: locale => showScreen(line, locale),
      plan: (group, locale) => showGroupPlan(line, group, locale),
      async take({ by, ...wanted }, locale) {
        const ticket = await takeNumber(line, { ...wanted, takenBy: by, conversationId: null })
        return viewNumber(line, await readHall(line), ticket, locale)
      },
      buses: () => showBuses(line),
      number: (code, locale) => showNumber(line, code, locale),
      async act(code, action, locale) {
        await (action === 'rejoin' ? returnToQueue(line, code) : leaveHall(line, code))
        return showNumber(line, code, locale)
      },
    })
}

/** The windows' interface at the desk. */
export function windowRoutes(line: Line): DeskRoutes {
  return hallWindowRoutes({
    show: (account, locale) => showWindows(line, account, locale),
    open: (account, window) => openWindow(line, account, window),
    close: (account, window) => closeWindow(line, account, window),
    next: (account, window) => callNext(line, account, window),
    act: (account, action) => actAtWindow(line, account, action),
  })
}
