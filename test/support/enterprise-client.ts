import { call } from '../http/start-line.ts'
import { deskClient } from './desk-client.ts'
import { accountOf } from './use-test-line.ts'
import type { WiredDesk } from './wired-desk.ts'

/** Two enterprises that there are not, with codes that pass the check. */
export const FACTORY = { enterprise: '91210100MA0P1XXXXE', displayName: '沈抚机床有限公司' } as const
export const BAKERY = { enterprise: '91210100MA0Q2YYYYR', displayName: '沈抚面包厂' } as const

let made = 0

export interface EnterpriseProgram {
  keyId: string
  secret: string
  send: Send
}
export type Send = (
  path: string,
  body?: unknown,
  more?: { method?: string; headers?: Record<string, string> },
) => ReturnType<typeof call>

/** A program's requests with a secret. */
export function sender(url: string, secret?: string): Send {
  return (path, body, { method, headers } = {}) =>
    call(url, `/api/enterprise/v1${path}`, {
      ...(secret === undefined ? {} : { token: secret }),
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body }),
      headers: { ...(headers ?? {}) },
    })
}

/** A key made at the desk by an administrator, and requests with it. */
export async function enterpriseProgram(
  running: WiredDesk,
  changes: { enterprise?: string; displayName?: string; scopes?: string[] } = {},
): Promise<EnterpriseProgram> {
  made++
  running.accounts.seat(accountOf('admin'))
  const desk = await deskClient(running.url)
  const wanted = { ...FACTORY, ...changes, name: `系统 ${made}` }
  const { json } = await desk.post('/enterprise-keys', wanted)
  return { keyId: json.key.id, secret: json.secret, send: sender(running.url, json.secret) }
}

/** A matter that says all that is needed. */
export const LIGHT = {
  words: '厂门口人民路3号的路灯不亮了，晚班工人看不清路',
  subject: 'urban-construction/municipal-facilities/street-light',
  place: '人民路3号',
} as const
