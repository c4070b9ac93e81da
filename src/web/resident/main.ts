import { startPage } from '../shared/start-page.ts'
import ResidentPage from './resident-page.vue'

startPage(ResidentPage)
