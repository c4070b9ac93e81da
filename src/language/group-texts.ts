import type { TermCounter } from './similarity.ts'

/** Something told, to be put with what is told about the same. A headline counts as much as all the rest. */
export interface Told {
  headline: string
  text: string
}

/** Terms that a text is known by, heaviest first, as a vector of length 1. */
interface Vector {
  terms: Uint32Array
  weights: Float32Array
}

interface Group {
  members: number[]
  /** Sum of the members' vectors, and the square of its length. */
  sum: Map<number, number>
  square: number
}

/** Of a text only its most telling terms are looked at. */
const TERMS_OF_TEXT = 48
/** By so many of them groups that come into question are found. */
const KEYS = 16
/** A term of very many groups tells little: only the latest groups are looked at. */
const MOST_OF_KEY = 48
/** So many groups are compared in full. */
const COMPARED = 8
/** Cosine from which on a text belongs to a group, and two groups are one. Chosen by reading the largest groups of real messages. */
const SAME = 0.32
/** So many terms must be shared, as if all counted the same; of a short text a part of its terms. Chosen likewise. */
const LEAST_BREADTH = 7.5
const LEAST_BREADTH_OF_SHORT = 0.25

/**
 * Puts texts that are about the same matter at the same place together. A text joins the group whose middle it is nearest to, so
 * that no chain of neighbours grows into one heap. Texts that are the same letter by letter are always together. The cost grows
 * with the number of texts: each is compared with a bounded number of groups.
 * @param texts in the order in which they came
 * @returns indexes of the texts of each group, in order; groups in order of their first text
 */
export function groupTexts(
  texts: readonly Told[],
  count: TermCounter,
  told?: (done: number) => void,
): number[][] {
  const copies = copiesOf(texts)
  const firsts = [...copies.values()].map(same => same[0]!)
  const vectors = vectorsOf(
    firsts.map(first => texts[first]!),
    count,
    told,
  )
  const loose = gather(vectors)
  const groups = merge(loose, vectors)
  return groups
    .map(({ members }) => members.flatMap(member => copies.get(keyOf(texts[firsts[member]!]!))!))
    .map(members => members.sort((a, b) => a - b))
    .sort((a, b) => a[0]! - b[0]!)
}

function copiesOf(texts: readonly Told[]): Map<string, number[]> {
  const copies = new Map<string, number[]>()
  for (const [index, told] of texts.entries()) {
    const same = copies.get(keyOf(told))
    if (same) same.push(index)
    else copies.set(keyOf(told), [index])
  }
  return copies
}

function keyOf({ headline, text }: Told): string {
  return (text.trim() || headline).replace(/\s+/g, '')
}

function vectorsOf(texts: readonly Told[], count: TermCounter, told?: (done: number) => void): Vector[] {
  const ids = new Map<string, number>()
  const found: number[] = []
  const counted = texts.map(({ headline, text }, done) => {
    if (done % 1000 === 0) told?.(done)
    const counts = weighedCounts(headline, text, count)
    return [...counts].map(([term, weight]): [number, number] => {
      const id = ids.get(term) ?? ids.size
      if (id === ids.size) ids.set(term, id)
      found[id] = (found[id] ?? 0) + 1
      return [id, weight]
    })
  })
  return counted.map(terms => {
    const weighed = terms
      .map(([id, weight]): [number, number] => [id, weight * Math.log(1 + texts.length / found[id]!)])
      .sort(([a, one], [b, other]) => other - one || a - b)
      .slice(0, TERMS_OF_TEXT)
    const length = Math.hypot(...weighed.map(([, weight]) => weight)) || 1
    return {
      terms: Uint32Array.from(weighed, ([id]) => id),
      weights: Float32Array.from(weighed, ([, weight]) => weight / length),
    }
  })
}

/** What the headline says counts as much as all the rest. */
function weighedCounts(headline: string, text: string, count: TermCounter): Map<string, number> {
  const weights = new Map<string, number>()
  for (const part of [headline, text]) {
    const counts = new Map<string, number>()
    count(part, counts)
    const length = Math.hypot(...[...counts.values()].map(damped)) || 1
    for (const [term, times] of counts) weights.set(term, (weights.get(term) ?? 0) + damped(times) / length)
  }
  return weights
}

