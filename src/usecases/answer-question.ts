import type { Limit } from '../clocks/limit.ts'
import type { Outcome } from '../conversation/engine-context.ts'
import type { Param } from '../conversation/reply.ts'
import type { Item } from '../guidance/item.ts'
import type { Line } from './line.ts'

/** The best answer of the knowledge or the item catalogue to a question, or `none`. */
export function answerQuestion(line: Line, question: string): Outcome {
  const [best] = line.guidance.find(question, 1)
  if (!best) return { name: 'none' }
  if (best.is === 'item') return { name: 'item', params: itemParams(best.item) }
  const { answer, answerEn, basis } = best.article
  return { name: 'article', params: { answer: { is: 'both', zh: answer, en: answerEn }, basis } }
}

function itemParams(item: Item): Record<string, Param> {
  const documents = item.documents.map(
    (document): Param =>
      document.exempt
        ? { is: 'text', key: 'ask-guidance.document-exempt', params: { name: document.name } }
        : document.name,
  )
  return {
    name: { is: 'both', zh: item.name, en: item.en },
    documents:
      documents.length > 0
        ? { is: 'list', items: documents }
        : { is: 'text', key: 'ask-guidance.documents-none' },
    limit: limitParam(item.promisedLimit),
    statutory: limitParam(item.statutoryLimit),
    fee: item.fee,
    where: item.where,
    online: item.online ? { is: 'text', key: 'ask-guidance.item-online' } : '',
    basis: item.basis,
  }
}

function limitParam(limit: Limit): Param {
  return { is: 'text', key: `limit.${limit.unit}`, params: { amount: limit.amount } }
}
