import { createOpenIdIssuer } from './adapters/oidc/openid-issuer.ts'
import type { Config } from './config.ts'
import type { Logger } from './kernel/logger.ts'
import type { SignOnIssuer } from './usecases/sign-on.ts'

/** The house that knows people who open the desk, when the settings name one. */
export function openIssuer(config: Config, logger: Logger): SignOnIssuer | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config
  if (!issuer || !clientId || !clientSecret) return null
  return createOpenIdIssuer({ issuer, clientId, clientSecret, claim: config.OIDC_LOGIN_CLAIM }, logger)
}
