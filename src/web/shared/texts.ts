import { ref, shallowRef } from 'vue'
import { keep, recall } from './keep.ts'

export const LOCALES = ['zh-Hans', 'zh-Hant', 'en'] as const
export type Locale = (typeof LOCALES)[number]

type Texts = Record<string, string>
/** Fetches the texts of one language. */
export type Source = () => Promise<{ default: Texts }>

const texts = shallowRef<Texts>({})
const locale = ref<Locale>('zh-Hans')
let sources: Partial<Record<Locale, Source>> = {}

/** The language in use now; reactive inside a component. */
export function currentLocale(): Locale {
  return locale.value
}

/**
 * Text of a key, with `{{name}}` filled in. A missing key shows itself, so that it is seen in testing.
 */
export function t(key: string, parameters: Record<string, string | number> = {}): string {
  const text = texts.value[key] ?? key
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(parameters[name] ?? ''))
}

/** Text of a key if there is one. */
export function textOrNull(key: string): string | null {
  return texts.value[key] ?? null
}

/** Loads the texts of a page in the person's language. */
export async function startTexts(from: Partial<Record<Locale, Source>>): Promise<void> {
  sources = from
  await useLocale(preferredLocale())
}

/** Changes the page's language and remembers it. */
export async function useLocale(wanted: Locale): Promise<void> {
  const source = sources[wanted] ?? sources['zh-Hans']!
  texts.value = (await source()).default
  locale.value = wanted
  document.documentElement.lang = wanted
  keep('locale', wanted)
}

function preferredLocale(): Locale {
  const available = LOCALES.filter(candidate => sources[candidate])
  const asked = new URLSearchParams(location.search).get('lang') ?? recall<string>('locale')
  const known = available.find(candidate => candidate === asked)
  if (known) return known
  const browser = navigator.languages.map(localeOfTag).find(candidate => candidate !== null)
  return browser && available.includes(browser) ? browser : available[0]!
}

/** `zh-TW` → zh-Hant, `zh-CN` → zh-Hans, `en-GB` → en, others null. */
export function localeOfTag(tag: string): Locale | null {
  const lower = tag.toLowerCase()
  if (/^zh-(hant|tw|hk|mo)/.test(lower)) return 'zh-Hant'
  if (lower.startsWith('zh')) return 'zh-Hans'
  return lower.startsWith('en') ? 'en' : null
}
