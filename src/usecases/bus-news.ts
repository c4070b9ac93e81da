import type { BusesView } from '../hall/told-hall.ts'
import type { BusNews } from './bus-ports.ts'
import type { Line } from './line.ts'

const MOST_BUSES = 4

/** The next buses near the hall; null where nothing is known of them, also when their feed breaks. */
export async function busNews({ buses, logger }: Pick<Line, 'buses' | 'logger'>): Promise<BusNews | null> {
  try {
    return (await buses?.next(MOST_BUSES)) ?? null
  } catch (error) {
    logger.warn({ err: error }, 'nothing can be said of the buses')
    return null
  }
}

/** The same for the hall's page. */
export async function showBuses(line: Pick<Line, 'buses' | 'logger'>): Promise<BusesView | null> {
  const news = await busNews(line)
  return news && { told: news.told, buses: news.buses.map(bus => ({ ...bus, at: bus.at.toISOString() })) }
}
