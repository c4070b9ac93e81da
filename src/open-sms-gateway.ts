import type { RateLimiter } from './adapters/http/rate-limiter.ts'
import { createSmsGateway } from './adapters/notify/http-sms-gateway.ts'
import { createAliyunSmsGateway } from './adapters/sms/aliyun-sms-gateway.ts'
import { createLogSmsGateway } from './adapters/sms/log-sms-gateway.ts'
import { type Config, smsGatewayOf } from './config.ts'
import { newId } from './kernel/ids.ts'
import type { AnswerAllowance } from './usecases/answer-by-sms.ts'
import type { Line } from './usecases/line.ts'
import type { SmsGateway } from './usecases/notice-ports.ts'

/** The same for codes that people wait for; null also when the provider sends approved templates only, and none is approved for codes. */
export function codeGatewayOf(
  config: Config,
  { content }: Pick<Line, 'content'>,
  gateway: SmsGateway | null,
): SmsGateway | null {
  const isTemplated = smsGatewayOf(config) === 'aliyun'
  return isTemplated && !content.smsTemplates.templates['sms.phone-code'] ? null : gateway
}

/** The way by which short messages go out; null: there is none. */
export function openSmsGateway(
  config: Config,
  { clock, chance, content, logger }: Pick<Line, 'clock' | 'chance' | 'content' | 'logger'>,
): SmsGateway | null {
  // `readConfig` has seen to it that what goes together is there.
  switch (smsGatewayOf(config)) {
    case 'http':
      return createSmsGateway({ url: config.SMS_GATEWAY_URL!, key: config.SMS_GATEWAY_KEY!, clock })
    case 'aliyun':
      return createAliyunSmsGateway({
        key: { id: config.ALIYUN_SMS_KEY_ID!, secret: config.ALIYUN_SMS_KEY_SECRET! },
        baseUrl: config.ALIYUN_SMS_URL,
        templates: content.smsTemplates,
        clock,
        newNonce: () => newId(clock.now(), chance),
        logger,
      })
    case 'log':
      return createLogSmsGateway({ logger, file: config.SMS_LOG_FILE ?? null })
    case null:
      return null
  }
}

/** What answers by SMS may cost, by the person they go to. */
export function allowanceOf(limiter: RateLimiter): AnswerAllowance {
  return {
    take: person => limiter.take('sms-answer-by-person', person),
    giveBack: person => limiter.giveBack('sms-answer-by-person', person),
  }
}
