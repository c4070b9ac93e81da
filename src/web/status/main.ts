import { startPage } from '../shared/start-page.ts'
import StatusPage from './status-page.vue'

startPage(StatusPage)
