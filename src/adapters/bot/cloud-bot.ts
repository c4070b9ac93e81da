import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type TurnContext,
} from 'botbuilder'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import { VendorAway } from '../chat/call-vendor.ts'
import { inTime } from '../chat/in-time.ts'
import { type BotFrameworkActivity, type BotFrameworkAddress, botOf } from './bot-framework-activity.ts'
import { ChannelRefusal } from './channel-refusal.ts'
import { withoutConsole } from './sdk-console.ts'
import type { Shown } from './show-on-channel.ts'

/** An app of the Bot Framework. */
export interface BotFrameworkApp {
  id: string
  password: string
  /** Null for an app of several tenants. */
  tenant: string | null
}

/** What a turn says; `invokeAnswer` stands in the answer to the request itself. */
export interface TurnAnswer {
  shown: readonly Shown[]
  invokeAnswer?: object
}

type Authenticated = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['authenticateRequest']>>

/** Issuer of what channels send. Source: "Authentication with the Bot Connector API". */
const ISSUER = 'https://api.botframework.com'
/** They may be taken later. */
const LATER = [401, 408, 429]
/** A channel gives a request up after 15 seconds; the SDK tries again and obeys Retry-After until then. */
const SEND_WITHIN_MS = 12_000

/**
 * The SDK's adapter, with its errors as ours and its console in the logger. Authentication and the turn are two steps here: a caller
 * who may not call is told so, and one whose answer did not arrive something else.
 */
export class CloudBot extends CloudAdapter {
  readonly #app: BotFrameworkApp | null
  readonly #logger: Logger

  /** @param app null for the Emulator on a machine of development: then every caller is believed */
  constructor(app: BotFrameworkApp | null, logger: Logger) {
    super(authenticationOf(app))
    this.#app = app
    this.#logger = logger
  }

  /** @throws AppError `token-missing`, `token-invalid`; `vendor-away` when the keys of the Bot Framework cannot be had */
  async authenticate(
    activity: BotFrameworkActivity,
    authorization: string,
    { isEmulatorAllowed }: { isEmulatorAllowed: boolean },
  ): Promise<Authenticated> {
    if (this.#app && authorization.trim() === '') throw new AppError('token-missing')
    const asked = withoutConsole(this.#logger, () =>
      this.botFrameworkAuthentication.authenticateRequest(toSdk(activity), authorization),
    )
    const authenticated = await asked.catch(cause => {
      const isAway = cause.name === 'FetchError' || cause.statusCode === 500
      this.#logger.warn(
        { because: String(cause.message).slice(0, 200) },
        'Bot Framework: a caller is not known',
      )
      throw new AppError(isAway ? 'vendor-away' : 'token-invalid')
    })
    const issuer = authenticated.claimsIdentity.getClaimValue('iss')
    if (!isEmulatorAllowed && issuer !== ISSUER) throw new AppError('token-invalid')
    return authenticated
  }

  /**
   * Runs a turn whose answer goes back by the channel, or, where the caller waits for it, in what is returned.
   * @throws VendorAway, ChannelRefusal when what was said did not arrive
   */
  take(
    authenticated: Authenticated,
    activity: BotFrameworkActivity,
    turn: () => Promise<TurnAnswer>,
  ): Promise<{ status: number; body?: unknown } | undefined> {
    return withoutConsole(this.#logger, () =>
      this.processActivity(authenticated, toSdk(activity), async context => {
        const { shown, invokeAnswer } = await turn()
        await this.#send(context, shown)
        if (invokeAnswer)
          await context.sendActivity({ type: 'invokeResponse', value: { status: 200, body: invokeAnswer } })
      }),
    )
  }

  /** Says something that nobody waits for. @throws VendorAway, ChannelRefusal */
  say(address: BotFrameworkAddress, shown: readonly Shown[]): Promise<void> {
    return withoutConsole(this.#logger, () =>
      // The SDK wants fields that no reference of a channel has.
      this.continueConversationAsync(this.#app?.id ?? '', address as never, context =>
        this.#send(context, shown),
      ),
    )
  }

  /** Token for requests to the channels' services; null without an app. @throws VendorAway */
  async bearer({ isNew = false } = {}): Promise<string | null> {
    if (!this.#app) return null
    const factory = this.botFrameworkAuthentication.createConnectorFactory(
      this.createClaimsIdentity(this.#app.id),
    )
    const { credentials } = (await factory.create(ISSUER, ISSUER)) as unknown as {
      credentials: { getToken(force: boolean): Promise<string> }
    }
    return withoutConsole(this.#logger, () => credentials.getToken(isNew)).catch(cause => {
      throw new VendorAway(`no token for the Bot Framework: ${String(cause.errorCode ?? cause.name)}`)
    })
  }

  async #send(context: TurnContext, shown: readonly Shown[]): Promise<void> {
    const sending = this.#sendEach(context, shown)
    const outcome = await inTime(sending, SEND_WITHIN_MS)
    if (outcome.isInTime) return
    outcome.later.catch(() => {})
    throw new VendorAway('the channel did not take the answer in time')
  }

  async #sendEach(context: TurnContext, shown: readonly Shown[]): Promise<void> {
    for (const each of shown) {
      const send = () => context.sendActivity(each as Partial<Activity>)
      await send()
        .catch(async error => {
          if (error.statusCode !== 401) throw error
          // The password was changed, or the token was taken back: a new one, and once more.
          await this.bearer({ isNew: true })
          return send()
        })
        .catch(error => {
          throw asOurs(error)
        })
    }
  }
}

/** Errors of the SDK carry the whole request, token and message included: only its status goes on. */
function asOurs(error: unknown): Error {
  if (error instanceof VendorAway) return error
  const { statusCode, name } = error as { statusCode?: unknown; name?: unknown }
  if (typeof statusCode !== 'number') return new VendorAway(`the channel did not answer: ${String(name)}`)
  const isRefusal = statusCode >= 400 && statusCode < 500 && !LATER.includes(statusCode)
  return isRefusal
    ? new ChannelRefusal(statusCode)
    : new VendorAway(`the channel answered with ${statusCode}`)
}

function authenticationOf(app: BotFrameworkApp | null): ConfigurationBotFrameworkAuthentication {
  const tenant = app?.tenant ? { MicrosoftAppTenantId: app.tenant } : {}
  const settings = {
    ...(app ? { MicrosoftAppId: app.id, MicrosoftAppPassword: app.password } : {}),
    ...tenant,
    MicrosoftAppType: app?.tenant ? 'SingleTenant' : 'MultiTenant',
  }
  return new ConfigurationBotFrameworkAuthentication(
    settings,
    new ConfigurationServiceClientCredentialFactory(settings),
  )
}

/** The SDK gets what was checked and what it needs, on an object of its own. */
function toSdk(activity: BotFrameworkActivity): Activity {
  const { type, id, channelId, serviceUrl, from, recipient, conversation, deliveryMode } = activity
  return {
    type,
    channelId,
    serviceUrl,
    from: { id: from.id },
    recipient: botOf(recipient),
    conversation: {
      id: conversation.id,
      ...(conversation.tenantId ? { tenantId: conversation.tenantId } : {}),
    },
    ...(id ? { id } : {}),
    ...(deliveryMode ? { deliveryMode } : {}),
  } as Activity
}
