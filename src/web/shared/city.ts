import { shallowRef } from 'vue'
import { requestJson } from './http.ts'
import { keep, recall } from './keep.ts'
import { currentLocale, type Locale } from './texts.ts'

type Localised = Record<Locale, string>

/** What the pages know about the city, from `GET /api/city`. */
export interface City {
  name: Localised
  lineName: Localised
  phone: string
  emergency: Record<string, string>
  notice: Localised | null
  isSample: boolean
  timeZone?: string
}

// The number in the key grows with the shape, so that a page never reads what an older one kept.
const KEPT = 'city.1'
const city = shallowRef<City | null>(recall<City>(KEPT))

/** Fetches the city's facts; keeps what was known when the server does not answer. */
export async function loadCity(): Promise<void> {
  try {
    city.value = await requestJson<City>('/api/city')
    keep(KEPT, city.value)
  } catch {
    // The page works without: the header then names the line only by its number.
  }
}

export const cityName = () => city.value?.name[currentLocale()] ?? ''
export const lineName = () => city.value?.lineName[currentLocale()] ?? '8890'
export const linePhone = () => city.value?.phone ?? '8890'
/** E.g. that everything is sample data; empty when there is nothing to say. */
export const notice = () => city.value?.notice?.[currentLocale()] ?? ''

/** The city's clock: a promise reads the same wherever the reader is. */
export const timeZone = () => city.value?.timeZone ?? 'Asia/Shanghai'

const EMERGENCY = { police: '110', fire: '119', medical: '120' } as const

/** Numbers that save lives. */
export function emergencyNumbers(): { kind: keyof typeof EMERGENCY; number: string }[] {
  const kinds = Object.keys(EMERGENCY) as (keyof typeof EMERGENCY)[]
  return kinds.map(kind => ({ kind, number: city.value?.emergency[kind] ?? EMERGENCY[kind] }))
}
