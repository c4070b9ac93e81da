import { startPage } from '../shared/start-page.ts'
import RegisterPage from './register-page.vue'

startPage(RegisterPage, {
  'zh-Hans': () => import('../../../locales/web.zh-Hans.yaml?part=register'),
  'zh-Hant': () => import('../../../locales/web.zh-Hant.yaml?part=register'),
  en: () => import('../../../locales/web.en.yaml?part=register'),
})
