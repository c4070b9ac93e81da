import {
  type Classifier,
  type ClassifierBank,
  type Look,
  look,
  lookWithin,
  weightOf,
} from './classifier-bank.ts'
import { extractFeatures } from './features.ts'
import type { Token } from './segment.ts'
import { stopWords } from './stop-words.ts'
import type { Candidate, Evidence, Judgement, Span } from './understanding.ts'
import { isMark } from './values.ts'

/** What a judge is shown: the words, and what a bank of classifiers sees in them. */
export interface Exhibit extends Look {
  tokens: readonly Token[]
}

/** Shows words to a bank. */
export function show(bank: ClassifierBank, tokens: readonly Token[]): Exhibit {
  return { tokens, ...look(bank, extractFeatures(tokens, bank.view)) }
}

/** Shows a part of a text that was shown. */
export function showWithin(whole: Exhibit, span: Span): Exhibit {
  return { tokens: tokensWithin(whole.tokens, span), ...lookWithin(whole, span) }
}

/** The tokens that lie in a span; they are sorted, so the first is found by halving. */
export function tokensWithin(tokens: readonly Token[], { start, end }: Span): Token[] {
  let low = 0
  let high = tokens.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (tokens[middle]!.start < start) low = middle + 1
    else high = middle
  }
  let last = low
  while (last < tokens.length && tokens[last]!.start < end) last++
  return tokens.slice(low, last)
}

/** When a judgement is given; otherwise the label is null and the candidates are offered. */
export interface Bar {
  /** The least confidence. */
  threshold: number
  /** By how many times the best must outdo the second. */
  lead?: number
}

const MOST_CANDIDATES = 5
const MOST_EVIDENCE = 8

/** A judgement about nothing: no label, no candidates. */
export function noJudgement(): Judgement {
  return { label: null, confidence: 0, candidates: [], evidence: [] }
}

/** The answer from probabilities by label: the best one, or none when it does not clear the bar. */
export function judge(byLabel: Iterable<readonly [string, number]>, { threshold, lead = 1 }: Bar): Judgement {
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
  const isClear = confidence >= threshold && confidence >= lead * (candidates[1]?.confidence ?? 0)
  return { label: best && isClear ? best.label : null, confidence, candidates, evidence: [] }
}

/**
 * The words that decided. Each feature's contribution is spread over the characters it stands for and summed
 * up by word, so that words, pairs and character n-grams give one readable answer.
 */
export function evidenceFor(classifier: Classifier, label: string, exhibit: Exhibit): Evidence[] {
  const { bank, tokens } = exhibit
  const index = classifier.labels.indexOf(label)
  if (index < 0 || tokens.length === 0) return []
  const shares = contributions(classifier.first + index, exhibit)
  const byWord = new Map<string, number>()
  let total = 0
  tokens.forEach((token, i) => {
    total += Math.abs(shares[i]!)
    if (shares[i] === 0 || isMark(token) || (bank.view === 'topical' && stopWords.has(token.text))) return
    byWord.set(token.text, (byWord.get(token.text) ?? 0) + shares[i]!)
  })
  if (total === 0) return []
  return [...byWord]
    .map(([feature, weight]) => ({ feature, weight: weight / total }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, MOST_EVIDENCE)
}

function contributions(column: number, { bank, tokens, features, vector }: Exhibit): Float64Array {
  const last = tokens.at(-1)!
  const base = tokens[0]!.start
  const tokenAt = new Int32Array(last.start + last.text.length - base).fill(-1)
  tokens.forEach((token, i) => {
    tokenAt.fill(i, token.start - base, token.start - base + token.text.length)
  })
  const shares = new Float64Array(tokens.length)
  const { ids, values, occurrences } = vector
  for (let j = 0; j < ids.length; j++) {
    const weight = weightOf(bank, ids[j]!, column) * values[j]!
    if (weight === 0) continue
    const start = features.spans[2 * occurrences[j]!]! - base
    const end = features.spans[2 * occurrences[j]! + 1]! - base
    for (let at = start; at < end; at++) {
      const token = tokenAt[at]!
      if (token >= 0) shares[token]! += weight / (end - start)
    }
  }
  return shares
}
