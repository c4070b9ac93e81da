import { isIP } from 'node:net'
import { z } from 'zod'
import { DESK_ROLES } from './cases/case-state.ts'

/** Wrong settings, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Settings that are given all or none. */
const TOGETHER = [
  ['WECHAT_TOKEN', 'WECHAT_AES_KEY', 'WECHAT_APP_ID', 'WECHAT_APP_SECRET'],
  ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'],
  ['WECHAT_KF_CORP_ID', 'WECHAT_KF_SECRET', 'WECHAT_KF_TOKEN', 'WECHAT_KF_AES_KEY'],
  ['DINGTALK_APP_KEY', 'DINGTALK_APP_SECRET', 'DINGTALK_ROBOT_CODE'],
  ['DINGTALK_TOKEN', 'DINGTALK_AES_KEY'],
  ['FEISHU_APP_ID', 'FEISHU_APP_SECRET', 'FEISHU_ENCRYPT_KEY', 'FEISHU_VERIFICATION_TOKEN'],
  ['ALIYUN_SMS_KEY_ID', 'ALIYUN_SMS_KEY_SECRET'],
  ['BOT_APP_ID', 'BOT_APP_PASSWORD'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
] as const

const nonEmpty = z.string().min(1).optional()
const callbackToken = z.string().min(3).max(32).optional()
const encodingKey = z
  .string()
  .regex(/^[A-Za-z0-9]{43}$/, 'must be the 43 characters of EncodingAESKey')
  .optional()
/** Where a vendor's interface is called, or a proxy in front of it. */
const interfaceAt = (address: string) => z.url({ protocol: /^https?$/ }).default(address)

/** What each way to send short messages needs. */
const GATEWAY_NEEDS = {
  http: ['SMS_GATEWAY_URL', 'SMS_GATEWAY_KEY'],
  aliyun: ['ALIYUN_SMS_KEY_ID', 'ALIYUN_SMS_KEY_SECRET'],
  log: [],
} as const

/** Where the Bot Framework's channels have their services: Teams, and all others. */
const BOT_SERVICE_HOSTS = 'smba.trafficmanager.net,*.botframework.com'

/** Every setting, from the environment. An empty variable counts as absent. */
export const configSchema = z
  .object({
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
    /** Timetable of the city's buses (GTFS): address of a zip, or a folder; without it the city's own folder `gtfs`, if there is one. */
    GTFS_URL: nonEmpty,
    /** What the buses say of themselves (GTFS-Realtime, trip updates); without it the timetable is told. */
    GTFS_REALTIME_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** The city's content folder. */
    CITY: z.string().default('cities/shenfu'),
    /** Lets other Direct Line clients in; without it only the resident's page gets tokens. */
    DIRECT_LINE_SECRET: z.string().min(16, 'at least 16 characters').optional(),
    /** Lets the telephone system tell of calls; without it that channel is off. */
    TELEPHONE_SECRET: z.string().min(16, 'at least 16 characters').optional(),
    /** 32 bytes in base64 that seal personal data; without it a key file is made in `DATA_DIR`. */
    DATA_KEY: z
      .string()
      .refine(text => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64')
      .optional(),
    /** Address under which people reach the line, e.g. `https://12345.example.cn`. */
    PUBLIC_URL: z.url().optional(),
    /** Origins, separated by commas, that may embed the chat. */
    ALLOWED_ORIGINS: z
      .string()
      .default('')
      .transform(separated)
      .pipe(z.array(z.string().refine(isOrigin, 'must be origins such as https://www.example.cn'))),
    /** How short messages go out: posted to an address, by Alibaba Cloud, or for development only into the log. Left out: `http` when there is an address, else none, and whoever is not in the conversation is called. */
    SMS_GATEWAY: z.enum(['http', 'aliyun', 'log']).optional(),
    /** Where short messages are posted to. */
    SMS_GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** Shared secret with which posts to the gateway are signed. */
    SMS_GATEWAY_KEY: z.string().min(16, 'at least 16 characters').optional(),
    /** Access key of Alibaba Cloud that may send short messages. */
    ALIYUN_SMS_KEY_ID: nonEmpty,
    ALIYUN_SMS_KEY_SECRET: nonEmpty,
    /** Where the interface of Alibaba Cloud is called, or a proxy in front of it. */
    ALIYUN_SMS_URL: interfaceAt('https://dysmsapi.aliyuncs.com'),
    /** Of `log` only: a file for what would have been sent, numbers included; without it nothing is kept. */
    SMS_LOG_FILE: z.string().optional(),
    /** Secret end of the address to which the provider brings people's short messages; without it nobody can answer by SMS. */
    SMS_UP_PATH: z
      .string()
      .regex(/^[\w-]{16,200}$/, 'at least 16 characters out of A-Z a-z 0-9 _ -')
      .optional(),
    /** Networks, separated by commas, from which the provider brings them; without it whoever knows the address may. */
    SMS_UP_NETWORKS: z
      .string()
      .default('')
      .transform(separated)
      .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()]))),
    /** The WeChat official account: token and key (43 characters) of its server settings, and the account itself; all four or none. */
    WECHAT_TOKEN: callbackToken,
    WECHAT_AES_KEY: encodingKey,
    WECHAT_APP_ID: nonEmpty,
    WECHAT_APP_SECRET: nonEmpty,
    WECHAT_API_URL: interfaceAt('https://api.weixin.qq.com'),
    /** An application in WeCom (企业微信): the enterprise, the application, and token and key of its message receiver; all five or none. */
    WECOM_CORP_ID: nonEmpty,
    WECOM_AGENT_ID: z
      .string()
      .regex(/^\d{1,12}$/, 'must be the number of the application')
      .optional(),
    WECOM_SECRET: nonEmpty,
    WECOM_TOKEN: callbackToken,
    WECOM_AES_KEY: encodingKey,
    /** Of 微信客服, too, which is a part of WeCom. */
    WECOM_API_URL: interfaceAt('https://qyapi.weixin.qq.com'),
    /** 微信客服: the enterprise, the secret of 微信客服 itself, and token and key of its callback; all four or none. */
    WECHAT_KF_CORP_ID: nonEmpty,
    WECHAT_KF_SECRET: nonEmpty,
    WECHAT_KF_TOKEN: callbackToken,
    WECHAT_KF_AES_KEY: encodingKey,
    /** A robot in DingTalk (钉钉); all three or none. */
    DINGTALK_APP_KEY: nonEmpty,
    DINGTALK_APP_SECRET: nonEmpty,
    DINGTALK_ROBOT_CODE: nonEmpty,
    /** Of its event callbacks, when there are any; both or none. */
    DINGTALK_TOKEN: nonEmpty,
    DINGTALK_AES_KEY: encodingKey,
    DINGTALK_API_URL: interfaceAt('https://api.dingtalk.com'),
    /** A robot in Feishu (飞书), or in Lark with another `FEISHU_API_URL`; all four or none. */
    FEISHU_APP_ID: nonEmpty,
    FEISHU_APP_SECRET: nonEmpty,
    FEISHU_ENCRYPT_KEY: nonEmpty,
    FEISHU_VERIFICATION_TOKEN: nonEmpty,
    FEISHU_API_URL: interfaceAt('https://open.feishu.cn'),
    /** Bot Framework channels: the app and its password, both or none; the tenant when it is of a single one. */
    BOT_APP_ID: nonEmpty,
    BOT_APP_PASSWORD: nonEmpty,
    BOT_APP_TENANT: nonEmpty,
    /** Hosts to which answers go and from which files are fetched, separated by commas; `*.` stands for any below. */
    BOT_SERVICE_HOSTS: z
      .string()
      .default(BOT_SERVICE_HOSTS)
      .transform(text => separated(text.toLowerCase()))
      .pipe(z.array(z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be hosts'))),
    /** Lets the Bot Framework Emulator in, without an app too; in development only. */
    BOT_EMULATOR: z
      .enum(['true', 'false'])
      .default('false')
      .transform(text => text === 'true'),
    /** `development` on the machine of somebody who works on the line. */
    NODE_ENV: z.string().optional(),
    /** Inner networks, separated by commas, in which systems of departments may be told of events, also by plain HTTP. */
    WEBHOOK_NETWORKS: z
      .string()
      .default('')
      .transform(separated)
      .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()]))),
    /** Programs of others that may file by Open311: `name:key`, separated by commas; without any only reading works. */
    OPEN311_KEYS: z
      .string()
      .default('')
      .transform(separated)
      .pipe(
        z.array(
          z
            .string()
            .regex(/^[a-z0-9-]{1,40}:\S{16,200}$/, 'must be name:key, a key of at least 16 characters'),
        ),
      )
      .transform(keys => keys.map(nameAndKey))
      .refine(keys => new Set(keys.map(({ name }) => name)).size === keys.length, 'each name once'),
    /** Roles, separated by commas, that open the desk only with a second factor. */
    SECOND_FACTOR_ROLES: z
      .string()
      .default('')
      .transform(separated)
      .pipe(z.array(z.enum(DESK_ROLES))),
    /** The house that knows the people who open the desk (OpenID Connect): its address, and our client there; all three or none. */
    OIDC_ISSUER: z
      .url({ protocol: /^https?$/ })
      .refine(isSafe, 'must be https, or on this machine')
      .optional(),
    OIDC_CLIENT_ID: nonEmpty,
    OIDC_CLIENT_SECRET: nonEmpty,
    /** The claim of the ID token that is a login here; an `email` must be a verified one. */
    OIDC_LOGIN_CLAIM: z.string().default('preferred_username'),
    /** Proxies in front whose forwarded addresses are believed: addresses, `true`, or nothing. */
    TRUST_PROXY: z
      .string()
      .default('')
      .refine(isTrust, 'must be addresses or networks, separated by commas, or true')
      .transform(text => (text === 'true' ? true : text || false)),
    /** debug, info, warn, error, fatal or silent. */
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  })
  .refine(({ DINGTALK_TOKEN, DINGTALK_APP_KEY }) => !DINGTALK_TOKEN || DINGTALK_APP_KEY, {
    path: ['DINGTALK_APP_KEY'],
    message: 'goes with DINGTALK_TOKEN',
  })
  .refine(({ BOT_APP_TENANT, BOT_APP_ID }) => !BOT_APP_TENANT || BOT_APP_ID, {
    path: ['BOT_APP_TENANT'],
    message: 'goes with BOT_APP_ID, BOT_APP_PASSWORD',
  })
  .refine(({ BOT_EMULATOR, NODE_ENV }) => !BOT_EMULATOR || NODE_ENV === 'development', {
    path: ['BOT_EMULATOR'],
    // Without an app whoever calls is believed, and chooses where the answer goes.
    message: 'is for NODE_ENV=development only; else set BOT_APP_ID, BOT_APP_PASSWORD',
  })
  .superRefine((config, context) => {
    const gateway = smsGatewayOf(config)
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    for (const name of gateway ? GATEWAY_NEEDS[gateway] : [])
      if (config[name] === undefined) issue(name, `goes with SMS_GATEWAY=${gateway}`)
    if (config.SMS_UP_PATH && !gateway) issue('SMS_GATEWAY', 'goes with SMS_UP_PATH: answers must go out')
    for (const together of TOGETHER) {
      const missing = together.filter(name => config[name] === undefined)
      if (missing.length === together.length) continue
      for (const name of missing) issue(name, `goes with ${together.join(', ')}`)
    }
  })
