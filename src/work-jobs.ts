import type { RateLimiter } from './adapters/http/rate-limiter.ts'
import type { JobQueue } from './adapters/jobs/job-queue.ts'
import type { Config } from './config.ts'
import type { Channels } from './open-channels.ts'
import { allowanceOf } from './open-sms-gateway.ts'
import { answerBySms } from './usecases/answer-by-sms.ts'
import { deliverNotification } from './usecases/deliver-notification.ts'
import { followNeighbours } from './usecases/follow-neighbours.ts'
import type { Line } from './usecases/line.ts'
import type { SmsGateway, WebhookSender } from './usecases/notice-ports.ts'
import { notifyDepartment } from './usecases/notify-department.ts'
import { notifyEnterprise } from './usecases/notify-enterprise.ts'
import { pushChat } from './usecases/push-chat.ts'
import { pushMessage } from './usecases/push-message.ts'
import { pushUnasked } from './usecases/say-unasked.ts'
import { sendSms } from './usecases/send-sms.ts'
import { sendWebhook } from './usecases/send-webhook.ts'
import { tellBooking } from './usecases/sweep-bookings.ts'

/** A receiver that does not answer holds one of these for ten seconds in seventy. */
const WEBHOOKS_AT_ONCE = 12

/** What is done later, and what is brought outside. */
export async function workJobs(
  line: Line,
  queue: JobQueue,
  config: Config,
  {
    webhooks,
    gateway,
    limiter,
    channels: { senders },
  }: { webhooks: WebhookSender; gateway: SmsGateway | null; limiter: RateLimiter; channels: Channels },
): Promise<void> {
  const hasSms = gateway !== null
  const reach = { hasSms, pushes: new Set(senders.keys()) }
  await queue.work('notify-resident', job => deliverNotification(line, job, reach))
  await queue.work('notify-department', job => notifyDepartment(line, job))
  await queue.work('notify-enterprise', job => notifyEnterprise(line, job))
  await queue.work('follow-neighbours', job => followNeighbours(line, job))
  await queue.workOutside('push-message', job => pushMessage(line, job, { senders, hasSms }))
  await queue.workOutside('push-chat', job => pushChat(line, job, senders))
  await queue.workOutside('push-unasked', job => pushUnasked(line, job, senders))
  await queue.workOutside('send-webhook', job => sendWebhook(line, job, webhooks), WEBHOOKS_AT_ONCE)
  const { PUBLIC_URL: publicUrl = null, SMS_UP_PATH } = config
  const hearsReplies = SMS_UP_PATH !== undefined
  await queue.workOutside('tell-booking', job => tellBooking(line, job, gateway))
  await queue.workOutside('send-sms', job => sendSms(line, job, { gateway, publicUrl, hearsReplies }))
  const allowance = allowanceOf(limiter)
  await queue.workOutside('answer-sms', job => answerBySms(line, job, { gateway, allowance }))
}
