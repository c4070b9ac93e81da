import { HOUR } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { ensureEnterprise } from './assign-enterprise.ts'
import type { EnterpriseSession } from './enterprise-ports.ts'
import type { Line } from './line.ts'
import { ENTERPRISE_SCOPES, type EnterpriseCaller, enterpriseOfSecret } from './manage-keys.ts'
import { openByPhoneCode } from './prove-phone.ts'

/** How long the page of an enterprise stays open. */
export const PAGE_HOURS = 4

export interface OpenedPage {
  token: string
  until: Date
}

/** Opens the page of the enterprise whose key it is; it ends with the key. @throws AppError `token-invalid` */
export async function openByKey(line: Line, secret: string): Promise<OpenedPage> {
  const { keyId, enterprise: code, displayName: name } = await enterpriseOfSecret(line, secret)
  const contact = { name: null, phone: null }
  await ensureEnterprise(line, { code, name, sector: null, contact }, 'line')
  return openPage(line, { code, keyId })
}

/**
 * Opens an enterprise's page to whoever read the code that was sent to the number of its contact. Whose number it is nobody learns
 * who cannot read the code.
 * @throws AppError `phone-code-wrong`, `enterprise-not-found`
 */
export async function openByPhone(
  line: Line,
  { code, phone, phoneCode }: { code: string; phone: string; phoneCode: string },
): Promise<OpenedPage> {
  const proved = await openByPhoneCode(line, { phone, code: phoneCode })
  // It was asked for the enterprise; the person's own cases are not opened with it.
  await line.store.phoneProofs.closeSession(proved.token)
  if (!(await line.store.enterprises.hasPhone(code, phone))) throw new AppError('enterprise-not-found')
  return openPage(line, { code, keyId: null })
}

async function openPage(line: Line, session: EnterpriseSession): Promise<OpenedPage> {
  const until = new Date(line.clock.now().getTime() + PAGE_HOURS * HOUR)
  return { token: await line.store.enterprises.openSession(session, until), until }
}

/** Whose page a token opens, with what its key may do. @throws AppError `token-missing` for none, one too old and one whose key was revoked */
export async function enterpriseOfPage(line: Line, token: string | undefined): Promise<EnterpriseCaller> {
  const { enterprises, keys } = line.store
  const session = token ? await enterprises.session(token, line.clock.now()) : null
  const enterprise = session && (await enterprises.one(session.code))
  if (!enterprise) throw new AppError('token-missing')
  const { keyId } = session
  const key = keyId === null ? null : (await keys.list('enterprise')).find(({ id }) => id === keyId)
  return {
    keyId: `page:${enterprise.code}`,
    enterprise: enterprise.code,
    displayName: enterprise.name,
    scopes: key ? key.scopes : ENTERPRISE_SCOPES,
  }
}

/** @throws AppError `scope-missing` when the key that opened the page does not allow it */
export function checkScope({ scopes }: EnterpriseCaller, scope: (typeof ENTERPRISE_SCOPES)[number]): void {
  if (!scopes.includes(scope)) throw new AppError('scope-missing', { scope })
}
