import type { Features } from './features.ts'
import type { Token } from './segment.ts'
import { stopWords } from './stop-words.ts'
import { type TextClassifier, weightOf } from './text-classifier.ts'
import type { Candidate, Evidence, Judgement } from './understanding.ts'

const MOST_CANDIDATES = 5
const MOST_EVIDENCE = 8

/** A judgement about nothing: no label, no candidates. */
export function noJudgement(): Judgement {
  return { label: null, confidence: 0, candidates: [], evidence: [] }
}

/** The answer from probabilities by label: the best one, or none when it does not reach the threshold. */
export function judge(byLabel: Iterable<readonly [string, number]>, threshold: number): Judgement {
  const candidates: Candidate[] = []
  for (const [label, confidence] of byLabel) {
    const last = candidates[MOST_CANDIDATES - 1]
    if (last && last.confidence >= confidence) continue
    candidates.push({ label, confidence })
    candidates.sort((a, b) => b.confidence - a.confidence)
    candidates.length = Math.min(candidates.length, MOST_CANDIDATES)
  }
  const best = candidates[0]
  const confidence = best?.confidence ?? 0
  return { label: best && confidence >= threshold ? best.label : null, confidence, candidates, evidence: [] }
}

/**
 * The words that decided. Each feature's contribution is spread over the characters it stands for and summed
 * up by word, so that words, pairs and character n-grams give one readable answer.
 */
export function evidenceFor(
  classifier: TextClassifier,
  label: string,
  { tokens, features }: { tokens: readonly Token[]; features: Features },
): Evidence[] {
  const column = classifier.labels.indexOf(label)
  if (column < 0 || tokens.length === 0) return []
  const shares = contributions(classifier, column, { tokens, features })
  const byWord = new Map<string, number>()
  let total = 0
  tokens.forEach((token, i) => {
    total += Math.abs(shares[i]!)
    if (shares[i] === 0 || (classifier.view === 'topical' && stopWords.has(token.text))) return
    byWord.set(token.text, (byWord.get(token.text) ?? 0) + shares[i]!)
  })
  if (total === 0) return []
  return [...byWord]
    .map(([feature, weight]) => ({ feature, weight: weight / total }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, MOST_EVIDENCE)
}

function contributions(
  classifier: TextClassifier,
  column: number,
  { tokens, features }: { tokens: readonly Token[]; features: Features },
): Float64Array {
  const last = tokens.at(-1)!
  const base = tokens[0]!.start
  const tokenAt = new Int32Array(last.start + last.text.length - base).fill(-1)
  tokens.forEach((token, i) => {
    tokenAt.fill(i, token.start - base, token.start - base + token.text.length)
  })
  const shares = new Float64Array(tokens.length)
  const { ids, values, occurrences } = classifier.vocabulary.vectorise(features)
  for (let j = 0; j < ids.length; j++) {
    const weight = weightOf(classifier, ids[j]!, column) * values[j]!
    if (weight === 0) continue
    const start = features.spans[2 * occurrences[j]!]! - base
    const end = features.spans[2 * occurrences[j]! + 1]! - base
    for (let at = start; at < end; at++) shares[tokenAt[at]!]! += weight / (end - start)
  }
  return shares
}
