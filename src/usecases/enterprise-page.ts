import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { type EnterpriseLife, enterpriseLife } from './enterprise-life.ts'
import type { Enterprise } from './enterprise-ports.ts'
import type { Line } from './line.ts'
import type { EnterpriseCaller } from './manage-keys.ts'
import { readTalk, type TalkEntry } from './steward-talk.ts'

/** What an enterprise's page shows beside its cases. */
export interface EnterprisePage {
  code: string
  name: string
  sectorName: string
  /** Who looks after it; null: nobody has room, the desk does. */
  steward: { name: string; phone: string } | null
  life: EnterpriseLife
  /** It does not want to be written to unasked. */
  isQuiet: boolean
  scopes: readonly string[]
}

export async function showEnterprisePage(
  line: Line,
  caller: EnterpriseCaller,
  locale: Locale,
): Promise<EnterprisePage> {
  const enterprise = await ownEnterprise(line, caller)
  const { stewards, sectors } = line.content.stewards.rules
  const steward = stewards.find(({ login }) => login === enterprise.steward)
  const sector = sectors.find(({ id }) => id === enterprise.sector)
  return {
    code: enterprise.code,
    name: enterprise.name,
    sectorName: sector ? line.names.text(sector, locale) : enterprise.sector,
    steward: steward ? { name: steward.name, phone: steward.phone } : null,
    life: enterpriseLife(line, enterprise, locale),
    isQuiet: enterprise.quietSince !== null,
    scopes: caller.scopes,
  }
}

/** What was said with the steward. */
export async function readOwnTalk(line: Line, caller: EnterpriseCaller, after: number): Promise<TalkEntry[]> {
  return readTalk(line, await ownEnterprise(line, caller), after)
}

/** 不用了, or after all. Questions are answered either way. */
export async function setQuiet(line: Line, caller: EnterpriseCaller, isQuiet: boolean): Promise<void> {
  const enterprise = await ownEnterprise(line, caller)
  if ((enterprise.quietSince !== null) === isQuiet) return
  const at = line.clock.now()
  const record = { at, what: isQuiet ? 'quiet' : 'welcome', login: 'enterprise', text: '' } as const
  await line.store.enterprises.save({ ...enterprise, quietSince: isQuiet ? at : null }, record)
}

async function ownEnterprise(line: Line, { enterprise }: EnterpriseCaller): Promise<Enterprise> {
  const known = await line.store.enterprises.one(enterprise)
  if (!known) throw new AppError('enterprise-not-found')
  return known
}
