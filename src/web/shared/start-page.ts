import './old-browsers.ts'
import { type Component, createApp } from 'vue'
import { keepShell } from './app-shell.ts'
import { restoreCare } from './care-mode.ts'
import { loadCity } from './city.ts'
import { LOCALES, type Locale, type Source, startTexts } from './texts.ts'
import './tokens.css'

const SHARED: Record<Locale, Source> = {
  'zh-Hans': () => import('../../../locales/web.zh-Hans.yaml?part=web'),
  'zh-Hant': () => import('../../../locales/web.zh-Hant.yaml?part=web'),
  en: () => import('../../../locales/web.en.yaml?part=web'),
}

/**
 * Begins a page for residents in the person's language and as they like to see it.
 * @param own texts that no other page needs
 */
export function startPage(page: Component, own?: Record<Locale, Source>): void {
  restoreCare()
  keepShell()
  void loadCity()
  const texts = startTexts(own ? together(own) : SHARED)
  // No top-level await: browsers of 2018 do not know it.
  void texts.then(() => createApp(page).mount('#app'))
}

function together(own: Record<Locale, Source>): Record<Locale, Source> {
  const both = (locale: Locale) => async () => {
    const [shared, more] = await Promise.all([SHARED[locale](), own[locale]()])
    return { default: { ...shared.default, ...more.default } }
  }
  return Object.fromEntries(LOCALES.map(locale => [locale, both(locale)])) as Record<Locale, Source>
}
