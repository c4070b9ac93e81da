import type { Person } from './ports.ts'

/** Phone and name are masked unless they were asked for, the company that they speak for is not; of a protected reporter there is only `relay`. */
export interface ShownPerson {
  name: string | null
  phone: string | null
  channel: string
  isMasked: boolean
  /** The number through which a reporter is reached who is not shown. */
  relay: string | null
}

/** The person of a case as the desk sees them: masked unless they were asked for. */
export function presentPerson(person: Person | null, isAsked: boolean): ShownPerson | null {
  if (!person) return null
  const { channel, organisation } = person
  const named = (name: string | null) => [organisation, name].filter(Boolean).join(' · ') || null
  if (isAsked) return { name: named(person.name), phone: person.phone, channel, isMasked: false, relay: null }
  return {
    name: named(person.name && `${[...person.name][0]}＊`),
    phone: person.phone && maskPhone(person.phone),
    channel,
    isMasked: true,
    relay: null,
  }
}

/** Enough of a phone's number to tell it from others, too little to call it. */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 3)}****${phone.slice(-2)}`
}
