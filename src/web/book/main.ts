import { startPage } from '../shared/start-page.ts'
import BookPage from './book-page.vue'

startPage(BookPage)
