import { formatCaseNumber } from '../cases/case-number.ts'
import type { Outgoing } from '../conversation/message.ts'
import { sayInText, type Texts } from './say-in-text.ts'

/** Longest short message, in characters; providers cut it into parts of 67 and bill each. */
export const LONGEST_SMS = 500

/**
 * What the line says as one short message. When it is too long, cases are told by number and query code only, then the words are
 * cut, the earlier ones first; choices, numbers and query codes always stay whole.
 */
export function sayInSms(said: readonly Outgoing[], texts: Texts, longest: number = LONGEST_SMS): string {
  const whole = sayInText(said, texts)
  if (lengthOf(whole) <= longest) return whole
  const short = said.map(outgoing => ({ ...outgoing, cards: [], text: withCodes(outgoing, texts) }))
  const words = said.map(({ text }) => text)
  const render = (cut: readonly string[]) =>
    sayInText(
      short.map((outgoing, i) => ({ ...outgoing, text: joined(cut[i]!, outgoing.text) })),
      texts,
    )
  for (let i = 0; i < words.length; i++) {
    const over = lengthOf(render(words)) - longest
    if (over <= 0) break
    words[i] = cutBy(words[i]!, over)
  }
  return render(words)
}

/** The cases of a bubble, a line each. */
function withCodes({ cards }: Outgoing, texts: Texts): string {
  return cards
    .map(({ number, queryCode }) =>
      queryCode
        ? texts('sms.card-filed', { number: formatCaseNumber(number), queryCode })
        : texts('chat.card.number', { number: formatCaseNumber(number) }),
    )
    .join('\n')
}

function joined(words: string, codes: string): string {
  return [words, codes].filter(text => text !== '').join('\n')
}

/** Without so many characters at its end, and a sign that it went on; nothing at all when so little is left. */
function cutBy(text: string, over: number): string {
  const characters = [...text]
  const left = characters.length - over - 1
  return left < 1 ? '' : `${characters.slice(0, left).join('').trimEnd()}…`
}

function lengthOf(text: string): number {
  return [...text].length
}
