import type { Outcome } from '../conversation/engine-context.ts'
import type { Slots } from '../conversation/state.ts'
import type { Wants } from '../followup/notification-rules.ts'
import { AppError } from '../kernel/errors.ts'
import { toldCases } from './ask-by-sms.ts'
import type { EffectContext } from './effect-context.ts'
import type { Line } from './line.ts'

/** What a person says in the chat that they want to be told from now on, whatever channel would tell it. */
export const noticeEffects = {
  'stop-notices': async (context: EffectContext, slots: Slots): Promise<Outcome> => {
    await wish(context, slots, 'nothing')
    return { name: 'stopped' }
  },
  'choose-notices': async (context: EffectContext, slots: Slots): Promise<Outcome> => {
    if (slots.instead !== 'results') return { name: 'none' }
    await wish(context, slots, 'results')
    return { name: 'results' }
  },
  'resume-notices': async (context: EffectContext, slots: Slots): Promise<Outcome> => {
    await wish(context, slots, 'all')
    return { name: 'resumed' }
  },
}

/** For the person of this conversation, and for those who left the number that it was told to by SMS. */
async function wish({ line, tx, conversation }: EffectContext, slots: Slots, wants: Wants): Promise<void> {
  const { channel, userId: channelUserId } = conversation
  const owners = await Promise.all(toldCases(slots).map(caseId => tx.personOf(caseId)))
  const all = [{ channel, channelUserId }, ...owners.filter(owner => owner !== null)]
  const persons = new Map(all.map(person => [`${person.channel} ${person.channelUserId}`, person]))
  for (const person of persons.values()) tx.notices.setWants(person, wants, line.clock.now())
}

/** What the owner of a link wants to be told. @throws AppError `notice-link-not-found` */
export function wantsByLink(line: Line, token: string): Promise<Wants> {
  return line.store.transact(async tx => {
    const wants = await tx.notices.wantsByLink(token)
    if (wants === null) throw new AppError('notice-link-not-found')
    return wants
  })
}

/** @throws AppError `notice-link-not-found` */
export async function setWantsByLink(line: Line, token: string, wants: Wants): Promise<void> {
  await line.store.transact(async tx => {
    if ((await tx.notices.wantsByLink(token)) === null) throw new AppError('notice-link-not-found')
    tx.notices.setWantsByLink(token, wants, line.clock.now())
  })
}
