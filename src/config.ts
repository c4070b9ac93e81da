import { z } from 'zod'

/** Every setting, from the environment. An empty variable counts as absent. */
export const configSchema = z.object({
  /** Port of the pages, the channels and the APIs. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(8890),
  /** Address to listen on. */
  HOST: z.string().default('0.0.0.0'),
  /** Folder of everything that this instance keeps: embedded database, uploads, keys, model. */
  DATA_DIR: z.string().default('./data'),
  /** A PostgreSQL server (15 or newer); without it the embedded one in `DATA_DIR`. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Redis for several instances; without it everything shared is kept in this process. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** The city's content folder. */
  CITY: z.string().default('cities/shenfu'),
  /** Lets other Direct Line clients in; without it only the resident's page gets tokens. */
  DIRECT_LINE_SECRET: z.string().min(16, 'at least 16 characters').optional(),
  /** 32 bytes in base64 that seal personal data; without it a key file is made in `DATA_DIR`. */
  DATA_KEY: z.string().optional(),
  /** Address under which people reach the line, e.g. `https://12345.example.cn`. */
  PUBLIC_URL: z.url().optional(),
  /** Origins, separated by commas, that may embed the chat. */
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform(list =>
      list
        .split(',')
        .map(origin => origin.trim())
        .filter(Boolean),
    ),
  /** Proxies in front whose forwarded addresses are believed: addresses, `true`, or nothing. */
  TRUST_PROXY: z
    .string()
    .default('')
    .transform(text => (text === 'true' ? true : text || false)),
  /** debug, info, warn, error, fatal or silent. */
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})
export type Config = z.output<typeof configSchema>

/**
 * Reads the settings.
 * @throws Error that lists every wrong one
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const parsed = configSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => `environment: ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(problems.join('\n'))
}
