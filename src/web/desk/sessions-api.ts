import { call } from './desk-api.ts'

export interface StaffSession {
  id: string
  openedAt: string
  idleUntil: string
  until: string
  browser: string
  isThis: boolean
}

export async function loadSessions(): Promise<StaffSession[]> {
  return (await call<{ rows: StaffSession[] }>('/sessions')).rows
}

export async function endSession(id: string): Promise<void> {
  await call(`/sessions/${encodeURIComponent(id)}`, { method: 'DELETE', body: {} })
}

/** All but the one that asks. */
export async function endOtherSessions(): Promise<void> {
  await call('/sessions', { method: 'DELETE', body: {} })
}
