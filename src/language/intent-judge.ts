import { classifierIn, ranking } from './classifier-bank.ts'
import { classifierNames, isAct } from './classifier-names.ts'
import { type Exhibit, evidenceFor, judge, noJudgement } from './judgement.ts'
import type { Model } from './model.ts'
import { normalise } from './normalise.ts'
import type { IntentFile } from './schemas.ts'
import type { Judgement } from './understanding.ts'

/** What a person wants of the line; `text` is the normalised text. */
export interface SaidIntent {
  judgement: Judgement
  /** Nothing but what the conversation's core answers (yes, thank you, I don't know): no matter is told. */
  isBareAct: boolean
}

export type IntentJudge = (text: string, exhibit: Exhibit, options: { isDangerous: boolean }) => SaidIntent

/** A text said word for word in the catalog is what the catalog says. */
const KNOWN_SAYING = 0.99
const LONGEST_SAYING = 80
/** A longer text, whatever its tone, may tell something. */
const LONGEST_ACT = { han: 8, latin: 24 }
/** Danger to life is what somebody says in so many words; a classifier's feeling must not raise the alarm. */
const EMERGENCY = 'emergency'

/** Makes a judge out of the catalog (exact sayings) and the model (everything else). */
export function createIntentJudge(
  model: Model,
  intents: readonly IntentFile[],
  threshold: number,
): IntentJudge {
  const bank = model.banks.pragmatic
  const classifier = bank && classifierIn(bank, classifierNames.intent)
  const acts = new Set(intents.filter(isAct).map(intent => intent.id))
  const known = new Map<string, IntentFile>()
  for (const intent of intents) {
    for (const saying of [...intent.examples, ...intent.english])
      known.set(keyOf(normalise(saying).text), intent)
  }
  return (text, exhibit, { isDangerous }) => {
    const said = text.length <= LONGEST_SAYING ? known.get(keyOf(text)) : undefined
    if (!classifier) return { judgement: noJudgement(), isBareAct: said !== undefined && acts.has(said.id) }
    const ranked = ranking(classifier, exhibit)
    const able = isDangerous ? ranked : without(ranked, EMERGENCY)
    const judgement = judge(said ? favour(ranked, said.id) : able, { threshold })
    const best = judgement.candidates[0]
    const evidence = best ? evidenceFor(classifier, best.label, exhibit) : []
    const isBareAct = acts.has(judgement.label ?? '') && (said !== undefined || isShort(text))
    return { judgement: { ...judgement, evidence }, isBareAct }
  }
}

/** What is left of a saying without punctuation, spaces, case and the particles that people add at will. */
function keyOf(text: string): string {
  const bare = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const trimmed = bare.replace(/[啊呀哦喔噢呢哈嘛哒滴的了呗啦唉哎]+$/u, '')
  return trimmed || bare
}

function isShort(text: string): boolean {
  return text.length <= (/[a-z]/iu.test(text) ? LONGEST_ACT.latin : LONGEST_ACT.han)
}

function without(ranked: [string, number][], label: string): [string, number][] {
  return ranked.filter(([name]) => name !== label)
}

function favour(ranked: [string, number][], label: string): [string, number][] {
  const others = ranked.reduce((sum, [name, share]) => (name === label ? sum : sum + share), 0)
  const scale = others > 0 ? (1 - KNOWN_SAYING) / others : 0
  return ranked.map(([name, share]) => [name, name === label ? KNOWN_SAYING : share * scale])
}
