import type { BusesView, HallPlan, HallView, NumberView, ScreenView } from '../../hall/told-hall.ts'
import { Refused, requestJson } from '../shared/http.ts'
import { t } from '../shared/texts.ts'

export type { BusesView, HallPlan, HallView, NumberView, ScreenView }

/** A number that was just taken; `qr` is an SVG that leads to its page. */
export type TakenNumber = NumberView & { qr: string }

export const loadHall = () => requestJson<HallView>('/api/hall')
export const loadScreen = () => requestJson<ScreenView>('/api/hall/screen')
export const loadBuses = async () => (await requestJson<{ known: BusesView | null }>('/api/hall/buses')).known
export const loadPlan = (group: string) =>
  requestJson<HallPlan>(`/api/hall/plan/${encodeURIComponent(group)}`)

/** `request` is that of the tap: sent again after a lost connection it gets the same number. */
export const takeNumber = (wanted: {
  group: string
  isElderly: boolean
  by: 'page' | 'kiosk'
  request: string
}) => requestJson<TakenNumber>('/api/hall/numbers', { body: wanted })

export const showNumber = (code: string) => requestJson<NumberView>('/api/hall/number', { body: { code } })
export const actOnNumber = (code: string, action: 'rejoin' | 'leave') =>
  requestJson<NumberView>(`/api/hall/number/${action}`, { body: { code } })

/** What the server says of why not, or that it cannot be reached. */
export function problemText(error: unknown): string {
  return (error instanceof Refused && error.message) || t('web.hall.unreachable')
}
