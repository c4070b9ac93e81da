import { type Logger as PinoLogger, pino } from 'pino'

/** The part of pino that the house uses. Personal data never goes in; what slips in is redacted. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>

const SECRET_PATHS = [
  'phone',
  'name',
  'address',
  'token',
  'secret',
  'password',
  'queryCode',
  'authorization',
  'cookie',
]

const PERSONAL: readonly [RegExp, string][] = [
  [/(?<!\d)(?:\+?(?:00)?86)?1[3-9]\d{9}(?!\d)/g, '[phone]'],
  // In groups; not where it could be a piece of an id.
  [/(?<![\w-])(?:\+?(?:00)?86[- ])?1[3-9]\d[- ]\d{4}[- ]\d{4}(?![\w-])/g, '[phone]'],
  [/(?<!\d)0\d{2,3}[-) ]?\d{7,8}(?!\d)/g, '[phone]'],
  [/(?<!\d)\d{17}[\dXx](?!\d)/g, '[id-number]'],
  [/([?&](?:t|token|code)=)[^&\s"\\]+/g, '$1[secret]'],
  [/\byk_[\w-]{40,}/g, '[secret]'],
  [/(Bearer\s+)[\w.~+/=-]+/gi, '$1[secret]'],
]

/** A string of a JSON line, quotes included. */
const JSON_STRING = /"(?:[^"\\]|\\.)*"/g

/** Takes phones, identity numbers and tokens out of a text that is about to leave the house. */
export function scrub(text: string): string {
  return PERSONAL.reduce((scrubbed, [pattern, mark]) => scrubbed.replace(pattern, mark), text)
}

function scrubError(error: Error): Record<string, unknown> {
  const cause = error.cause instanceof Error ? { cause: scrubError(error.cause) } : {}
  return { type: error.name, message: scrub(error.message), stack: scrub(error.stack ?? ''), ...cause }
}

/** The house's logger: JSON lines on the given stream (standard output by default), scrubbed. */
export function createLogger(options: {
  level: string
  destination?: { write(line: string): void }
}): PinoLogger {
  return pino(
    {
      level: options.level,
      base: null,
      redact: {
        paths: SECRET_PATHS.flatMap(path => [path, `*.${path}`, `*.*.${path}`]),
        censor: '[redacted]',
      },
      serializers: { err: scrubError, error: scrubError },
      hooks: {
        // The whole line, string by string: what stands in objects and in serialised requests too.
        streamWrite: line => line.replace(JSON_STRING, scrub),
      },
    },
    options.destination ?? pino.destination({ sync: false }),
  )
}
