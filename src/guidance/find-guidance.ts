import type { Article } from './article.ts'
import type { Item } from './item.ts'

/** What answers a question: an article or a service item. `score` is that of the search. */
export type Guidance =
  | { is: 'article'; article: Article; score: number }
  | { is: 'item'; item: Item; score: number }

export interface GuidanceFinder {
  /** The best answers to a question, best first; empty when nothing is near enough. */
  find(question: string, top: number): Guidance[]
}

/** A search over texts by id; higher scores are nearer, `share` says how much of the question a text holds (0 to 1). */
export interface TextSearch {
  search(text: string, top: number): { id: string; score: number; share: number }[]
}

/** Builds the finder. `createSearch` indexes texts by id. Every way of asking is a text of its own, so that one exact way wins. */
export function createGuidanceFinder(
  content: { articles: readonly Article[]; items: readonly Item[] },
  createSearch: (documents: { id: string; text: string }[]) => TextSearch,
  leastShare: number,
): GuidanceFinder {
  const byId = new Map<
    string,
    Omit<Extract<Guidance, { is: 'article' }>, 'score'> | Omit<Extract<Guidance, { is: 'item' }>, 'score'>
  >()
  const documents: { id: string; text: string }[] = []
  for (const article of content.articles) {
    byId.set(`article:${article.id}`, { is: 'article', article })
    for (const text of [article.title, article.en, ...article.questions])
      documents.push({ id: `article:${article.id}#${documents.length}`, text })
  }
  for (const item of content.items) {
    byId.set(`item:${item.id}`, { is: 'item', item })
    for (const text of [item.name, item.en, ...item.askedAs])
      documents.push({ id: `item:${item.id}#${documents.length}`, text })
  }
  const index = createSearch(documents)
  return {
    find(question, top) {
      const best = new Map<string, number>()
      for (const { id, score, share } of index.search(question, top * 8)) {
        const [owner] = id.split('#') as [string]
        if (share >= leastShare) best.set(owner, Math.max(score, best.get(owner) ?? 0))
      }
      const ranked = [...best].toSorted(([, a], [, b]) => b - a).slice(0, top)
      return ranked.map(([id, score]) => ({ ...byId.get(id)!, score }) as Guidance)
    },
  }
}
