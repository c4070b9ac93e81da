import { quotable } from '../conversation/reply.ts'
import type { Span } from '../language/understanding.ts'
import type { HeardMatter } from './hear-talk.ts'
import type { Suggested } from './suggestions.ts'
import { clausesOf, holdsOneOf, type TalkWords } from './talk.ts'

/** An English word is as long as two characters, and more clauses make no summary. */
const MOST_LETTERS = { zh: 90, en: 220 }
const MOST_CLAUSES = 6
/** A clause of no words that decided needs at least one thing to be told. */
const LEAST = 0.3

/**
 * The matter in short, in the caller's own words: the clauses that hold most of what decided, of places, of times and of what is
 * wanted, in the order in which they were said. Nothing is made up.
 */
export function summarise(
  { whole, joined }: HeardMatter,
  found: { decided: readonly string[]; places: readonly Span[]; words: TalkWords },
): Suggested[] {
  const isEnglish = whole.locale === 'en'
  const clauses = clausesOf(whole.text)
  const scored = clauses
    .map((clause, index) => ({ ...clause, index, score: scoreOf(clause, whole.times, found) }))
    .filter(({ score }) => score >= LEAST)
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
  const most = isEnglish ? MOST_LETTERS.en : MOST_LETTERS.zh
  const chosen: typeof scored = []
  let letters = 0
  for (const clause of scored.slice(0, MOST_CLAUSES)) {
    if (letters + clause.text.length > most) continue
    chosen.push(clause)
    letters += clause.text.length
  }
  if (chosen.length === 0) return []
  chosen.sort((a, b) => a.index - b.index)
  const total = chosen.reduce((sum, { score }) => sum + score, 0)
  return [
    {
      value: chosen.map(({ text }) => withoutFillers(text)).join(isEnglish ? ', ' : '，'),
      // More that is told makes a better summary: that is all that two of them are compared by.
      confidence: Math.min(0.95, 0.4 + total * 0.08),
      evidence: chosen.flatMap(clause => joined.locate(clause)),
    },
  ]
}

function scoreOf(
  clause: Span & { text: string },
  times: readonly Span[],
  { decided, places, words }: { decided: readonly string[]; places: readonly Span[]; words: TalkWords },
): number {
  if (holdsOneOf(clause.text, words.smallTalk)) return 0
  const holds = (span: Span) => span.start < clause.end && span.end > clause.start
  const telling = decided.filter((word, rank) => rank < 6 && clause.text.toLowerCase().includes(word))
  return (
    telling.length * 0.6 +
    (places.some(holds) ? 0.7 : 0) +
    (times.some(holds) ? 0.35 : 0) +
    (holdsOneOf(clause.text, words.wanted) ? 0.5 : 0)
  )
}

const FILLER =
  /^(?:呃|嗯|那个|那個|这个|這個|就是|对|對|哎|喂|反正|然后|然後|完了|so|well|and|uh|um)+(?=.{3})/iu

function withoutFillers(text: string): string {
  return quotable(text).replace(FILLER, '').trim()
}
