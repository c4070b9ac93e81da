import { isUnderSubject } from '../kernel/subject-path.ts'
import type { Article } from './article.ts'
import type { Item } from './item.ts'

/** What answers a question: an article or a service item. */
export type Guidance = { is: 'article'; article: Article } | { is: 'item'; item: Item }

export interface GuidanceFinder {
  /** The best answers to a question, best first; empty when nothing is near enough: no answer is better than a wrong one. */
  find(question: string, top: number): Guidance[]
}

/** A search over texts by id. `share`: how much of what was asked the text holds, 0 to 1. */
export interface TextSearch {
  search(text: string, top: number): { id: string; score: number; share: number }[]
}

export interface GuidanceParts {
  articles: readonly Article[]
  items: readonly Item[]
  createSearch(documents: { id: string; text: string }[]): TextSearch
  /** Full id of the subject that a text is about, or null. */
  subjectOf(text: string): string | null
}

/** How much of the question an answer must hold and what its score counts, by how near its subject is. */
const NEARNESS = {
  sameLeaf: { leastShare: 0.15, weight: 2 },
  sameGroup: { leastShare: 0.5, weight: 1.3 },
  // Shares no more than words: "…多少钱" is asked of everything.
  elsewhere: { leastShare: 0.75, weight: 1 },
}

interface Source {
  guidance: Guidance
  texts: string[]
  /** Subjects that it is about, ids or prefixes. */
  subjects(): readonly string[]
}

/** Builds the finder. Every way of asking is a text of its own, so that one exact way wins. */
export function createGuidanceFinder(parts: GuidanceParts): GuidanceFinder {
  const sources = [
    ...parts.articles.map(fromArticle),
    ...parts.items.map(item => fromItem(item, parts.subjectOf)),
  ]
  const documents = sources.flatMap(({ texts }, source) =>
    texts.map((text, i) => ({ id: `${source}#${i}`, text })),
  )
  const index = parts.createSearch(documents)

  return {
    find(question, top) {
      const asked = parts.subjectOf(question)
      const best = new Map<number, number>()
      for (const { id, score, share } of index.search(question, top * 12)) {
        const source = Number(id.split('#')[0])
        const { leastShare, weight } = nearness(asked, sources[source]!.subjects())
        if (share >= leastShare) best.set(source, Math.max(best.get(source) ?? 0, score * weight))
      }
      const ranked = [...best].toSorted(([, a], [, b]) => b - a).slice(0, top)
      return ranked.map(([source]) => sources[source]!.guidance)
    },
  }
}

function fromArticle(article: Article): Source {
  const texts = [article.title, article.en, ...article.questions]
  return { guidance: { is: 'article', article }, texts, subjects: () => article.subjects }
}

function fromItem(item: Item, subjectOf: GuidanceParts['subjectOf']): Source {
  let subjects: string[] | null = null
  return {
    guidance: { is: 'item', item },
    texts: [item.name, item.en, ...item.askedAs],
    // Items name no subject: worked out from the name when first needed, so that starting stays quick.
    subjects: () => {
      subjects ??= [subjectOf(item.name)].filter(subject => subject !== null)
      return subjects
    },
  }
}

function nearness(asked: string | null, subjects: readonly string[]): { leastShare: number; weight: number } {
  if (asked === null) return NEARNESS.elsewhere
  if (subjects.some(subject => isUnderSubject(asked, subject) && subject.split('/').length === 3))
    return NEARNESS.sameLeaf
  const group = asked.split('/').slice(0, 2).join('/')
  return subjects.some(subject => isUnderSubject(subject, group) || isUnderSubject(asked, subject))
    ? NEARNESS.sameGroup
    : NEARNESS.elsewhere
}
