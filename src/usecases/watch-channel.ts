import type { Logger } from '../kernel/logger.ts'
import type { ChatSender, ChatSenders, SharedMemory } from './channel-ports.ts'
import type { PulseTaker } from './line-health-ports.ts'
import type { SmsGateway } from './notice-ports.ts'

/**
 * What channels do, seen at the ports that they use anyway: what a channel tells the operator as trouble is also counted, so no channel
 * needs to know that somebody counts.
 */

/** Counts what is logged as a warning or an error. */
export function watchedLogger(logger: Logger, channel: string, pulses: Pick<PulseTaker, 'failed'>): Logger {
  const watch = (level: 'warn' | 'error') =>
    ((...said: [unknown, string?]) => {
      pulses.failed(channel, troubleOf(said))
      ;(logger[level] as (...said: unknown[]) => void)(...said)
    }) as Logger['warn']
  return {
    debug: logger.debug.bind(logger),
    info: logger.info.bind(logger),
    fatal: logger.fatal.bind(logger),
    warn: watch('warn'),
    error: watch('error'),
  }
}

/** The error that goes with a line, else the line itself. */
function troubleOf([first, text]: [unknown, string?]): unknown {
  const error = (first as { err?: unknown } | null)?.err
  if (error instanceof Error) return error
  return typeof first === 'string' ? first : (text ?? 'trouble')
}

/** Counts the tokens that the vendor gives: every cached value whose key says so. */
export function watchedShared(
  shared: SharedMemory,
  channel: string,
  pulses: Pick<PulseTaker, 'tokenGiven'>,
): SharedMemory {
  return {
    once: (key, forMs) => shared.once(key, forMs),
    wasAsked: key => shared.wasAsked(key),
    takeBack: key => shared.takeBack(key),
    forget: (key, value) => shared.forget(key, value),
    cached: (key, fetch) =>
      shared.cached(key, async () => {
        const fetched = await fetch()
        if (/-token:/.test(key)) pulses.tokenGiven(channel)
        return fetched
      }),
  }
}

/** Counts what is sent to people unasked. */
export function watchedSenders(senders: ChatSenders, pulses: PulseTaker): ChatSenders {
  return new Map(
    Array.from(senders, ([channel, sender]) => [channel, watchedSender(sender, channel, pulses)]),
  )
}

function watchedSender(sender: ChatSender, channel: string, pulses: PulseTaker): ChatSender {
  return {
    async send(...sending) {
      try {
        const outcome = await sender.send(...sending)
        if (outcome === 'sent') pulses.answered(channel)
        return outcome
      } catch (error) {
        pulses.failed(channel, error)
        throw error
      }
    },
  }
}

/** Counts short messages. */
export function watchedGateway(gateway: SmsGateway, pulses: PulseTaker): SmsGateway {
  return {
    async send(message) {
      try {
        const outcome = await gateway.send(message)
        if (outcome === 'refused') pulses.failed('sms', 'a short message was refused')
        else pulses.answered('sms')
        return outcome
      } catch (error) {
        pulses.failed('sms', error)
        throw error
      }
    },
  }
}

/** What a turn of any channel tells. */
export function noteTurn(
  pulses: PulseTaker,
  { channel, outcome }: { channel: string; outcome: 'done' | 'repeat' | 'failed' },
): void {
  if (outcome === 'repeat') return
  pulses.heard(channel)
  if (outcome === 'done') pulses.answered(channel)
  else pulses.failed(channel, 'a message could not be answered')
}

/** Channels that take no turns, and the posts of vendors, by the pattern of their route. */
const BY_ROUTE: readonly [RegExp, string][] = [
  [/^\/open311\//, 'open311'],
  [/^\/api\/enterprise\//, 'enterprise'],
  [/^\/channels\/telephone/, 'telephone'],
]
const VENDORS = /^\/channels\/([\w-]+)|^\/api\/messages/

/** What an answer to a request tells. A vendor's post that is refused means that its settings are not ours. */
export function noteAnswer(
  pulses: PulseTaker,
  { method, route, status }: { method: string; route: string; status: number },
): void {
  const channel = BY_ROUTE.find(([pattern]) => pattern.test(route))?.[1]
  const trouble = `${method} ${route} was answered with ${status}`
  if (channel) {
    if (status >= 500) pulses.failed(channel, trouble)
    else if (status < 400) {
      pulses.heard(channel)
      pulses.answered(channel)
    }
    return
  }
  const vendor = VENDORS.exec(route)
  if (vendor && (status === 401 || status === 403 || status >= 500))
    pulses.failed(vendor[1] ?? 'bot-framework', trouble)
}