export type Config = z.output<typeof configSchema>

function nameAndKey(text: string): { name: string; key: string } {
  const at = text.indexOf(':')
  return { name: text.slice(0, at), key: text.slice(at + 1) }
}

/** How short messages go out; null: not at all. */
export function smsGatewayOf(config: {
  SMS_GATEWAY?: keyof typeof GATEWAY_NEEDS | undefined
  SMS_GATEWAY_URL?: string | undefined
}): keyof typeof GATEWAY_NEEDS | null {
  return config.SMS_GATEWAY ?? (config.SMS_GATEWAY_URL ? 'http' : null)
}

function isSafe(address: string): boolean {
  // What is no address at all is said by the check before.
  if (!URL.canParse(address)) return true
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text.replace(/\/$/, '')
}

/** What `proxy-addr` understands. */
function isTrust(text: string): boolean {
  const named = ['loopback', 'linklocal', 'uniquelocal']
  return (
    text === 'true' || separated(text).every(each => named.includes(each) || isIP(each.split('/')[0]!) !== 0)
  )
}

function separated(list: string): string[] {
  return list
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
}

/**
 * Reads the settings.
 * @throws ConfigError that lists every wrong one
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const parsed = configSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => `environment: ${issue.path.join('.')}: ${issue.message}`)
  throw new ConfigError(problems.join('\n'))
}
