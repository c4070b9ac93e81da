import type { WindowsView } from '../../hall/told-hall.ts'
import { call } from './desk-api.ts'

export type { WindowsView }
export type WindowTicket = NonNullable<WindowsView['current']>

export const showWindows = () => call<WindowsView>('/hall')

const at = (window: string) => `/hall/windows/${encodeURIComponent(window)}`

export async function sitAt(window: string, does: 'open' | 'close'): Promise<void> {
  await call(`${at(window)}/${does}`, { body: {} })
}

/** Null when nobody waits. @throws Refused `hall-window-busy` */
export async function callNext(window: string): Promise<string | null> {
  return (await call<{ label: string | null }>(`${at(window)}/next`, { body: {} })).label
}

export async function actOnTicket(
  window: string,
  ticketId: string,
  action: 'recall' | 'start' | 'miss' | 'finish' | 'transfer',
  to: { group?: string; onlyWindow?: string } = {},
): Promise<void> {
  await call(`${at(window)}/tickets/${encodeURIComponent(ticketId)}/${action}`, { body: to })
}
