import type { Component } from 'vue'
import { startPage } from '../shared/start-page.ts'
import HallPage from './hall-page.vue'
import KioskPage from './kiosk-page.vue'
import ScreenPage from './screen-page.vue'
import TicketPage from './ticket-page.vue'

const PAGES: Readonly<Record<string, Component>> = {
  kiosk: KioskPage,
  ticket: TicketPage,
  screen: ScreenPage,
}

startPage(PAGES[location.pathname.split('/')[1] ?? ''] ?? HallPage)
