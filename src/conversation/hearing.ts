import { LOCALES, type Locale, type Matter, type Understanding } from '../language/understanding.ts'
import type { Elements } from './elements.ts'
import type { Param, Params } from './reply.ts'

/** Dangers with advice of their own; for the others it is that of the service. */
const ADVISED_KINDS = new Set(['self-harm', 'missing-person', 'drowning', 'electric-shock', 'trapped'])

/** From this confidence on, another subject is another matter, unless the caller announces one. */
export const SURE = 0.6

export function isSure({ subject }: Matter): boolean {
  return subject.label !== null && subject.confidence >= SURE
}

/** "我要反映问题" says that there is something, not what: nothing is left of it without such words. */
export function isBareWish(said: Understanding, { bare }: Elements): boolean {
  const words = bare.toSorted((a, b) => b.length - a.length)
  const left = words.reduce((text, word) => text.replaceAll(word, ''), said.normalised.toLowerCase())
  return [...left.replace(/[^\p{L}]/gu, '')].length < 2
}

/** Which numbers to call in the danger that is named, and what to do meanwhile. */
export function dangerParams(said: Understanding): Params {
  const { service, kind } = said.dangers[0]!
  const advice = `service.${ADVISED_KINDS.has(kind) ? kind : service}.advice`
  return { services: servicesOf(said), advice: { is: 'text', key: advice } }
}

function servicesOf(said: Understanding): Param {
  return {
    is: 'list',
    items: [...new Set(said.dangers.map(danger => danger.service))].map(
      (id): Param => ({ is: 'service', id }),
    ),
  }
}

/** The language that is asked for by name. */
export function languageNamed(text: string): Locale {
  if (/english|英文|英语|英語/i.test(text)) return LOCALES[2]
  return /繁|traditional|正體|台湾|臺灣|香港/i.test(text) ? LOCALES[1] : LOCALES[0]
}
