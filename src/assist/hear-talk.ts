import type { Matter, Understanding } from '../language/understanding.ts'
import { clausesOf, holdsOneOf, JoinedPieces, type Piece, type TalkWords, type Utterance } from './talk.ts'

/** Text in, meaning out, at a moment. */
export type Understand = (text: string) => Understanding

/** A piece with what was understood of it alone. */
export interface HeardPiece extends Piece {
  matter: Matter
  dangers: Understanding['dangers']
}

/** One of the things that a talk is about, with all that was said of it. */
export interface HeardMatter {
  /** `m1`, `m2` … in the order in which they came up. */
  id: string
  /** What the caller said of it. */
  pieces: HeardPiece[]
  /** What the agent said of it that is no question. */
  statements: HeardPiece[]
  joined: JoinedPieces
  /** All that the caller said of it, understood as one message. */
  whole: Understanding
}

/** From this confidence on, what is said after "second" is another matter. */
const ANOTHER = 0.35
/** A marker of another matter stands at the beginning. */
const BEGINNING = 8

/**
 * A talk as the matters that it is about. What follows belongs to the matter that was opened last; a new one is opened where one
 * breath tells of several, or with a word that says so ("第二个") when it is about something else. So the matters that were heard
 * stay as they are while the talk goes on.
 */
export function hearTalk(
  utterances: readonly Utterance[],
  words: TalkWords,
  understand: Understand,
): HeardMatter[] {
  const open: { pieces: HeardPiece[]; statements: HeardPiece[] }[] = [{ pieces: [], statements: [] }]
  for (const utterance of utterances) {
    if (utterance.text.trim() === '') continue
    if (utterance.role === 'agent') {
      const statement = statementOf(utterance, understand)
      if (statement) open.at(-1)!.statements.push(statement)
      continue
    }
    const pieces = piecesOf(utterance, understand(utterance.text))
    pieces.forEach((piece, index) => {
      const last = open.at(-1)!
      if (index > 0 || opensAnother(piece, last.pieces, words)) open.push({ pieces: [piece], statements: [] })
      else last.pieces.push(piece)
    })
  }
  return open
    .filter(({ pieces }) => pieces.length > 0)
    .map(({ pieces, statements }, index) => {
      const joined = new JoinedPieces(pieces)
      return { id: `m${index + 1}`, pieces, statements, joined, whole: understand(joined.text) }
    })
}

function piecesOf({ id, text }: Utterance, said: Understanding): HeardPiece[] {
  const isOne = said.matters.length === 1
  return said.matters.map(matter => ({
    utterance: id,
    role: 'resident',
    start: isOne ? 0 : matter.span.start,
    text: isOne ? text : matter.words,
    matter,
    dangers: said.dangers,
  }))
}

/** What an agent says back counts; what they ask does not. */
function statementOf({ id, text }: Utterance, understand: Understand): HeardPiece | null {
  if (/[?？吗呢]\s*$/u.test(text.trim())) return null
  const { matters, dangers } = understand(text)
  return { utterance: id, role: 'agent', start: 0, text, matter: matters[0]!, dangers }
}

function opensAnother(
  { text, matter }: HeardPiece,
  before: readonly HeardPiece[],
  words: TalkWords,
): boolean {
  const about = topOf(matter)
  const earlier = before.map(piece => topOf(piece.matter)).filter(top => top !== null)
  if (about === null || earlier.length === 0) return false
  const isMarked = holdsOneOf(beginningOf(text), words.another)
  return isMarked && earlier.every(group => group !== about)
}

function beginningOf(text: string): string {
  const [first] = clausesOf(text)
  return text.slice(0, (first?.start ?? 0) + BEGINNING * (/[a-z]/iu.test(text[0] ?? '') ? 3 : 1))
}

/** Area and group of what it is most likely about; null while it is about nothing. */
function topOf({ subject }: Matter): string | null {
  const [best] = subject.candidates
  return best && best.confidence >= ANOTHER ? best.label.split('/').slice(0, 2).join('/') : null
}
