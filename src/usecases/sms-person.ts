import type { Channel } from '../cases/channels.ts'
import { DAY } from '../kernel/clock.ts'
import type { ChatPerson } from './hear-message.ts'

/** The channel's name in conversations and cases. */
export const SMS: Channel = 'sms'

/** With or without the country's code; what a short message can come from and go to. */
const MOBILE = /^(?:(?:\+|00)?86)?(1[3-9]\d{9})$/

/** The eleven digits of a mobile number; null when it is none, such as the number of a service. */
export function mobileNumber(text: string): string | null {
  return MOBILE.exec(text.trim())?.[1] ?? null
}

/** Whoever has this number. What is sent to them is paid for by the message, not counted by an allowance. */
export function smsPerson(number: string): ChatPerson {
  return { channel: SMS, address: number, phone: number, allowance: { messages: 1, forMs: DAY } }
}
