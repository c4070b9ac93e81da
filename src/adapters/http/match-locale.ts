import type { Locale } from '../../language/understanding.ts'

/** The line's language for a BCP 47 tag, or null when it does not speak it. `zh-TW`, `zh-HK`, `zh-MO` are Traditional. */
export function localeOfTag(tag: string): Locale | null {
  const parts = tag.trim().toLowerCase().split(/[-_]/)
  if (parts[0] === 'en') return 'en'
  if (parts[0] !== 'zh' && parts[0] !== 'yue') return null
  if (parts.includes('hans')) return 'zh-Hans'
  const isTraditional = parts[0] === 'yue' || parts.some(part => ['hant', 'tw', 'hk', 'mo'].includes(part))
  return isTraditional ? 'zh-Hant' : 'zh-Hans'
}

/** The best language for an `Accept-Language` header; Simplified Chinese when it says nothing that we speak. */
export function localeOfHeader(header: string | undefined): Locale {
  const wishes = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map(part => {
      const [tag = '', ...params] = part.split(';')
      const quality = Number(/q=([\d.]+)/.exec(params.join(';'))?.[1] ?? '1')
      return { locale: localeOfTag(tag), quality: Number.isNaN(quality) ? 0 : quality }
    })
    .filter(wish => wish.locale !== null && wish.quality > 0)
    .sort((a, b) => b.quality - a.quality)
  return wishes[0]?.locale ?? 'zh-Hans'
}
