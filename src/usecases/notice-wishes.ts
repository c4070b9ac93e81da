import type { Outcome } from '../conversation/engine-context.ts'
import type { Slots } from '../conversation/state.ts'
import type { Wants } from '../followup/notification-rules.ts'
import { AppError } from '../kernel/errors.ts'
import type { EffectContext } from './effect-context.ts'
import type { Line } from './line.ts'

/** What a person says in the chat that they want to be told from now on, whatever channel would tell it. */
export const noticeEffects = {
  'stop-notices': async (context: EffectContext): Promise<Outcome> => {
    wish(context, 'nothing')
    return { name: 'stopped' }
  },
  'choose-notices': async (context: EffectContext, slots: Slots): Promise<Outcome> => {
    if (slots.instead !== 'results') return { name: 'none' }
    wish(context, 'results')
    return { name: 'results' }
  },
  'resume-notices': async (context: EffectContext): Promise<Outcome> => {
    wish(context, 'all')
    return { name: 'resumed' }
  },
}

function wish({ line, tx, conversation }: EffectContext, wants: Wants): void {
  const { channel, userId: channelUserId } = conversation
  tx.notices.setWants({ channel, channelUserId }, wants, line.clock.now())
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
