import * as client from 'openid-client'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { SignOnIssuer } from '../../usecases/sign-on.ts'

/** What our client is called at an issuer, and how it shows that it is it. */
export interface OpenIdSettings {
  /** The issuer's address; its configuration is read below `/.well-known/`. */
  issuer: string
  clientId: string
  clientSecret: string
  /** The claim of the ID token that is a login here. */
  claim: string
}

/** Seconds to wait for the issuer. */
const PATIENCE = 8

/**
 * An issuer by OpenID Connect: authorization code, PKCE, state and nonce; the signature of the ID token is checked by the issuer's
 * keys. Its configuration is read when it is first needed, so that the line starts while it is away, and read again after a failure.
 */
export function createOpenIdIssuer(settings: OpenIdSettings, logger: Logger): SignOnIssuer {
  let known: Promise<client.Configuration> | null = null
  const configuration = () => {
    known ??= discover(settings).catch(error => {
      known = null
      throw refusalOf(error, logger)
    })
    return known
  }
  return {
    async begin(redirectUri) {
      const at = await configuration()
      const trial = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      }
      const address = client.buildAuthorizationUrl(at, {
        redirect_uri: redirectUri,
        scope: settings.claim === 'email' ? 'openid email' : 'openid profile',
        state: trial.state,
        nonce: trial.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(trial.verifier),
        code_challenge_method: 'S256',
      })
      return { address: address.href, trial }
    },

    async finish(callback, { state, nonce, verifier }) {
      const at = await configuration()
      try {
        const tokens = await client.authorizationCodeGrant(at, callback, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        })
        return loginOf(tokens.claims() ?? {}, settings.claim)
      } catch (error) {
        throw refusalOf(error, logger)
      }
    },
  }
}

async function discover({ issuer, clientId, clientSecret }: OpenIdSettings): Promise<client.Configuration> {
  const address = new URL(issuer)
  // Settings take plain HTTP for an issuer on this machine only.
  const execute = address.protocol === 'http:' ? [client.allowInsecureRequests] : []
  const found = await client.discovery(address, clientId, clientSecret, undefined, {
    execute,
    timeout: PATIENCE,
  })
  found.timeout = PATIENCE
  client.enableNonRepudiationChecks(found)
  return found
}

/** Whoever may write their own address at the issuer would be whoever they like: an address must be verified. */
function loginOf(claims: Record<string, unknown>, claim: string): string {
  const value = claims[claim]
  const isVouchedFor = claim !== 'email' || claims.email_verified === true
  if (typeof value !== 'string' || value.trim() === '' || !isVouchedFor) throw new AppError('sign-on-unknown')
  return value
}

/** No answer is another thing than a wrong one. What exactly was wrong stands in the log, and is told to nobody. */
function refusalOf(error: unknown, logger: Logger): unknown {
  if (error instanceof AppError) return error
  const { name, code, message } = error as Error & { code?: string }
  logger.warn({ name, code, message }, 'the issuer and we did not agree')
  return new AppError(REFUSED.has(code ?? '') ? 'sign-on-refused' : 'sign-on-away', {}, { cause: error })
}

/** The library's codes for answers that are there and do not fit; all others mean that there is no issuer to talk to. */
const REFUSED = new Set([
  'OAUTH_RESPONSE_BODY_ERROR',
  'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
])
