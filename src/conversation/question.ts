import { holds } from './conditions.ts'
import type { AskStep, Repair } from './flow.ts'
import {
  type ChoiceRef,
  type MatterDraft,
  type Param,
  type Params,
  quotable,
  type Reply,
  reply,
} from './reply.ts'
import { type Frame, type Slots, valueAt } from './state.ts'

/** A question as it is asked: about which matter, when there are several, and with its choices. */
export function questionReply(
  frame: Frame,
  asked: AskStep & { key: string },
  item: number | null,
  suffix: string,
): Reply {
  const list = asked.each ? (frame.slots[asked.each] as Slots[]) : []
  const subject = item === null ? null : list[item]!
  const about: Param = subject !== null && list.length > 1 ? aboutMatter(subject) : ''
  const variant = asked.variant ? `.${valueAt(frame, subject, asked.variant)}` : ''
  const told = asked.tells ? (valueAt(frame, subject, asked.tells) as Params) : {}
  return reply(
    `${asked.key}${variant}${suffix}`,
    { ...mattersOf(frame), ...paramsOf(frame), ...told, about },
    { choices: choicesOf(frame, asked, item), expects: asked.expects },
  )
}

/** What may be tapped in answer: what the frame offers, then what the dialog does. */
export function choicesOf(frame: Frame, asked: AskStep & { key: string }, item: number | null): ChoiceRef[] {
  const subject = item === null ? null : (frame.slots[asked.each!] as Slots[])[item]!
  const fixed = asked.choices
    .filter(choice => holds(choice.when, frame, subject))
    .map(
      ({ id, means }): ChoiceRef => ({
        id,
        label: { is: 'text', key: `${asked.key}.choices.${id}` },
        ...(means ? { means } : {}),
      }),
    )
  return [...dynamicChoices(asked, frame, subject), ...fixed]
}

/** A repair's own words and what may be tapped after them. */
export function repairReply(id: string, repair: Repair | undefined): Reply {
  const choices = (repair?.choices ?? []).map(
    (choice): ChoiceRef => ({ id: choice, label: { is: 'text', key: `repair.${id}.choices.${choice}` } }),
  )
  return reply(`repair.${id}`, {}, { choices })
}

/** Which of several intents was meant? */
export function whichMeant(intents: readonly string[]): Reply {
  const choices = intents.map((id): ChoiceRef => ({ id, label: { is: 'intent', id } }))
  return reply('repair.clarify', {}, { choices, expects: 'text' })
}

/** Which answer is to be another? */
export function whichChange(changeable: readonly { step: string; label: string }[]): Reply {
  const choices = changeable.map(
    ({ step: id, label }): ChoiceRef => ({ id, label: { is: 'text', key: label } }),
  )
  return reply('repair.change-answer', {}, { choices, expects: 'text' })
}

function aboutMatter(subject: Slots): Param {
  return { is: 'text', key: 'file-matter.about', params: { words: shorten(quotable(String(subject.words))) } }
}

/** What a use case left to choose from, by the slot that the choice fills. */
type Offered = Readonly<Record<string, ChoiceRef[]>>

function dynamicChoices(asked: AskStep, frame: Frame, subject: Slots | null): ChoiceRef[] {
  if (asked.accepts === 'subject') {
    const candidates = (subject as unknown as MatterDraft).subjectCandidates.slice(0, 3)
    return candidates.map(({ label }): ChoiceRef => ({ id: label, label: { is: 'subject', id: label } }))
  }
  if (asked.accepts === 'case') {
    const cases = frame.slots.cases as { id: string; number: string; summary: string }[]
    return cases.map(({ id, number, summary }): ChoiceRef => ({ id, label: `${number} ${shorten(summary)}` }))
  }
  if (asked.accepts === 'offered' || asked.accepts === 'time')
    return (frame.slots.offered as Offered | undefined)?.[asked.ask] ?? []
  return []
}

/** The matters of the frame as a numbered list, for the question whether to file them apart. */
function mattersOf(frame: Frame): Params {
  const matters = (frame.slots.matters ?? []) as MatterDraft[]
  const items = matters.map(
    ({ words }, i): Param => ({
      is: 'text',
      key: 'file-matter.split-item',
      params: { n: i + 1, words: quotable(words) },
    }),
  )
  return { count: matters.length, list: { is: 'list', items, separator: '\n' } }
}

/** What the last use case of the frame came to. */
export function paramsOf(frame: Frame): Params {
  return (frame.slots.params as Params | undefined) ?? {}
}

function shorten(words: string): string {
  const letters = [...words.trim()]
  return letters.length > 18 ? `${letters.slice(0, 17).join('')}…` : letters.join('')
}
