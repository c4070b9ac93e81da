import type { Outgoing } from '../../conversation/message.ts'
import type { Heard } from '../../usecases/hear-message.ts'
import type { ChatLine } from '../chat/chat-line.ts'
import { adaptiveCard } from './adaptive-card.ts'
import type { RenderedActivity } from './bot-activity.ts'

/** What a channel can show. */
interface Abilities {
  hasCards: boolean
  /** Most suggested actions at once. */
  buttons: number
}

/**
 * Sources: cards from the "Channels reference" of the Bot Service documentation; numbers of suggested actions from `choices/channel.js`
 * of botbuilder-dialogs 4.23.3, and for Teams from "Suggested actions" of its own documentation (it shows the first three).
 */
const ABILITIES: Readonly<Record<string, Abilities>> = {
  msteams: { hasCards: true, buttons: 3 },
  webchat: { hasCards: true, buttons: 100 },
  directline: { hasCards: true, buttons: 100 },
  emulator: { hasCards: true, buttons: 100 },
  facebook: { hasCards: false, buttons: 10 },
  line: { hasCards: false, buttons: 13 },
  telegram: { hasCards: false, buttons: 100 },
}
/** E-mail, SMS, Slack and what is not known. */
const TEXT_ONLY: Abilities = { hasCards: false, buttons: 0 }

/** One message for a channel, before the SDK addresses it. */
export type Shown = Pick<RenderedActivity, 'type' | 'text' | 'textFormat'> &
  Partial<Pick<RenderedActivity, 'locale' | 'inputHint' | 'suggestedActions' | 'attachments'>>

/**
 * What the line says, as the channel can show it: cards and buttons where it has them, else lines of text and numbers. A channel with
 * neither gets one message.
 */
export function showOnChannel(channelId: string, { said, locale }: Heard, line: ChatLine): Shown[] {
  const abilities = ABILITIES[channelId] ?? TEXT_ONLY
  const shown = (text: string, last: Outgoing | undefined): Shown => ({
    type: 'message',
    text,
    textFormat: 'plain',
    locale,
    inputHint: last && last.expects !== 'nothing' ? 'expectingInput' : 'acceptingInput',
  })
  if (!abilities.hasCards && abilities.buttons === 0) {
    const text = line.inText(said, locale)
    return text === '' ? [] : [shown(text, said.at(-1))]
  }
  return said
    .map((outgoing, i) => {
      // Earlier choices are no longer open.
      const choices = i === said.length - 1 ? outgoing.choices : []
      const areButtons = choices.length <= abilities.buttons
      const inWords = {
        ...outgoing,
        choices: areButtons ? [] : choices,
        cards: abilities.hasCards ? [] : outgoing.cards,
      }
      const cards = abilities.hasCards ? outgoing.cards : []
      return {
        ...shown(line.inText([inWords], locale), outgoing),
        ...(areButtons && choices.length > 0 ? { suggestedActions: buttonsOf(choices) } : {}),
        ...(cards.length > 0
          ? { attachments: cards.map(card => adaptiveCard(card, locale, line.texts)) }
          : {}),
      }
    })
    .filter(({ text, attachments }) => text !== '' || attachments !== undefined)
}

function buttonsOf(choices: Outgoing['choices']): NonNullable<Shown['suggestedActions']> {
  return { actions: choices.map(({ title, say }) => ({ type: 'imBack' as const, title, value: say })) }
}
