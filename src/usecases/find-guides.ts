import { PLATFORMS } from '../guidance/catalogue.ts'
import type { Applied } from '../guidance/find-guidance.ts'
import type { GuideEntry, GuideIndex } from '../guidance/told-guide.ts'
import type { Locale } from '../language/understanding.ts'
import { appliedById } from './guide.ts'
import type { Line } from './line.ts'

const MOST_FOUND = 8
/** What is so much less likely than the first is left out. */
const LEAST_OF_BEST = 0.2

/** The items and bundles that words may mean, the likeliest first; nothing when none is near. */
export function searchGuides(line: Line, words: string, locale: Locale): GuideEntry[] {
  const found = line.guidance.findItems(words, MOST_FOUND)
  const least = (found[0]?.score ?? 0) * LEAST_OF_BEST
  return found.filter(({ score }) => score >= least).map(({ applied }) => entryOf(line, applied, locale))
}

/** The whole catalogue by platform and category. */
export function listGuides(line: Line, locale: Locale): GuideIndex {
  const { catalogue, items, bundles } = line.content
  const entry = (applied: Applied) => entryOf(line, applied, locale)
  return {
    popular: catalogue.popular.flatMap(id => {
      const applied = appliedById(line, id)
      return applied ? [entry(applied)] : []
    }),
    bundles: bundles.map(bundle => entry({ is: 'bundle', bundle })),
    platforms: PLATFORMS.map(platform => ({
      id: platform,
      categories: catalogue.categories
        .filter(category => category.platform === platform)
        .map(({ id, name, en }) => ({
          id,
          name: line.names.text({ zh: name, en }, locale),
          items: items.filter(item => item.category === id).map(item => entry({ is: 'item', item })),
        })),
    })),
  }
}

function entryOf({ content, names }: Line, applied: Applied, locale: Locale): GuideEntry {
  const named = (each: { name: string; en: string }) => names.text({ zh: each.name, en: each.en }, locale)
  if (applied.is === 'bundle') {
    const { id, about, aboutEn } = applied.bundle
    return {
      id,
      is: 'bundle',
      name: named(applied.bundle),
      about: names.text({ zh: about, en: aboutEn }, locale),
    }
  }
  const category = content.catalogue.categories.find(({ id }) => id === applied.item.category)!
  return { id: applied.item.id, is: 'item', name: named(applied.item), about: named(category) }
}
