import { createInstance } from 'i18next'
import { z } from 'zod'
import { LOCALES, type Locale } from '../language/understanding.ts'

/** `locales/<locale>.yaml`: flat keys, `<flow>.<step>`, `case.<event>`, `error.<code>` …; `{{name}}` is filled in. */
export const localeSchema = z.record(
  z.string().regex(/^[a-z0-9]+([.-][a-zA-Z0-9]+)*$/, 'keys look like file-matter.ask-place'),
  z.string().min(1),
)
export type LocaleTexts = z.infer<typeof localeSchema>

export interface Texts {
  /** The text of a key; a missing key is a bug and throws. */
  of(locale: Locale, key: string, params?: Record<string, string | number>): string
  has(locale: Locale, key: string): boolean
}

/** Texts in every language, without fallback from one to another: completeness is checked when content is loaded. */
export function createTexts(locales: Record<Locale, LocaleTexts>): Texts {
  const i18n = createInstance()
  // Without resources to fetch, initialisation is synchronous.
  void i18n.init({
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    lng: LOCALES[0],
    fallbackLng: false,
    interpolation: { escapeValue: false },
    resources: Object.fromEntries(LOCALES.map(locale => [locale, { translation: locales[locale] }])),
  })
  const has = (locale: Locale, key: string) => locales[locale][key] !== undefined
  return {
    has,
    of: (locale, key, params = {}) => {
      if (!has(locale, key)) throw new Error(`no text ${key} in ${locale}`)
      return i18n.t(key, { ...params, lng: locale })
    },
  }
}

/** Names of the `{{values}}` in a text. */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]!))].sort()
}
