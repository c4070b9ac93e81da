import { localDateOf } from '../clocks/working-calendar.ts'
import type { Outcome } from '../conversation/engine-context.ts'
import type { ChoiceRef, Param, Params } from '../conversation/reply.ts'
import type { Slots } from '../conversation/state.ts'
import { groupOfWords, type HallGroup } from '../hall/hall.ts'
import type { NextBus } from '../hall/timetable.ts'
import { isAppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { busNews } from './bus-news.ts'
import type { EffectContext } from './effect-context.ts'
import { type HallNow, isHallOpen, readHall } from './hall-now.ts'
import { wayText } from './hall-plan.ts'
import type { StoredTicket } from './hall-ports.ts'
import type { Line } from './line.ts'
import { leaveHall, returnToQueue, viewNumber } from './own-number.ts'
import { sayMoment } from './say-due.ts'
import { takeNumber } from './take-number.ts'

type Effect = (context: EffectContext, slots: Slots) => Promise<Outcome>

/** Old or disabled, by the person's own word. */
const ELDERLY =
  /老人|岁数大|年纪大|[七八九]十(多|来)?岁|腿脚|残疾|轮椅|孕妇|elderly|disabled|wheelchair|pregnant/iu

/** What the flows `take-number` and `hall-way` do. */
export const hallEffects: Readonly<Record<string, Effect>> = {
  'find-number': async (context, slots) => {
    const { line } = context
    const known = await numberHere(context)
    const isOver = !known || known.state === 'served' || known.state === 'left'
    if (isOver && !isHallOpen(line)) return { name: 'closed', params: { ...line.content.hall.hours } }
    if (isOver) return { name: 'none', slots: groupSlots(line, String(slots.said ?? '')) }
    const params = numberParams(context, await readHall(line), known)
    const name = { waiting: 'waiting', called: 'called', serving: 'called', missed: 'missed' } as const
    return { name: name[known.state as keyof typeof name], params }
  },

  'take-number': async (context, slots) => {
    const { line, conversation } = context
    try {
      const ticket = await takeNumber(line, {
        group: String(slots.hallGroup),
        takenBy: 'chat',
        // A turn that is taken anew gets the number that it got.
        request: `${conversation.id}:${conversation.lastSeq}`,
        conversationId: conversation.id,
        isElderly: ELDERLY.test(String(slots.said ?? '')),
      })
      return { name: 'taken', params: numberParams(context, await readHall(line), ticket) }
    } catch (error) {
      if (!isAppError(error, 'hall-closed')) throw error
      return { name: 'closed', params: { ...line.content.hall.hours } }
    }
  },

  'rejoin-number': async context => {
    const { line } = context
    const known = await numberHere(context)
    const returned = known && (await unlessTooLate(returnToQueue(line, known.code)))
    if (!returned) return { name: 'too-late' }
    return { name: 'rejoined', params: numberParams(context, await readHall(line), returned) }
  },

  'leave-number': async context => {
    const known = await numberHere(context)
    const left = known && (await unlessTooLate(leaveHall(context.line, known.code)))
    return left ? { name: 'left', params: { label: left.label } } : { name: 'too-late' }
  },

  'show-hall-way': async ({ line, locale }, slots) => {
    const { hall } = line.content
    const group = groupOfWords(hall, String(slots.said ?? ''))
    const link = hallLink(line, '/hall')
    const names: Params = { hall: { is: 'both', zh: hall.name, en: hall.en }, link }
    if (!group) {
      const news = await busNews(line)
      if (!news || news.buses.length === 0) return { name: 'hall', params: { ...names, ...hall.hours } }
      const told: Param = { is: 'text', key: `hall.bus.told.${news.told}` }
      const items = news.buses.map(
        (bus): Param => ({ is: 'text', key: 'hall.bus.one', params: busParams(bus, locale) }),
      )
      return {
        name: 'bus',
        params: { ...names, ...hall.hours, told, buses: { is: 'list', items, separator: '\n' } },
      }
    }
    const windows = hall.windows.filter(({ groups }) => groups.includes(group.id))
    return {
      name: 'window',
      params: {
        ...names,
        group: nameOf(group),
        windows: { is: 'list', items: windows.map(({ id }) => id) },
        way: wayText(line, windows[0]!, locale),
      },
    }
  },
}

/** The number of this conversation today. */
function numberHere({ line, conversation }: EffectContext): Promise<StoredTicket | null> {
  return line.store.hall.ofConversation(conversation.id, localDateOf(line.clock.now()))
}

async function unlessTooLate<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (isAppError(error, 'ticket-not-now')) return null
    throw error
  }
}

/** What the number is for, when the words say it; else what there is to choose from. */
function groupSlots({ content: { hall } }: Line, said: string): Slots {
  const named = groupOfWords(hall, said)
  const offered = hall.groups.map((group): ChoiceRef => ({ id: group.id, label: nameOf(group) }))
  return { offered: { hallGroup: offered }, ...(named ? { hallGroup: named.id } : {}) }
}

function nameOf({ name, en }: HallGroup): Param {
  return { is: 'both', zh: name, en }
}

function numberParams({ line, locale }: EffectContext, hall: HallNow, ticket: StoredTicket): Params {
  const { label, group, before, wait, window, plan, code } = viewNumber(line, hall, ticket, locale)
  return {
    label,
    group,
    ahead: aheadParam(before),
    wait: wait ? { is: 'text', key: 'hall.wait', params: wait } : { is: 'text', key: 'hall.wait-unknown' },
    window: window ?? '',
    way: plan.text,
    link: hallLink(line, `/ticket#${code}`),
  }
}

function busParams({ line, headsign, stop, metres, at, minutes }: NextBus, locale: Locale): Params {
  return { line, headsign, stop, metres, minutes, time: sayMoment(at, locale).time }
}

/** How many are before somebody, in words. */
export function aheadParam(count: number): Param {
  return count > 0
    ? { is: 'text', key: 'hall.ahead', params: { count } }
    : { is: 'text', key: 'hall.ahead-none' }
}

function hallLink({ publicUrl = '' }: Line, path: string): string {
  return `${publicUrl.replace(/\/$/, '')}${path}`
}
