import { createOpenIdIssuer } from './adapters/oidc/openid-issuer.ts'
import type { Config } from './config.ts'
import type { Logger } from './kernel/logger.ts'
import type { FactorRoles } from './usecases/log-in.ts'
import type { SignOnIssuer } from './usecases/sign-on.ts'

/** What the settings ask of those who open the desk: who must have a second factor, and which house else knows people. */
export function openDoor(
  config: Config,
  logger: Logger,
): { factorRoles: FactorRoles; issuer: SignOnIssuer | null } {
  return { factorRoles: config.SECOND_FACTOR_ROLES, issuer: openIssuer(config, logger) }
}

function openIssuer(config: Config, logger: Logger): SignOnIssuer | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config
  if (!issuer || !clientId || !clientSecret) return null
  return createOpenIdIssuer({ issuer, clientId, clientSecret, claim: config.OIDC_LOGIN_CLAIM }, logger)
}
