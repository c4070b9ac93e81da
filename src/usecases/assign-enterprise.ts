import { assignSteward } from '../stewards/assign-steward.ts'
import type { Enterprise, EnterpriseContact } from './enterprise-ports.ts'
import type { Line } from './line.ts'

/** An enterprise that comes to the line. */
export interface NewEnterprise {
  code: string
  name: string
  /** Null: the content's usual one. */
  sector: string | null
  contact: EnterpriseContact
}

/** The enterprise with its steward; one that was never here gets one by its sector and by how many each has. */
export async function ensureEnterprise(
  line: Line,
  { code, name, sector, contact }: NewEnterprise,
  login: string,
): Promise<{ enterprise: Enterprise; isNew: boolean }> {
  const { enterprises } = line.store
  const known = await enterprises.one(code)
  if (known) return { enterprise: known, isNew: false }
  const { rules } = line.content.stewards
  const at = line.clock.now()
  const ofSector = sector ?? rules.usualSector
  const steward = assignSteward(ofSector, rules.stewards, await enterprises.load())
  const enterprise: Enterprise = {
    code,
    name,
    sector: ofSector,
    stage: rules.stages[0]!.id,
    stageSince: at,
    stepsDone: [],
    steward: steward?.login ?? null,
    quietSince: null,
    conversationId: null,
    createdAt: at,
    version: 1,
  }
  const isNew = await enterprises.add(enterprise, contact, {
    at,
    what: 'added',
    login,
    text: steward?.login ?? '',
  })
  return { enterprise: isNew ? enterprise : (await enterprises.one(code))!, isNew }
}
