import { evidenceFor, judge, noJudgement } from './judgement.ts'
import type { Model } from './model.ts'
import { normalise } from './normalise.ts'
import type { IntentFile } from './schemas.ts'
import { type Exhibit, ranking } from './subject-judge.ts'
import { classifierNames } from './train-shipped.ts'
import type { Judgement } from './understanding.ts'

/** Judges what a person wants of the line; `text` is the normalised text. */
export type IntentJudge = (text: string, exhibit: Exhibit) => Judgement

/** A text said word for word in the catalog is what the catalog says. */
const KNOWN_SAYING = 0.99

/** Makes a judge out of the catalog (exact sayings) and the model (everything else). */
export function createIntentJudge(
  model: Model,
  intents: readonly IntentFile[],
  threshold: number,
): IntentJudge {
  const classifier = model.classifiers.get(classifierNames.intent)
  const known = new Map<string, string>()
  for (const intent of intents) {
    for (const saying of [...intent.examples, ...intent.english])
      known.set(keyOf(normalise(saying).text), intent.id)
  }
  return (text, exhibit) => {
    if (!classifier) return noJudgement()
    const exact = text.length <= 80 ? known.get(keyOf(text)) : undefined
    const ranked = ranking(classifier, exhibit.features)
    const judgement = judge(exact === undefined ? ranked : favour(ranked, exact), threshold)
    const best = judgement.candidates[0]
    return best ? { ...judgement, evidence: evidenceFor(classifier, best.label, exhibit) } : judgement
  }
}

/** What is left of a saying without punctuation, spaces, case and the particles that people add at will. */
function keyOf(text: string): string {
  const bare = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const trimmed = bare.replace(/[啊呀哦喔噢呢哈嘛哒滴的了呗啦唉哎]+$/u, '')
  return trimmed || bare
}

function favour(ranked: [string, number][], label: string): [string, number][] {
  const others = ranked.reduce((sum, [name, share]) => (name === label ? sum : sum + share), 0)
  const scale = others > 0 ? (1 - KNOWN_SAYING) / others : 0
  return ranked.map(([name, share]) => [name, name === label ? KNOWN_SAYING : share * scale])
}
