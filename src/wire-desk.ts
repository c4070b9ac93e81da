import { agentRoutes } from './adapters/http/agent-routes.ts'
import type { AnyKeyParts } from './adapters/http/any-key-routes.ts'
import { applicationFileRoutes } from './adapters/http/application-file-routes.ts'
import { callListRoutes } from './adapters/http/call-list-routes.ts'
import type { ServerParts } from './adapters/http/create-server.ts'
import { deadLetterRoutes } from './adapters/http/dead-letter-routes.ts'
import type { DeskRoutes } from './adapters/http/desk-scope.ts'
import { doubtRoutes } from './adapters/http/doubt-routes.ts'
import { enterpriseKeyRoutes } from './adapters/http/enterprise-key-routes.ts'
import type { Texts } from './adapters/http/error-handler.ts'
import { evaluationRoutes } from './adapters/http/evaluation-routes.ts'
import { helpRoutes } from './adapters/http/help-routes.ts'
import { keyRoutes } from './adapters/http/key-routes.ts'
import { lookRoutes } from './adapters/http/look-routes.ts'
import { phoneCallRoutes } from './adapters/http/phone-call-routes.ts'
import { sessionRoutes } from './adapters/http/session-routes.ts'
import { slipRoutes } from './adapters/http/slip-routes.ts'
import { webhookRoutes } from './adapters/http/webhook-routes.ts'
import { caseDoubts } from './usecases/case-doubts.ts'
import { caseLooks } from './usecases/case-looks.ts'
import { caseSlip } from './usecases/case-slip.ts'
import { countHelp } from './usecases/count-help.ts'
import { deskReference } from './usecases/desk-reference.ts'
import { evaluatePeriod } from './usecases/evaluate-period.ts'
import { listEvaluationCases } from './usecases/evaluation-cases.ts'
import { exportEvaluation, exportEvaluationCases, listExports } from './usecases/export-evaluation.ts'
import { fileForCaller } from './usecases/file-for-caller.ts'
import type { FileShelf } from './usecases/handler-ports.ts'
import type { KeptFiles } from './usecases/kept-files.ts'
import type { KeyOwner } from './usecases/key-ports.ts'
import type { Line } from './usecases/line.ts'
import { listCalls, noteCall, releaseCall, takeCall } from './usecases/make-calls.ts'
import {
  accountOfSecret,
  addEnterpriseKey,
  addKey,
  listEnterpriseKeys,
  listKeys,
  revokeKey,
  rotateKey,
} from './usecases/manage-keys.ts'
import { endOtherSessions, endSession, listSessions } from './usecases/manage-sessions.ts'
import { addWebhook, eventsToTell, listWebhooks, removeWebhook } from './usecases/manage-webhooks.ts'
import { type DeadLetters, listDeadLetters, mendDeadLetter } from './usecases/mend-deliveries.ts'
import type { WebhookSender } from './usecases/notice-ports.ts'
import { openApplicationFile } from './usecases/open-application-file.ts'
import { readPhoneCall, runningCalls } from './usecases/read-phone-call.ts'
import { suggestToAgent } from './usecases/suggest-to-agent.ts'
import { actAtDesk, listDeskCases, showDeskCase } from './usecases/work-at-desk.ts'
import { type AccountsOutside, wireAccounts } from './wire-accounts.ts'
import { type Administration, administrationRoutes } from './wire-administration.ts'
import { wireChats } from './wire-chats.ts'
import { windowRoutes } from './wire-hall.ts'
import { handlerRoutes } from './wire-handler.ts'
import { wireOverview } from './wire-overview.ts'
import { wireStewards } from './wire-stewards.ts'

/** What the desk is made of besides the line. */
export interface DeskOutside extends AccountsOutside {
  texts: Texts
  /** What a QR code holds whose scan opens a case in a chat; see `SlipParts`. */
  chatCode(number: string): Promise<string | null>
  letters: DeadLetters
  webhooks: WebhookSender
  /** Documents of applications. */
  documents: KeptFiles
  files: FileShelf
  administration: Administration
}

