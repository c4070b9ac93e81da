import type { Ranked } from './classifier-bank.ts'
import { TELLING_ENDINGS } from './slots/place-words.ts'
import type { Evidence } from './understanding.ts'

/** Words for places at which all kinds of things happen, beyond the endings of names. */
const PLACES = new Set(
  '停车场 公交 公交站 车站 地铁 地铁口 村 村里 村口 小区 景区 养老院 敬老院 派出所 银行 社区医院 单位'.split(
    ' ',
  ),
)

/**
 * How much of a confidence is left where a place decided alone: its logarithm times 1 minus this. Of short own sentences held out, 44 were
 * judged by the place more than by all else; they were sure to 0.82 and right in 0.27. Of the values tried 0.4 surprises all 106 with a
 * place least (log loss 2.05, 2.26 without).
 */
const DOUBT = 0.4

/** From 0 to 1: how much of what speaks for an answer is that something happened at such a place. */
export function placeShare(evidence: readonly Evidence[]): number {
  let [all, places] = [0, 0]
  for (const { feature, weight } of evidence) {
    if (weight <= 0) continue
    all += weight
    if (isPlaceWord(feature)) places += weight
  }
  return all > 0 ? places / all : 0
}

function isPlaceWord(word: string): boolean {
  return PLACES.has(word) || TELLING_ENDINGS.some(ending => word.endsWith(ending))
}

/** The shares drawn nearer to each other, in the same order: "医院厕所太脏" says hospital, and little of what is wrong there. */
export function doubtPlace(ranked: readonly Ranked[], share: number): Ranked[] {
  const drawn = ranked.map(([label, own]): Ranked => [label, own ** (1 - DOUBT * share)])
  const sum = drawn.reduce((total, [, own]) => total + own, 0)
  return drawn.map(([label, own]) => [label, own / (sum || 1)])
}
