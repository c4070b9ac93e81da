import type { Outcome } from '../conversation/engine-context.ts'
import type { ChoiceRef, Param } from '../conversation/reply.ts'
import type { Slots } from '../conversation/state.ts'
import type { Answers } from '../guidance/condition.ts'
import type { GuideView } from '../guidance/told-guide.ts'
import type { EffectContext } from './effect-context.ts'
import { guideFor, openQuestionOf } from './guide.ts'
import { viewGuide } from './guide-view.ts'
import { applyAddress, guideAddress } from './print-guide.ts'

type Effect = (context: EffectContext, slots: Slots) => Promise<Outcome>

/** What the flow `guide-item` does. */
export const guideEffects: Readonly<Record<string, Effect>> = {
  /**
   * Takes the answer to the last question and asks the next one; `begins` the first time, `ready` with the checklist, `stopped` when
   * this person cannot apply. Run again without an answer, it takes the last one back.
   */
  'guide-item': async ({ line, locale }, slots) => {
    const id = String(slots.itemId)
    // Another item was chosen: its questions are asked from the beginning.
    const isNew = slots.guided !== id
    const answers = isNew ? {} : answersNow(slots)
    const guide = guideFor(line, id, answers)
    const open = openQuestionOf(guide)
    const view = viewGuide(line, id, answers, locale)
    const known = { guided: id, answers: view.answers }
    const isStopped = guide.is === 'item' && guide.checklist.stop !== null
    if (isStopped) return { name: 'stopped', params: stopParams(view), slots: known }
    if (!open) return { name: 'ready', params: readyParams(view), slots: known }
    const { key, question } = open
    const offered = question.choices.map(
      (choice): ChoiceRef => ({ id: choice.id, label: { is: 'both', zh: choice.name, en: choice.en } }),
    )
    return {
      name: isNew ? 'begins' : 'asks',
      params: { name: view.name, ask: { is: 'both', zh: question.ask, en: question.en } },
      slots: {
        ...known,
        asked: key,
        offered: { ...(slots.offered as object | undefined), situation: offered },
      },
      clear: ['situation'],
    }
  },

  'send-guide': async ({ line, locale }, slots) => {
    const view = viewGuide(line, String(slots.itemId), (slots.answers ?? {}) as Answers, locale)
    return { name: 'sent', params: { link: guideAddress(line.publicUrl ?? '', view), code: view.code } }
  },

  'apply-for-item': async ({ line, locale }, slots) => {
    const guide = guideFor(line, String(slots.itemId), (slots.answers ?? {}) as Answers)
    const view = viewGuide(line, String(slots.itemId), (slots.answers ?? {}) as Answers, locale)
    const items = guide.is === 'item' ? [guide.item] : guide.checklist.steps.map(({ item }) => item)
    const places = [...new Set(items.flatMap(item => item.places))]
    const where = line.content.catalogue.places.filter(({ id }) => places.includes(id))
    const isOnline = items.every(item => item.channels.includes('online'))
    const base = line.publicUrl ?? ''
    return {
      name: isOnline ? 'online' : 'window',
      params: {
        link: isOnline && view.is === 'item' ? applyAddress(base, view) : guideAddress(base, view),
        where: {
          is: 'list',
          items: where.map(each => ({
            is: 'both',
            zh: `${each.address}${each.name}`,
            en: `${each.en}, ${each.addressEn}`,
          })),
        },
      },
    }
  },
}

function answersNow({ answers, asked, situation }: Slots): Answers {
  const before = (answers ?? {}) as Answers
  if (typeof situation === 'string' && typeof asked === 'string') return { ...before, [asked]: situation }
  // Nothing answered since the last question: whoever goes back wants the one before it again.
  return Object.fromEntries(Object.entries(before).slice(0, -1))
}

function stopParams({ name, stop }: GuideView): Record<string, Param> {
  return {
    name,
    text: stop!.text,
    see: stop!.see ? { is: 'text', key: 'guide.see', params: { name: stop!.see.name } } : '',
  }
}

function readyParams(view: GuideView): Record<string, Param> {
  const documents = view.documents.map(
    ({ name, exempt }): Param =>
      exempt ? { is: 'text', key: 'guide.exempted', params: { name, exempt } } : name,
  )
  const list = (items: Param[]): Param => ({ is: 'list', items, separator: '\n· ' })
  return {
    name: view.name,
    documents: documents.length > 0 ? list(documents) : { is: 'text', key: 'guide.print.none' },
    facts: {
      is: 'list',
      items: view.facts
        .slice(0, MOST_FACTS)
        .map(({ name, value }): Param => ({ is: 'text', key: 'guide.fact-line', params: { name, value } })),
      separator: '\n',
    },
    steps:
      view.is === 'bundle'
        ? { is: 'text', key: 'guide.in-order', params: { items: list(view.steps.map(({ name }) => name)) } }
        : '',
    advice:
      view.advice.length > 0
        ? { is: 'text', key: 'guide.advice', params: { text: view.advice.join('\n') } }
        : '',
  }
}

/** Limit, fee, where and how: in a chat the rest is on the page. */
const MOST_FACTS = 4
