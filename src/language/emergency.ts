import { type Normalised, normalise } from './normalise.ts'
import type { EmergencyFile } from './schemas.ts'
import type { Danger } from './understanding.ts'

/** Finds dangers named in a text. */
export type DangerFinder = (normalised: Normalised) => Danger[]

interface Kind {
  id: string
  service: string
  patterns: RegExp | undefined
  english: RegExp | undefined
  not: RegExp[]
}

/** A place in the text that names a danger of a kind. */
interface Hit {
  kind: number
  start: number
  end: number
}

/** How far around a cue its cancelling words are looked for. */
const CONTEXT = 24
/** A danger is named early or not at all; a longer text would only cost time. */
const MOST_CHARACTERS = 20_000

/** Compiles `emergency.yaml`. Recall first: one cue is enough, and only a kind's own `not` takes it back. */
export function createDangerFinder(file: EmergencyFile): DangerFinder {
  const kinds = file.kinds.map(compile)
  const cueHits = createCueScanner(file)
  return normalised => {
    const text = normalised.text.slice(0, MOST_CHARACTERS)
    const hits = [...cueHits(text), ...patternHits(kinds, text)]
    const standing = new Map<number, Hit>()
    for (const hit of hits) {
      if (!standing.has(hit.kind) && !isTakenBack(kinds[hit.kind]!, hit, text)) standing.set(hit.kind, hit)
    }
    return [...standing.values()]
      .sort((a, b) => a.kind - b.kind)
      .map(hit => {
        const { start, end } = normalised.toOriginal(hit)
        const { id, service } = kinds[hit.kind]!
        return { kind: id, service, cue: normalised.original.slice(start, end) }
      })
  }
}

function compile(kind: EmergencyFile['kinds'][number]): Kind {
  const phrases = kind.english
    .map(phrase => literal(phrase.toLowerCase()))
    .sort((a, b) => b.length - a.length)
  return {
    id: kind.id,
    service: kind.service,
    patterns:
      kind.patterns.length > 0
        ? new RegExp(kind.patterns.map(one => `(?:${halfWidth(one)})`).join('|'), 'gu')
        : undefined,
    english:
      phrases.length > 0 ? new RegExp(`(?<![a-z])(?:${phrases.join('|')})(?![a-z])`, 'giu') : undefined,
    not: kind.not.map(source => new RegExp(halfWidth(source), 'u')),
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** Texts arrive normalised, so the punctuation that a pattern's writer typed in full width would never match. */
function halfWidth(source: string): string {
  return source.replace(/[，！：；]/gu, mark => mark.normalize('NFKC')).replaceAll('？', '\\?')
}

/** Finds all fixed cues in one pass, by their first two characters. */
function createCueScanner(file: EmergencyFile): (text: string) => Generator<Hit> {
  const byStart = new Map<string, { cue: string; kind: number }[]>()
  const firsts = new Set<string>()
  file.kinds.forEach((entry, kind) => {
    for (const said of entry.cues) {
      const cue = normalise(said).text
      if (cue.length < 2) continue
      const key = cue.slice(0, 2)
      byStart.set(key, [...(byStart.get(key) ?? []), { cue, kind }])
      firsts.add(cue[0]!)
    }
  })
  for (const group of byStart.values()) group.sort((a, b) => b.cue.length - a.cue.length)
  return function* (text) {
    for (let start = 0; start < text.length - 1; start++) {
      if (!firsts.has(text[start]!)) continue
      for (const { cue, kind } of byStart.get(text.slice(start, start + 2)) ?? []) {
        if (text.startsWith(cue, start)) yield { kind, start, end: start + cue.length }
      }
    }
  }
}

function* patternHits(kinds: readonly Kind[], text: string): Generator<Hit> {
  const isLatin = /[a-z]/iu.test(text)
  for (const [kind, { patterns, english }] of kinds.entries()) {
    for (const expression of [patterns, isLatin ? english : undefined]) {
      if (!expression) continue
      for (const match of text.matchAll(expression)) {
        if (match[0] !== '') yield { kind, start: match.index, end: match.index + match[0].length }
      }
    }
  }
}

function isTakenBack({ not }: Kind, { start, end }: Hit, text: string): boolean {
  const around = text.slice(Math.max(0, start - CONTEXT), end + CONTEXT)
  return not.some(expression => expression.test(around))
}
