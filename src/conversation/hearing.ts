import { LOCALES, type Locale, type Understanding } from '../language/understanding.ts'
import type { Param, Params } from './reply.ts'

/** Shorter than this and without a subject, a message only says that there is something to say. */
const BARE = 12
/** A question says in fewer words what it is about: "身份证丢了怎么补办". */
const BARE_QUESTION = 8
/** From this confidence on, even a short message tells what it is about. */
const SURE = 0.7

/** Dangers with advice of their own; for the others it is that of the service. */
const ADVISED_KINDS = new Set(['self-harm', 'missing-person', 'drowning', 'electric-shock', 'trapped'])
/** "我要反映问题" says that there is something, not what. */
export function isBareWish(said: Understanding, flow: string): boolean {
  const isSure = said.matters.some(({ subject }) => subject.label !== null && subject.confidence >= SURE)
  return !isSure && [...said.text].length <= (flow === 'ask-guidance' ? BARE_QUESTION : BARE)
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
