import type { Content } from '../content/content.ts'
import { toTraditional } from '../language/to-traditional.ts'
import type { Locale } from '../language/understanding.ts'

/** What things of the content are called in a language. Unknown ids come back as they are. */
export interface Names {
  department(id: string, locale: Locale): string
  subject(id: string, locale: Locale): string
  /** With the classes above it, the widest first. */
  subjectPath(id: string, locale: Locale): string
  intent(id: string, locale: Locale): string
  channel(id: string, locale: Locale): string
  line(locale: Locale): string
  /** A text that content holds in Chinese and English. */
  text(both: { zh: string; en: string }, locale: Locale): string
}

export function createNames(content: Content): Names {
  const text = (both: { zh: string; en: string }, locale: Locale) => {
    if (locale === 'en') return both.en
    return locale === 'zh-Hant' ? toTraditional(both.zh) : both.zh
  }
  const named = (thing: { name: string; en: string } | undefined, id: string, locale: Locale) =>
    thing ? text({ zh: thing.name, en: thing.en }, locale) : id
  const intents = new Map(content.intents.map(intent => [intent.id, intent]))
  const subject = (id: string, locale: Locale) => named(content.subjects.byId(id), id, locale)
  return {
    text,
    department: (id, locale) => named(content.departments.get(id), id, locale),
    subject,
    subjectPath: (id, locale) => {
      const names = content.subjects.ancestors(id).map(each => subject(each.id, locale))
      return names.length > 0 ? names.reverse().join(' / ') : id
    },
    intent: (id, locale) => named(intents.get(id), id, locale),
    channel: (id, locale) => {
      const key = `channel.${id}`
      return content.texts.has(locale, key) ? content.texts.of(locale, key) : id
    },
    line: locale => named(content.city.line, '', locale),
  }
}
