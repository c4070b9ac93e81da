import { transitionOfEvent } from '../cases/workflow.ts'
import type { ContentProblem } from './content-problem.ts'
import type { RawContent } from './raw-content.ts'

type Raw = Pick<RawContent, 'notifications' | 'levels'>

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

/** Keys of what is said by these rules. */
export function notificationKeys({ notifications }: Raw): string[] {
  const { residents } = notifications.value
  return [
    ...residents.filter(rule => rule.by.includes('conversation')).map(rule => `notify.${rule.event}`),
    ...residents.filter(rule => rule.by.includes('sms')).map(rule => `sms.${rule.event}`),
    'notify.several',
    'notify.asks',
    'notify.asks-contacted',
    'notify.asks-resolved',
    'sms.where-link',
    'sms.where-phone',
    'sms.stop',
  ]
}
