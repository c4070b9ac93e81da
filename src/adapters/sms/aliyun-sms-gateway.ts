import type { SmsTemplates } from '../../content/sms-templates.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { ShortMessage, SmsGateway } from '../../usecases/notice-ports.ts'
import { askVendor, VendorAway } from '../chat/call-vendor.ts'
import { type AccessKey, signAcs3 } from './acs3-signature.ts'

export interface AliyunSms {
  key: AccessKey
  /** `https://dysmsapi.aliyuncs.com`, or a proxy in front of it. */
  baseUrl: string
  templates: SmsTemplates
  clock: Clock
  /** A word that was never used before. */
  newNonce(): string
  logger: Pick<Logger, 'warn'>
}

/** About this number or this text: it will be the same tomorrow. Source: "国内消息API错误码". */
const REFUSED = new Set([
  'isv.MOBILE_NUMBER_ILLEGAL',
  'isv.MOBILE_COUNT_OVER_LIMIT',
  'isv.DOMESTIC_NUMBER_NOT_SUPPORTED',
  'isv.BLACK_KEY_CONTROL_LIMIT',
  'isv.SMS_CONTENT_ILLEGAL',
  'isv.INVALID_PARAMETERS',
  'isv.INVALID_JSON_PARAM',
  'isv.PARAM_LENGTH_LIMIT',
  'isv.PARAM_NOT_SUPPORT_URL',
  'isv.TEMPLATE_MISSING_PARAMETERS',
  'isv.TEMPLATE_PARAMS_ILLEGAL',
  'isv.SMS_TEST_NUMBER_LIMIT',
  'FILTER',
])

/**
 * Short messages by Alibaba Cloud, which sends approved templates only: a text without one is refused, and the person is called
 * instead. Everything else but the codes above (account, signature, quota, pace) may work later, when somebody has mended it.
 * Its interface knows no repeats: an answer that was lost on its way means a second message.
 */
export function createAliyunSmsGateway(parts: AliyunSms): SmsGateway {
  const { key, baseUrl, templates, clock, newNonce, logger } = parts
  return {
    async send(message) {
      const params = paramsOf(message, templates)
      if (!params) {
        logger.warn({ text: message.of.key }, 'SMS: this text has no template at the provider')
        return 'refused'
      }
      const url = new URL(baseUrl)
      const call = { host: url.host, action: 'SendSms', version: '2017-05-25', params }
      const { query, headers } = signAcs3({ ...call, nonce: newNonce(), at: clock.now() }, key)
      url.search = query
      const { Code: code = '' } = await askVendor({ url, headers, method: 'POST' })
      if (code === 'OK') return 'sent'
      logger.warn({ code, text: message.of.key }, 'SMS: the provider did not take a message')
      if (REFUSED.has(String(code))) return 'refused'
      throw new VendorAway(`the provider of short messages said ${String(code).slice(0, 60)}`)
    },
  }
}

function paramsOf(
  { to, key, of }: ShortMessage,
  { sign, templates }: SmsTemplates,
): Record<string, string> | null {
  const template = templates[of.key]
  if (!template) return null
  const filled = Object.entries(template.params).map(([name, from]) => [name, of.params[from] ?? ''])
  return {
    PhoneNumbers: to,
    SignName: sign,
    TemplateCode: template.code,
    TemplateParam: JSON.stringify(Object.fromEntries(filled)),
    OutId: key.slice(0, 256),
  }
}