function damped(times: number): number {
  return 1 + Math.log(times)
}

/** Groups by their most telling terms; of each term the latest groups. */
class GroupIndex {
  readonly #byKey = new Map<number, Group[]>()

  add(group: Group, { terms }: Vector): void {
    for (const key of terms.subarray(0, KEYS)) {
      const groups = this.#byKey.get(key)
      if (!groups) this.#byKey.set(key, [group])
      else if (!groups.includes(group)) {
        groups.push(group)
        if (groups.length > MOST_OF_KEY) groups.shift()
      }
    }
  }

  /** The group that is nearest, when one is near enough. */
  nearest(vector: Vector, but?: Group): Group | null {
    const shared = new Map<Group, number>()
    for (let i = 0; i < Math.min(KEYS, vector.terms.length); i++) {
      for (const group of this.#byKey.get(vector.terms[i]!) ?? [])
        if (group !== but) shared.set(group, (shared.get(group) ?? 0) + vector.weights[i]!)
    }
    const likely = [...shared].sort(([, a], [, b]) => b - a).slice(0, COMPARED)
    let best: Group | null = null
    let most = SAME
    for (const [group] of likely) {
      const likeness = likenessOf(vector, group)
      if (likeness >= most) [best, most] = [group, likeness]
    }
    return best
  }
}

/**
 * Cosine of a text and a group's middle; 0 when what they share is too narrow. Those who only live in the same place share its
 * name's few terms; those who tell of the same matter there share many.
 */
function likenessOf({ terms, weights }: Vector, { sum, square }: Group): number {
  let product = 0
  let squares = 0
  for (let i = 0; i < terms.length; i++) {
    const part = weights[i]! * (sum.get(terms[i]!) ?? 0)
    product += part
    squares += part * part
  }
  const breadth = squares === 0 ? 0 : product ** 2 / squares
  const least = Math.min(LEAST_BREADTH, terms.length * LEAST_BREADTH_OF_SHORT)
  return breadth < least ? 0 : product / Math.sqrt(square)
}

/** Each text in turn joins the nearest group, or begins one. */
function gather(vectors: readonly Vector[]): Group[] {
  const index = new GroupIndex()
  const groups: Group[] = []
  for (const [member, vector] of vectors.entries()) {
    const near = index.nearest(vector)
    const group = near ?? { members: [], sum: new Map(), square: 0 }
    if (!near) groups.push(group)
    join(group, [member], entriesOf(vector))
    index.add(group, vector)
  }
  return groups
}

/** Groups that began apart and have come near each other become one, the smaller in the larger. */
function merge(groups: readonly Group[], vectors: readonly Vector[]): Group[] {
  const index = new GroupIndex()
  const merged: Group[] = []
  for (const group of groups.toSorted((a, b) => b.members.length - a.members.length)) {
    const middle = group.members.length === 1 ? vectors[group.members[0]!]! : middleOf(group)
    const near = index.nearest(middle)
    if (near) join(near, group.members, group.sum)
    else {
      merged.push(group)
      index.add(group, middle)
    }
  }
  return merged
}

function middleOf({ sum, square }: Group): Vector {
  const heaviest = [...sum].sort(([a, one], [b, other]) => other - one || a - b).slice(0, TERMS_OF_TEXT)
  return {
    terms: Uint32Array.from(heaviest, ([term]) => term),
    weights: Float32Array.from(heaviest, ([, weight]) => weight / Math.sqrt(square)),
  }
}

function join(
  group: Group,
  members: readonly number[],
  sum: Iterable<readonly [term: number, weight: number]>,
): void {
  group.members.push(...members)
  for (const [term, weight] of sum) {
    const before = group.sum.get(term) ?? 0
    group.sum.set(term, before + weight)
    group.square += (before + weight) ** 2 - before ** 2
  }
}

function* entriesOf({ terms, weights }: Vector): Generator<readonly [term: number, weight: number]> {
  for (let i = 0; i < terms.length; i++) yield [terms[i]!, weights[i]!]
}
