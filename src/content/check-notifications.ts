import { transitionOfEvent } from '../cases/workflow.ts'
import type { NotificationRules } from '../followup/notification-rules.ts'
import type { ContentProblem } from './content-problem.ts'
import type { RawContent } from './raw-content.ts'

/** Of bookings people are told by SMS; see `sweep-bookings.ts`. */
const BOOKING_KEYS = ['sms.booking-reminder', 'sms.booking-offer']

type Raw = Pick<RawContent, 'notifications' | 'levels' | 'smsTemplates'>

/** Every rule must be about an event that happens, at a percentage at which some profile warns. */
export function checkNotifications({ notifications, levels }: Raw): ContentProblem[] {
  const { file, value } = notifications
  const warned = new Set([100, ...levels.value.profiles.flatMap(profile => profile.warnAt)])
  return (['residents', 'departments'] as const).flatMap(group =>
    value[group].flatMap(({ event, clock, percent }, i) => {
      const isOfClock = ['clock-warned', 'clock-breached', 'clock-chased'].includes(event)
      return [
        ...(transitionOfEvent.has(event)
          ? []
          : [file.problem([group, i, 'event'], `nothing that happens is called "${event}"`)]),
        ...(percent === undefined || warned.has(percent)
          ? []
          : [file.problem([group, i, 'percent'], `no profile warns at ${percent} %`)]),
        ...(isOfClock || (clock === undefined && percent === undefined)
          ? []
          : [file.problem([group, i, 'clock'], `"${event}" is not the event of a clock`)]),
      ]
    }),
  )
}

/** Every template must stand for a text that is sent by SMS. */
export function checkSmsTemplates({ notifications, smsTemplates }: Raw): ContentProblem[] {
  const sent = new Set(['sms.answer', 'sms.phone-code', ...BOOKING_KEYS, ...keysBySms(notifications.value)])
  const { file, value } = smsTemplates
  return Object.keys(value.templates)
    .filter(key => !sent.has(key))
    .map(key => file.problem(['templates', key], `no rule sends "${key}" by SMS`))
}

function keysBySms({ residents }: NotificationRules): string[] {
  return residents.filter(rule => rule.by.includes('sms')).map(rule => `sms.${rule.event}`)
}

/** Keys of what is said by these rules. */
export function notificationKeys({ notifications }: Pick<Raw, 'notifications'>): string[] {
  const { residents } = notifications.value
  return [
    ...residents.filter(rule => rule.by.includes('conversation')).map(rule => `notify.${rule.event}`),
    ...keysBySms(notifications.value),
    'notify.several',
    'notify.asks',
    'notify.asks-contacted',
    'notify.asks-resolved',
    'sms.where-link',
    'sms.where-phone',
    'sms.stop',
    'sms.stop-reply',
    'sms.how-to.rate-case.contacted',
    'sms.how-to.rate-case.resolved',
    'sms.how-to.later',
    'sms.answer',
    'sms.card-filed',
    'sms.phone-code',
    ...BOOKING_KEYS,
  ]
}
