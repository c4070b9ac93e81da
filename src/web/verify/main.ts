import '../shared/old-browsers.ts'
import { createApp } from 'vue'
import { loadCity } from '../shared/city.ts'
import { startTexts } from '../shared/texts.ts'
import '../shared/tokens.css'
import { restoreTextSize } from '../shared/text-size.ts'
import VerifyPage from './verify-page.vue'

restoreTextSize()
void loadCity()
const texts = startTexts({
  'zh-Hans': () => import('../../../locales/web.zh-Hans.yaml?part=web,verify'),
  'zh-Hant': () => import('../../../locales/web.zh-Hant.yaml?part=web,verify'),
  en: () => import('../../../locales/web.en.yaml?part=web,verify'),
})
// No top-level await: browsers of 2018 do not know it.
void texts.then(() => createApp(VerifyPage).mount('#app'))
