import { createApp } from 'vue'
import { startTexts } from '../shared/texts.ts'
import './element-plus.ts'
import './desk.css'
import DeskPage from './desk-page.vue'

followColourScheme()
// The desk's own texts, and the names that the line itself uses for states, stages and events.
const texts = startTexts({
  'zh-Hans': async () => ({
    default: {
      ...(await import('../../../locales/web.zh-Hans.yaml?part=desk')).default,
      ...(await import('../../../locales/zh-Hans.yaml?part=stage,state,type,clock,case,evaluation,overview'))
        .default,
    },
  }),
  'zh-Hant': async () => ({
    default: {
      ...(await import('../../../locales/web.zh-Hant.yaml?part=desk')).default,
      ...(await import('../../../locales/zh-Hant.yaml?part=stage,state,type,clock,case,evaluation,overview'))
        .default,
    },
  }),
  en: async () => ({
    default: {
      ...(await import('../../../locales/web.en.yaml?part=desk')).default,
      ...(await import('../../../locales/en.yaml?part=stage,state,type,clock,case,evaluation,overview'))
        .default,
    },
  }),
})
void texts.then(() => createApp(DeskPage).mount('#app'))

/** Element Plus knows darkness by a class. */
function followColourScheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => document.documentElement.classList.toggle('dark', dark.matches)
  dark.addEventListener('change', apply)
  apply()
}
