import '../shared/old-browsers.ts'
import { createApp } from 'vue'
import { restoreCare } from '../shared/care-mode.ts'
import { loadCity } from '../shared/city.ts'
import { startTexts } from '../shared/texts.ts'
import '../shared/tokens.css'
import EnterprisePage from './enterprise-page.vue'

restoreCare()
void loadCity()
const texts = startTexts({
  'zh-Hans': () => import('../../../locales/web.zh-Hans.yaml?part=web,firm'),
  'zh-Hant': () => import('../../../locales/web.zh-Hant.yaml?part=web,firm'),
  en: () => import('../../../locales/web.en.yaml?part=web,firm'),
})
// No top-level await: browsers of 2018 do not know it.
void texts.then(() => createApp(EnterprisePage).mount('#app'))
