import { LOCALES, type Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'

/** What a page needs to know of the city, in every language. */
export function cityFacts({ content: { city }, names }: Pick<Line, 'content' | 'names'>) {
  const everywhere = (both: { zh: string; en: string }) =>
    Object.fromEntries(LOCALES.map(locale => [locale, names.text(both, locale)])) as Record<Locale, string>
  return {
    id: city.id,
    name: everywhere({ zh: city.name, en: city.en }),
    lineName: everywhere({ zh: city.line.name, en: city.line.en }),
    phone: city.line.phone,
    timeZone: city.timeZone,
    emergency: city.emergency,
    notice: everywhere({ zh: city.notice, en: city.noticeEn }),
    locales: [...LOCALES],
    isSample: city.sample,
  }
}
