import { AsyncLocalStorage } from 'node:async_hooks'
import type { Logger } from '../../kernel/logger.ts'

const underway = new AsyncLocalStorage<Logger>()
let isListening = false

/**
 * Runs a piece of the SDK. What it would write to the console, such as every token that has expired, goes to the logger; what others
 * write there meanwhile does not.
 */
export function withoutConsole<T>(logger: Logger, work: () => Promise<T>): Promise<T> {
  listen()
  return underway.run(logger, work)
}

function listen(): void {
  if (isListening) return
  isListening = true
  for (const method of ['error', 'warn'] as const) {
    const write = console[method].bind(console)
    console[method] = (...written: unknown[]) => {
      const logger = underway.getStore()
      if (logger) logger.warn({ written: written.map(inShort) }, 'Bot Framework SDK')
      else write(...written)
    }
  }
}

/** Errors of the SDK carry whole requests, with their tokens. */
function inShort(value: unknown): string {
  return (value instanceof Error ? `${value.name}: ${value.message}` : String(value)).slice(0, 100)
}
