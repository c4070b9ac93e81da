import { accountRoutes } from './adapters/http/account-routes.ts'
import type { DeskRoutes } from './adapters/http/desk-scope.ts'
import { meRoutes } from './adapters/http/me-routes.ts'
import { signOnRoutes } from './adapters/http/sign-on-routes.ts'
import { latestLooks } from './usecases/case-looks.ts'
import type { Line } from './usecases/line.ts'
import { type FactorRoles, proveByCode } from './usecases/log-in.ts'
import {
  accountChanges,
  addAccount,
  changeAccount,
  disableAccount,
  enableAccount,
  endAllSessions,
  listAccounts,
  resetFactor,
  resetPassword,
} from './usecases/manage-accounts.ts'
import {
  beginFactor,
  changeOwnPassword,
  confirmFactor,
  ownFactor,
  removeOwnFactor,
  renewRecoveryCodes,
} from './usecases/own-account.ts'
import { beginSignOn, finishSignOn, type SignOnIssuer } from './usecases/sign-on.ts'

/** What accounts are made of besides the line. */
export interface AccountsOutside {
  publicUrl: string | null
  factorRoles: FactorRoles
  /** Who else may say who somebody is; null: nobody. */
  issuer: SignOnIssuer | null
}

/** Who may open the desk: accounts, one's own account, and login by an issuer. */
export function wireAccounts(line: Line, { publicUrl, factorRoles, issuer }: AccountsOutside): DeskRoutes[] {
  return [
    accountRoutes({
      answers: line.store.answers,
      list: account => listAccounts(line, account),
      add: (account, wanted) => addAccount(line, account, wanted),
      change: (account, id, profile) => changeAccount(line, account, id, profile),
      disable: (account, id) => disableAccount(line, account, id),
      enable: (account, id) => enableAccount(line, account, id),
      resetPassword: (account, id, password) => resetPassword(line, account, id, password),
      endSessions: (account, id) => endAllSessions(line, account, id),
      resetFactor: (account, id) => resetFactor(line, account, id),
      changes: (account, id) => accountChanges(line, account, id),
      looks: account => latestLooks(line, account),
    }),
    meRoutes({
      proveByCode: (session, given) => proveByCode(line, session, given),
      changePassword: (session, given) => changeOwnPassword(line, session, given),
      factor: session => ownFactor(line, session, factorRoles),
      beginFactor: (session, given) =>
        beginFactor(line, session, { ...given, issuer: line.names.line('zh-Hans') }),
      confirmFactor: (session, code) => confirmFactor(line, session, code),
      renewRecoveryCodes: (session, given) => renewRecoveryCodes(line, session, given),
      removeFactor: (session, given) => removeOwnFactor(line, session, { ...given, factorRoles }),
    }),
    signOnRoutes({
      publicUrl,
      issuer: issuer && {
        begin: redirectUri => beginSignOn(line, issuer, redirectUri),
        finish: (callback, state) => finishSignOn(line, issuer, callback, state),
      },
    }),
  ]
}
