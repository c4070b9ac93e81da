import {
  DataLine,
  Headset,
  Key,
  MagicStick,
  MessageBox,
  Monitor,
  Odometer,
  OfficeBuilding,
  Phone,
  Postcard,
  Tickets,
  User,
  View,
} from '@element-plus/icons-vue'
import { type Component, defineAsyncComponent } from 'vue'

/** One page of the desk beside the cases. */
interface DeskPage {
  component: Component
  icon: Component
  /** Who has it in the rail; the server decides again what each may do there. */
  roles: readonly string[]
}

/** The pages, by the address after `#/`, in the order of the rail; labels are `desk.<page>.title`, short ones `desk.nav.<page>`. */
export const PAGES = {
  agent: {
    component: defineAsyncComponent(() => import('./agent-view.vue')),
    icon: Headset,
    roles: ['agent', 'supervisor', 'admin'],
  },
  calls: {
    component: defineAsyncComponent(() => import('./call-list.vue')),
    icon: Phone,
    // Departments make no calls for the centre.
    roles: ['agent', 'arbiter', 'supervisor', 'admin'],
  },
  window: {
    component: defineAsyncComponent(() => import('./window-view.vue')),
    icon: Postcard,
    roles: ['agent', 'handler', 'supervisor', 'admin'],
  },
  enterprises: {
    component: defineAsyncComponent(() => import('./enterprises-view.vue')),
    icon: OfficeBuilding,
    // A steward is an agent whose login stands in the city's content.
    roles: ['agent', 'supervisor', 'admin'],
  },
  today: {
    component: defineAsyncComponent(() => import('./today-view.vue')),
    icon: Odometer,
    roles: ['handler', 'arbiter', 'supervisor', 'admin'],
  },
  evaluation: {
    component: defineAsyncComponent(() => import('./evaluation-view.vue')),
    icon: DataLine,
    roles: ['handler', 'arbiter', 'supervisor', 'admin'],
  },
  help: {
    component: defineAsyncComponent(() => import('./help-view.vue')),
    icon: MagicStick,
    roles: ['agent', 'arbiter', 'supervisor', 'admin'],
  },
  systems: {
    component: defineAsyncComponent(() => import('./systems-view.vue')),
    icon: Key,
    roles: ['admin'],
  },
  line: {
    component: defineAsyncComponent(() => import('./line-view.vue')),
    icon: Monitor,
    roles: ['admin'],
  },
  letters: {
    component: defineAsyncComponent(() => import('./dead-letters.vue')),
    icon: MessageBox,
    roles: ['admin'],
  },
  accounts: {
    component: defineAsyncComponent(() => import('./accounts-view.vue')),
    icon: User,
    roles: ['admin'],
  },
  traces: {
    component: defineAsyncComponent(() => import('./traces-view.vue')),
    icon: View,
    roles: ['supervisor', 'admin', 'auditor'],
  },
} as const satisfies Record<string, DeskPage>

export type PageName = keyof typeof PAGES

/** The icon of the cases themselves, which are the desk's first page. */
export const CASES_ICON = Tickets

/** The pages that a role has. */
export function pagesOf(role: string): PageName[] {
  return (Object.keys(PAGES) as PageName[]).filter(name =>
    (PAGES[name].roles as readonly string[]).includes(role),
  )
}

/** Which page an address is about; null for the cases. */
export function pageOfHash(hash: string): PageName | null {
  const name = /^#\/([\w-]+)/.exec(hash)?.[1] ?? ''
  return Object.hasOwn(PAGES, name) ? (name as PageName) : null
}
