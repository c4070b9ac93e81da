import { requestJson } from '../shared/http.ts'
import { currentLocale } from '../shared/texts.ts'

export interface FreeTime {
  startsAt: string
  endsAt: string
  left: number
  waiting: number
  isClosed: boolean
}

export interface FreeDay {
  date: string
  rest: 'holiday' | 'weekend' | null
  times: FreeTime[]
}

export interface Place {
  id: string
  name: string
  address: string
}

export interface Entry {
  id: string
  name: string
}

export interface ItemTimes {
  item: Entry
  places: Place[]
  place: string
  days: FreeDay[]
}

export interface BookingView {
  number: string
  state: 'booked' | 'waiting' | 'offered' | 'cancelled' | 'dropped' | 'lapsed' | 'came' | 'missed'
  item: Entry
  place: Place
  startsAt: string
  endsAt: string
  when: string
  offerUntil: string | null
  bring: string[]
}

/** What opens a booking. */
export interface BookingKey {
  number: string
  queryCode: string
}

export interface Wanted {
  item: string
  place: string
  startsAt: string
  name: string | null
  phone: string
  ifFull: 'refuse' | 'wait'
  requestKey: string
}

export const timesFor = (item: string, place: string | null) =>
  requestJson<ItemTimes>(
    `/api/bookings/times/${encodeURIComponent(item)}${place ? `?place=${encodeURIComponent(place)}` : ''}`,
  )

export const book = (wanted: Wanted) =>
  requestJson<{ queryCode: string; booking: BookingView }>('/api/bookings', { body: wanted })

export const findBooking = (key: BookingKey) => requestJson<BookingView>('/api/bookings/find', { body: key })
export const cancelBooking = (key: BookingKey) =>
  requestJson<BookingView>('/api/bookings/cancel', { body: key })
export const acceptOffer = (key: BookingKey) =>
  requestJson<BookingView>('/api/bookings/accept', { body: key })
export const moveBooking = (key: BookingKey, startsAt: string) =>
  requestJson<BookingView>('/api/bookings/move', { body: { ...key, startsAt } })

/** Only items have windows; bundles are several. */
export const searchItems = async (words: string) =>
  (
    await requestJson<{ found: (Entry & { is: string })[] }>('/api/guide/search', { body: { words } })
  ).found.filter(({ is }) => is === 'item')

export const popularItems = async () =>
  (await requestJson<{ popular: (Entry & { is: string })[] }>('/api/guide')).popular.filter(
    ({ is }) => is === 'item',
  )

/** The booking as a file for calendars. @throws Error when the server does not give one */
export async function calendarFile(key: BookingKey): Promise<Blob> {
  const response = await fetch('/api/bookings/calendar', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': currentLocale() },
    body: JSON.stringify(key),
  })
  if (!response.ok) throw new Error(`no file: ${response.status}`)
  return response.blob()
}
