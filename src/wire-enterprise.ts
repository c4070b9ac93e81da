import type { ServerParts } from './adapters/http/create-server.ts'
import { deskReference } from './usecases/desk-reference.ts'
import {
  applyAsEnterprise,
  listEnterpriseApplications,
  showEnterpriseApplication,
} from './usecases/enterprise-applications.ts'
import { actOnEnterpriseCase, listEnterpriseCases, showEnterpriseCase } from './usecases/enterprise-cases.ts'
import { fileEnterpriseCase } from './usecases/file-enterprise-case.ts'
import type { KeptFiles } from './usecases/kept-files.ts'
import type { Line } from './usecases/line.ts'
import { enterpriseOfSecret } from './usecases/manage-keys.ts'
import { addOwnWebhook, listOwnWebhooks, removeOwnWebhook } from './usecases/manage-webhooks.ts'
import type { WebhookSender } from './usecases/notice-ports.ts'

/** The enterprise API with its use cases bound. */
export function wireEnterprise(
  line: Line,
  { webhooks, files }: { webhooks: WebhookSender; files: KeptFiles },
): NonNullable<ServerParts['enterprise']> {
  return {
    answers: line.store.answers,
    clock: line.clock,
    lineName: line.names.line,
    callerOf: secret => enterpriseOfSecret(line, secret),
    file: (caller, submission, options) => fileEnterpriseCase(line, caller, submission, options),
    show: (caller, name, locale) => showEnterpriseCase(line, caller, name, locale),
    list: (caller, query, locale) => listEnterpriseCases(line, caller, query, locale),
    act: (caller, action, options) => actOnEnterpriseCase(line, caller, action, options),
    applications: {
      saveFile: bytes => files.save(bytes),
      apply: (caller, wanted, options) => applyAsEnterprise(line, caller, wanted, { ...options, files }),
      show: (caller, name, locale) => showEnterpriseApplication(line, caller, name, locale),
      list: (caller, page, locale) => listEnterpriseApplications(line, caller, page, locale),
    },
    subjects: locale => deskReference(line, locale).subjects,
    listWebhooks: caller => listOwnWebhooks(line, caller),
    addWebhook: (caller, wanted) => addOwnWebhook(line, caller, wanted, webhooks),
    removeWebhook: (caller, id) => removeOwnWebhook(line, caller, id),
  }
}
