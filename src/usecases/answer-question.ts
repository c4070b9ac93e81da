import type { Outcome } from '../conversation/engine-context.ts'
import type { ChoiceRef } from '../conversation/reply.ts'
import type { Applied, FoundItem } from '../guidance/find-guidance.ts'
import type { Line } from './line.ts'

/** So much of what was asked an item must hold to be meant, or to be offered among others. */
const MEANT_SHARE = 0.45
/** Beside an article that answers already, an item must be nearer. */
const BESIDE_SHARE = 0.6
/** Before the next one by so much, the first is meant; else it is asked which. */
const CLEAR_LEAD = 1.5
const MOST_OFFERED = 3

/**
 * The best answer to a question: an article of the knowledge (`article`, with the item that goes with it when there is one), an
 * item or a bundle (`one`), several that may be meant (`several`), or `none`.
 */
export function answerQuestion(line: Line, question: string): Outcome {
  const [best] = line.guidance.find(question, 1)
  const near = line.guidance.findItems(question, MOST_OFFERED).filter(({ share }) => share >= MEANT_SHARE)
  if (best?.is === 'article') {
    const { answer, answerEn, basis, department } = best.article
    const first = near[0]?.applied
    // Of the same department: else it shares words with the question and no more.
    const goesWith =
      first?.is === 'item' && first.item.department === department && near[0]!.share >= BESIDE_SHARE
    const item = goesWith ? { itemId: first.item.id } : {}
    return {
      name: 'article',
      params: { answer: { is: 'both', zh: answer, en: answerEn }, basis },
      slots: item,
    }
  }
  if (!near[0]) return best ? { name: 'one', slots: { itemId: idOf(best) } } : { name: 'none' }
  if (isClear(near)) return { name: 'one', slots: { itemId: idOf(near[0].applied) } }
  return { name: 'several', slots: { offered: { itemId: near.map(({ applied }) => choiceOf(applied)) } } }
}

function isClear([first, second]: readonly FoundItem[]): boolean {
  return first !== undefined && (second === undefined || first.score >= second.score * CLEAR_LEAD)
}

function choiceOf(applied: Applied): ChoiceRef {
  const { name, en } = applied.is === 'item' ? applied.item : applied.bundle
  return { id: idOf(applied), label: { is: 'both', zh: name, en } }
}

function idOf(applied: Applied): string {
  return applied.is === 'item' ? applied.item.id : applied.bundle.id
}
