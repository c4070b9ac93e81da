import {
  type Danger,
  LOCALES,
  type Locale,
  type Matter,
  type Understanding,
} from '../language/understanding.ts'
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

/** What stands before a place in an address: "辽宁省抚顺市望花区", whether it is known here or not. */
const DISTRICTS = /^(?:\p{Script=Han}{1,7}?(?:省|市|区|區|县|縣|旗|镇|鎮|乡|鄉|街道))+$/u
const NOTHING = /^[\s\p{P}]*$/u

/** A place and nothing else: it says where something is the matter, and not what. */
export function isMerePlace({ text, places, intent, ...said }: Understanding): boolean {
  const [first, ...others] = places
  if (!first || said.phones.length + said.references.length + said.dangers.length > 0) return false
  if (intent.candidates.length === 0) return true
  const before = text.slice(0, first.start).trim()
  const after = others.reduce(
    ({ rest, from }, place) => ({ rest: rest + text.slice(from, place.start), from: place.end }),
    { rest: '', from: first.end },
  )
  return (before === '' || DISTRICTS.test(before)) && NOTHING.test(after.rest + text.slice(after.from))
}

/** Which numbers to call in the danger that is named, and what to do meanwhile. */
export function dangerParams(said: Understanding): Params {
  return { services: servicesOf(said), advice: { is: 'text', key: adviceKeyOf(said.dangers[0]!) } }
}

/** The text that says what to do in a danger until somebody comes. */
export function adviceKeyOf({ kind, service }: Danger): string {
  return `service.${ADVISED_KINDS.has(kind) ? kind : service}.advice`
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
