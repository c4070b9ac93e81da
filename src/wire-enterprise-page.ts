import type { EnterprisePageParts } from './adapters/http/enterprise-page/enterprise-page-parts.ts'
import type { RateLimiter } from './adapters/http/rate-limiter.ts'
import { actOnEnterpriseCase, listEnterpriseCases, showEnterpriseCase } from './usecases/enterprise-cases.ts'
import { readOwnTalk, setQuiet, showEnterprisePage } from './usecases/enterprise-page.ts'
import type { Line } from './usecases/line.ts'
import { listOwnWebhooks } from './usecases/manage-webhooks.ts'
import type { SmsGateway } from './usecases/notice-ports.ts'
import { enterpriseOfPage, openByKey, openByPhone } from './usecases/open-enterprise-page.ts'
import { listOwnKeys, revokeOwnKey, rotateOwnKey } from './usecases/own-keys.ts'
import { phoneToProve, sendPhoneCode } from './usecases/prove-phone.ts'
import { writeToSteward } from './usecases/steward-talk.ts'

/** What an enterprise's page needs besides the line; without a gateway nobody is offered to prove a number. */
export interface EnterprisePageOutside {
  limiter: RateLimiter
  publicUrl: string | null
  gateway: SmsGateway | null
}

/** `/api/enterprise-page` with its use cases bound. */
export function wireEnterprisePage(
  line: Line,
  { gateway, ...outside }: EnterprisePageOutside,
): EnterprisePageParts {
  const { enterprises, phoneProofs, answers } = line.store
  return {
    ...outside,
    answers,
    clock: line.clock,
    phones: gateway && {
      read: phoneToProve,
      keyOf: phoneProofs.keyOf,
      send: (phone, locale) => sendPhoneCode(line, gateway, { phone, locale }),
    },
    openByKey: secret => openByKey(line, secret),
    openByPhone: given => openByPhone(line, given),
    close: token => enterprises.closeSession(token),
    callerOf: token => enterpriseOfPage(line, token),
    page: (caller, locale) => showEnterprisePage(line, caller, locale),
    list: (caller, query, locale) => listEnterpriseCases(line, caller, query, locale),
    show: (caller, number, locale) => showEnterpriseCase(line, caller, { number }, locale),
    act: (caller, action, options) => actOnEnterpriseCase(line, caller, action, options),
    talk: (caller, after) => readOwnTalk(line, caller, after),
    write: (caller, message, keep) => writeToSteward(line, caller.enterprise, message, keep),
    setQuiet: (caller, isQuiet) => setQuiet(line, caller, isQuiet),
    keys: caller => listOwnKeys(line, caller),
    rotate: (caller, id, graceHours) => rotateOwnKey(line, caller, id, graceHours),
    revoke: (caller, id) => revokeOwnKey(line, caller, id),
    webhooks: caller => listOwnWebhooks(line, caller),
  }
}
