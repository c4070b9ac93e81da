import { formatCaseNumber } from '../cases/case-number.ts'
import type { CaseCard, Choice, Outgoing } from '../conversation/message.ts'

/** Text of a key in the person's language. */
export type Texts = (key: string, params?: Record<string, string>) => string

/**
 * What the line says as plain text, for channels that have neither buttons nor cards: cases as lines, and what may be tapped as a
 * numbered list, since a number is understood as an answer.
 */
export function sayInText(said: readonly Outgoing[], texts: Texts): string {
  const bubbles = said.map(({ text, by, cards }) => [
    by ? texts('chat.said-by', { by, text }) : text,
    ...cards.map(card => cardText(card, texts)),
  ])
  // Earlier choices are no longer open.
  const choices = said.at(-1)?.choices ?? []
  return [...bubbles.flat(), ...(choices.length > 0 ? [choicesText(choices, texts)] : [])]
    .filter(text => text !== '')
    .join('\n\n')
}

function cardText(card: CaseCard, texts: Texts): string {
  const { title, number, queryCode, departmentName, coHandlerNames, statusText } = card
  const departments = [departmentName, ...coHandlerNames].join(' + ')
  return [
    texts('chat.card.title', { title }),
    texts('chat.card.number', { number: formatCaseNumber(number) }),
    ...(queryCode ? [texts('chat.card.query-code', { queryCode })] : []),
    texts('chat.card.departments', { departments }),
    statusText,
  ].join('\n')
}

function choicesText(choices: readonly Choice[], texts: Texts): string {
  const list = choices.map(({ title }, i) => `${i + 1}. ${title}`)
  return [...list, texts(choices.length > 1 ? 'chat.choose' : 'chat.choose-one')].join('\n')
}

/**
 * Cuts a text into pieces of at most so many bytes of UTF-8, at the ends of lines where that is possible, never inside a
 * character.
 */
export function piecesOf(text: string, mostBytes: number): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const part of text.split(/(?<=\n)/).flatMap(line => fitting(line, mostBytes))) {
    if (piece !== '' && bytesOf(piece) + bytesOf(part) > mostBytes) {
      pieces.push(piece.trimEnd())
      piece = ''
    }
    piece += part
  }
  return [...pieces, piece.trimEnd()].filter(each => each !== '')
}

/** The line itself, or its characters when it is too long. */
function fitting(line: string, mostBytes: number): string[] {
  return bytesOf(line) <= mostBytes ? [line] : [...line]
}

const encoder = new TextEncoder()
function bytesOf(text: string): number {
  return encoder.encode(text).length
}
