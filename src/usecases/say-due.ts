import type { Texts } from '../content/texts.ts'
import type { Locale } from '../language/understanding.ts'

const LANGUAGE: Record<Locale, string> = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW', en: 'en-GB' }

const formats = new Map(
  Object.entries(LANGUAGE).map(([locale, language]) => {
    const zone = { timeZone: 'Asia/Shanghai' } as const
    return [
      locale,
      {
        day: new Intl.DateTimeFormat(language, {
          ...zone,
          month: locale === 'en' ? 'short' : 'long',
          day: 'numeric',
          weekday: 'short',
        }),
        time: new Intl.DateTimeFormat(language, {
          ...zone,
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        }),
      },
    ]
  }),
)

/** A promise in the words that every channel uses: `12月8日周二 17:00前`, `by 17:00 on Tue 8 Dec`. */
export function sayDue(at: Date, locale: Locale, texts: Texts): string {
  return texts.of(locale, 'due.by', sayMoment(at, locale))
}

/** Day and time in a language. */
export function sayMoment(at: Date, locale: Locale): { date: string; time: string } {
  const { day, time } = formats.get(locale)!
  return { date: day.format(at), time: time.format(at) }
}

/** `12月8日周二 17:00`. */
export function localMoment(at: Date, locale: Locale): string {
  const { date, time } = sayMoment(at, locale)
  return `${date} ${time}`
}