/** The desk's interface with its use cases bound. */
export function wireDesk(line: Line, outside: DeskOutside): ServerParts['desk'] {
  const { store, bus, clock } = line
  return {
    accounts: store.accounts,
    factorRoles: outside.factorRoles,
    answers: store.answers,
    bus,
    clock,
    accountOfSecret: (secret, scope) => accountOfSecret(line, secret, scope),
    listCases: (account, filter, locale) => listDeskCases(line, account, filter, locale),
    showCase: (account, id, view) => showDeskCase(line, account, id, view),
    actOnCase: (account, id, action, keep) => actAtDesk(line, account, id, action, keep),
    reference: locale => deskReference(line, locale),
    routes: [
      ...moreOfTheDesk(line, outside),
      ...wireAccounts(line, outside),
      ...administrationRoutes(line, outside.administration),
    ],
  }
}

/** The agent's help, chats, calls, slips, doubts, looks, the evaluation, the supervisor's page, dead letters, keys and webhooks, below `/api/desk`. */
function moreOfTheDesk(
  line: Line,
  { texts, publicUrl, chatCode, letters, webhooks, files, documents }: DeskOutside,
): DeskRoutes[] {
  const { answers } = line.store
  return [
    ...handlerRoutes(line, files),
    callListRoutes({
      answers,
      list: (account, locale) => listCalls(line, account, locale),
      take: (account, id) => takeCall(line, account, id),
      release: (account, id) => releaseCall(line, account, id),
      note: (account, id, note, keep) => noteCall(line, account, id, note, tx => keep(tx, { id })),
    }),
    agentRoutes({
      suggest: (account, talk, locale) => suggestToAgent(line, account, talk, locale),
      file: (account, filing, options) => fileForCaller(line, account, filing, options),
    }),
    wireChats(line),
    wireStewards(line),
    windowRoutes(line),
    helpRoutes({ count: (account, period) => countHelp(line, account, period) }),
    phoneCallRoutes({
      bus: line.bus,
      running: account => runningCalls(line, account),
      read: (account, id, after) => readPhoneCall(line, account, id, after),
    }),
    slipRoutes({
      texts,
      publicUrl,
      chatCode,
      slip: (account, id, locale) => caseSlip(line, account, id, locale),
    }),
    sessionRoutes({
      list: (account, ownerId) => listSessions(line, account, ownerId),
      end: (account, ownerId, id) => endSession(line, account, ownerId, id),
      endOthers: (account, keptId) => endOtherSessions(line, account, keptId),
    }),
    applicationFileRoutes({
      open: (account, wanted) => openApplicationFile(line, account, wanted, documents),
    }),
    lookRoutes({ looks: (account, id) => caseLooks(line, account, id) }),
    doubtRoutes({ doubts: (account, id) => caseDoubts(line, account, id) }),
    evaluationRoutes({
      evaluate: (account, request, locale) => evaluatePeriod(line, account, request, locale),
      cases: (account, request, page, locale) => listEvaluationCases(line, account, request, page, locale),
      exportFigures: (account, request, as) => exportEvaluation(line, account, request, as),
      exportCases: (account, request, as) => exportEvaluationCases(line, account, request, as),
      exports: account => listExports(line, account),
    }),
    wireOverview(line),
    deadLetterRoutes({
      list: (account, locale) => listDeadLetters(line, account, letters, locale),
      mend: (account, mending) => mendDeadLetter(line, account, letters, mending),
    }),
    keyRoutes({
      ...anyKeys(line),
      list: account => listKeys(line, account),
      add: (account, wanted) => addKey(line, account, wanted),
    }),
    enterpriseKeyRoutes({
      ...anyKeys(line),
      list: account => listEnterpriseKeys(line, account),
      add: (account, wanted) => addEnterpriseKey(line, account, wanted),
    }),
    webhookRoutes({
      answers,
      list: account => listWebhooks(line, account),
      events: () => eventsToTell(line),
      add: (account, wanted) => addWebhook(line, account, wanted, webhooks),
      remove: (account, id) => removeWebhook(line, account, id),
    }),
  ]
}

/** What is done with keys of every kind. */
function anyKeys(line: Line): Pick<AnyKeyParts<KeyOwner, never>, 'answers' | 'rotate' | 'revoke'> {
  return {
    answers: line.store.answers,
    rotate: (account, key, graceHours) => rotateKey(line, account, key, graceHours),
    revoke: (account, key) => revokeKey(line, account, key),
  }
}
