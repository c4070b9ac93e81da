import type { CaseCard } from '../../conversation/message.ts'
import type { Locale } from '../../language/understanding.ts'
import type { RenderedAttachment } from './bot-activity.ts'

/** Text of a key in a language. */
export type Texts = (locale: Locale, key: string, params?: Record<string, unknown>) => string

const MARK = { done: '●', now: '◉', ahead: '○' } as const

/**
 * A case as an Adaptive Card, schema 1.3: what web chat and Teams show when they do not know our own card. Signs stand for
 * labels; everything in words comes from the card and is in the person's language already.
 */
export function adaptiveCard(card: CaseCard, locale: Locale, texts: Texts): RenderedAttachment {
  const facts: [string, string | null | undefined][] = [
    ['№', card.number],
    ['🔑', card.queryCode],
    ['🏢', [card.departmentName, ...card.coHandlerNames].join(' + ')],
    ['⏱', card.dueText],
    ['📍', card.place ?? texts(locale, 'card.place-unknown')],
  ]
  return {
    contentType: 'application/vnd.microsoft.card.adaptive',
    content: {
      type: 'AdaptiveCard',
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      version: '1.3',
      fallbackText: `${card.title} ${card.number} ${card.departmentName} ${card.dueText}`,
      body: [
        { type: 'TextBlock', text: plain(card.title), weight: 'Bolder', size: 'Medium', wrap: true },
        { type: 'TextBlock', text: plain(card.statusText), wrap: true },
        {
          type: 'FactSet',
          facts: facts.flatMap(([title, value]) => (value ? [{ title, value: plain(value) }] : [])),
        },
        {
          type: 'TextBlock',
          text: card.stages.map(stage => `${MARK[stage.state]} ${stage.name}`).join('  '),
          wrap: true,
          isSubtle: true,
          size: 'Small',
        },
        { type: 'TextBlock', text: plain(card.reason), wrap: true, isSubtle: true },
      ],
      actions: [
        {
          type: 'Action.Submit',
          title: texts(locale, 'card.check'),
          data: { say: texts(locale, 'chat.scanned', { number: card.number }) },
        },
      ],
    },
  }
}

/** TextBlocks read Markdown; a resident's own words must never become a link or a picture there. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]()#!<>]/g, '\\$&')
}
