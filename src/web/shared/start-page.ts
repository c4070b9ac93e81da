import './old-browsers.ts'
import { type Component, createApp } from 'vue'
import { keepShell } from './app-shell.ts'
import { restoreCare } from './care-mode.ts'
import { loadCity } from './city.ts'
import { startTexts } from './texts.ts'
import './tokens.css'

/** Begins a page for residents in the person's language and as they like to see it. */
export function startPage(page: Component): void {
  restoreCare()
  keepShell()
  void loadCity()
  const texts = startTexts({
    'zh-Hans': () => import('../../../locales/web.zh-Hans.yaml?part=web'),
    'zh-Hant': () => import('../../../locales/web.zh-Hant.yaml?part=web'),
    en: () => import('../../../locales/web.en.yaml?part=web'),
  })
  // No top-level await: browsers of 2018 do not know it.
  void texts.then(() => createApp(page).mount('#app'))
}
