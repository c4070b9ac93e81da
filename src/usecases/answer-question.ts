import type { Limit } from '../clocks/limit.ts'
import type { Outcome } from '../conversation/engine-context.ts'
import type { Param } from '../conversation/reply.ts'
import { checklistFor } from '../guidance/checklist.ts'
import type { Item, ItemFee } from '../guidance/item.ts'
import type { Line } from './line.ts'

/** The best answer of the knowledge or the item catalogue to a question, or `none`. */
export function answerQuestion(line: Line, question: string): Outcome {
  const [best] = line.guidance.find(question, 1)
  if (!best) return { name: 'none' }
  if (best.is === 'item') return { name: 'item', params: itemParams(line, best.item) }
  const { answer, answerEn, basis } = best.article
  return { name: 'article', params: { answer: { is: 'both', zh: answer, en: answerEn }, basis } }
}

function itemParams(line: Line, item: Item): Record<string, Param> {
  const { documents, fees } = checklistFor(item, {}, line.content.documents)
  const names = documents.map(({ kind, exempt }): Param => {
    const name: Param = { is: 'both', zh: kind.name, en: kind.en }
    return exempt ? { is: 'text', key: 'ask-guidance.document-exempt', params: { name } } : name
  })
  const places = line.content.catalogue.places.filter(({ id }) => item.places.includes(id))
  return {
    name: { is: 'both', zh: item.name, en: item.en },
    documents:
      names.length > 0 ? { is: 'list', items: names } : { is: 'text', key: 'ask-guidance.documents-none' },
    limit: limitParam(item.promisedLimit),
    statutory: limitParam(item.statutoryLimit),
    fee:
      fees.length > 0
        ? { is: 'list', items: fees.map(feeParam) }
        : { is: 'text', key: 'ask-guidance.fee-none' },
    where: {
      is: 'list',
      items: places.map(place => ({
        is: 'both',
        zh: `${place.address}${place.name}`,
        en: `${place.en}, ${place.addressEn}`,
      })),
    },
    online: item.channels.includes('online') ? { is: 'text', key: 'ask-guidance.item-online' } : '',
    basis: item.basis,
  }
}

function feeParam({ name, en, yuan, how, howEn }: ItemFee): Param {
  return {
    is: 'both',
    zh: `${name} ${how ?? `${yuan}元`}`,
    en: `${en}: ${howEn ?? `${yuan} yuan`}`,
  }
}

function limitParam(limit: Limit): Param {
  return { is: 'text', key: `limit.${limit.unit}`, params: { amount: limit.amount } }
}
