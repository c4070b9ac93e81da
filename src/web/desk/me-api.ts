import { call } from './desk-api.ts'

export interface OwnFactor {
  isSet: boolean
  isRequired: boolean
  recoveryCodesLeft: number
}

/** May people log in by the house that knows them? */
export async function hasSignOn(): Promise<boolean> {
  return (await call<{ isOn: boolean }>('/sign-on')).isOn
}

export async function proveByCode(code: string): Promise<void> {
  await call('/me/code', { body: { code } })
}

export async function changePassword(old: string, wanted: string): Promise<void> {
  await call('/me/password', { body: { old, wanted } })
}

export function loadFactor(): Promise<OwnFactor> {
  return call('/me/factor')
}

/** @param password of an open desk; null while a second factor is what the login asks for */
export function beginFactor(password: string | null): Promise<{ secret: string; svg: string }> {
  return call('/me/factor', { body: { password } })
}

/** @returns the recovery codes */
export async function confirmFactor(code: string): Promise<string[]> {
  return (await call<{ recoveryCodes: string[] }>('/me/factor/confirmation', { body: { code } }))
    .recoveryCodes
}

/** @returns other recovery codes */
export async function renewRecoveryCodes(code: string): Promise<string[]> {
  return (await call<{ recoveryCodes: string[] }>('/me/factor/recovery-codes', { body: { code } }))
    .recoveryCodes
}

export async function removeFactor(code: string): Promise<void> {
  await call('/me/factor/removal', { body: { code } })
}
