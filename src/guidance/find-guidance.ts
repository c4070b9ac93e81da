import { isUnderSubject } from '../kernel/subject-path.ts'
import { normalise } from '../language/normalise.ts'
import type { Article } from './article.ts'
import type { Bundle } from './bundle.ts'
import type { Item } from './item.ts'

/** Something one applies for: a service item, or a bundle of items. */
export type Applied = { is: 'item'; item: Item } | { is: 'bundle'; bundle: Bundle }

/** What answers a question: an article, or something one applies for. */
export type Guidance = { is: 'article'; article: Article } | Applied

/** `share`: how much of what was asked its nearest way of asking holds, 0 to 1. */
export interface FoundItem {
  applied: Applied
  score: number
  share: number
}

export interface GuidanceFinder {
  /** The best answers to a question, best first; empty when nothing is near enough: no answer is better than a wrong one. */
  find(question: string, top: number): Guidance[]
  /** The items and bundles that somebody may mean who looks for one, best first. Near ones, too: they are shown to choose from. */
  findItems(words: string, top: number): FoundItem[]
}

/** A search over texts by id. `share`: how much of what was asked the text holds, 0 to 1. */
export interface TextSearch {
  search(text: string, top: number): { id: string; score: number; share: number }[]
}

export interface GuidanceParts {
  articles: readonly Article[]
  items: readonly Item[]
  bundles: readonly Bundle[]
  /** Words of everyday for the same thing, among items only. */
  synonyms: readonly (readonly string[])[]
  /** Words that are said of any item. */
  fillers: readonly string[]
  /** Ids of items that many look for: of equals they come first. */
  popular: readonly string[]
  createSearch(
    documents: { id: string; text: string }[],
    synonyms?: readonly (readonly string[])[],
  ): TextSearch
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

/** Of words that look for an item, so much must be in one of its ways of asking. */
const LEAST_ITEM_SHARE = 0.15
/** What being looked for by many is worth. */
const PREFERENCE = 1.15
/** Items that a search looks at more closely. */
const MOST_ITEMS = 40

interface Source {
  guidance: Guidance
  texts: string[]
  /** Subjects that it is about, ids or prefixes. */
  subjects(): readonly string[]
}

/** Builds the finder. Every way of asking is a text of its own, so that one exact way wins. */
export function createGuidanceFinder(parts: GuidanceParts): GuidanceFinder {
  const applied = [
    ...parts.items.map((item): Applied => ({ is: 'item', item })),
    ...parts.bundles.map((bundle): Applied => ({ is: 'bundle', bundle })),
  ]
  const sources = [
    ...parts.articles.map(fromArticle),
    ...applied.map(each => fromApplied(each, parts.subjectOf)),
  ]
  const all = indexOf(sources, parts)
  const items = createItemSearch(applied, parts)

  return {
    find(question, top) {
      const asked = parts.subjectOf(question)
      const best = new Map<number, number>()
      for (const { id, score, share } of all.search(question, top * 12)) {
        const source = sourceOf(id)
        const { leastShare, weight } = nearness(asked, sources[source]!.subjects())
        if (share >= leastShare) best.set(source, Math.max(best.get(source) ?? 0, score * weight))
      }
      const ranked = [...best].toSorted(([, a], [, b]) => b - a).slice(0, top)
      return ranked.map(([source]) => sources[source]!.guidance)
    },
    findItems: (words, top) => items(words).slice(0, top),
  }
}

/**
 * Looks among items only, where a word is rare or common in other ways than among all. The nearest single way of
 * asking counts, and what the item covers altogether, its situations included ("丢了", "租的").
 */
function createItemSearch(
  applied: readonly Applied[],
  { createSearch, synonyms, fillers, popular }: GuidanceParts,
): (words: string) => FoundItem[] {
  const strip = withoutFillers(fillers)
  const ways = createSearch(
    applied.flatMap((each, i) => waysToAsk(each).map((text, n) => ({ id: `${i}#${n}`, text: strip(text) }))),
    synonyms,
  )
  const wholes = createSearch(
    applied.map((each, i) => ({ id: `${i}#`, text: strip(wholeText(each)) })),
    synonyms,
  )
  const preference = (each: Applied) =>
    popular.includes(each.is === 'item' ? each.item.id : each.bundle.id) ? PREFERENCE : 1
  return said => {
    const words = strip(said)
    const found = new Map<number, FoundItem>()
    for (const { id, score, share } of wholes.search(words, MOST_ITEMS))
      found.set(sourceOf(id), { applied: applied[sourceOf(id)]!, score, share })
    const seen = new Set<number>()
    for (const { id, score } of ways.search(words, MOST_ITEMS * 4)) {
      const source = sourceOf(id)
      const known = found.get(source)
      // Hits come best first.
      if (known && !seen.has(source)) known.score += score
      seen.add(source)
    }
    return [...found.values()]
      .filter(({ share }) => share >= LEAST_ITEM_SHARE)
      .map(each => ({ ...each, score: each.score * each.share * preference(each.applied) }))
      .toSorted((a, b) => b.score - a.score)
  }
}

/** Leaves out the words that tell no item from another; of words that are nothing else, all stay. */
function withoutFillers(fillers: readonly string[]): (text: string) => string {
  const longestFirst = fillers.toSorted((a, b) => b.length - a.length)
  const english = longestFirst.filter(filler => /^[a-z]+$/.test(filler))
  const chinese = longestFirst.filter(filler => !english.includes(filler))
  const pattern = new RegExp(`${chinese.join('|')}|\\b(?:${english.join('|')})\\b`, 'giu')
  return text => {
    const left = normalise(text).text.replace(pattern, ' ')
    return /[\p{L}\p{N}]/u.test(left) ? left : text
  }
}

function waysToAsk(applied: Applied): string[] {
  const { name, en, askedAs } = applied.is === 'item' ? applied.item : applied.bundle
  return [name, en, ...askedAs]
}

function wholeText(applied: Applied): string {
  const { questions } = applied.is === 'item' ? applied.item : applied.bundle
  const choices = questions.flatMap(question => question.choices.map(({ name, en }) => `${name} ${en}`))
  return [...waysToAsk(applied), ...choices].join('\n')
}

function indexOf(sources: readonly Source[], { createSearch }: GuidanceParts): TextSearch {
  return createSearch(
    sources.flatMap(({ texts }, source) => texts.map((text, i) => ({ id: `${source}#${i}`, text }))),
  )
}

function sourceOf(id: string): number {
  return Number(id.split('#')[0])
}

function fromArticle(article: Article): Source {
  const texts = [article.title, article.en, ...article.questions]
  return { guidance: { is: 'article', article }, texts, subjects: () => article.subjects }
}

function fromApplied(applied: Applied, subjectOf: GuidanceParts['subjectOf']): Source {
  const { name } = applied.is === 'item' ? applied.item : applied.bundle
  let subjects: string[] | null = null
  return {
    guidance: applied,
    texts: waysToAsk(applied),
    // Items name no subject: worked out from the name when first needed, so that starting stays quick.
    subjects: () => {
      subjects ??= [subjectOf(name)].filter(subject => subject !== null)
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
