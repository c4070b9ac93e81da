import { type Normalised, normalise } from './normalise.ts'
import { requiredCharacters } from './required-characters.ts'
import type { EmergencyFile } from './schemas.ts'
import type { Danger } from './understanding.ts'

/** Finds dangers named in a text. */
export type DangerFinder = (normalised: Normalised) => Danger[]

interface Kind {
  id: string
  service: string
  patterns: Pattern[]
  english: RegExp | undefined
  not: RegExp[]
  ask: RegExp[]
}

interface Pattern {
  expression: RegExp
  /** Character codes; a text that lacks all of one set cannot match. */
  required: Uint16Array[]
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

/**
 * Compiles `emergency.yaml`. Recall first: one cue is enough, and only a `not` of its kind or of all kinds takes it back. A kind of which
 * every cue stands beside an `ask` is a danger that is only sensed.
 */
export function createDangerFinder(file: EmergencyFile): DangerFinder {
  const kinds = file.kinds.map(kind => compile(kind, file))
  const cueHits = createCueScanner(file)
  return normalised => {
    const text = normalised.text.slice(0, MOST_CHARACTERS)
    const hits = [...cueHits(text), ...patternHits(kinds, text)]
    const standing = new Map<number, Hit & { isDoubtful: boolean }>()
    for (const hit of hits) {
      const { not, ask } = kinds[hit.kind]!
      const around = text.slice(Math.max(0, hit.start - CONTEXT), hit.end + CONTEXT)
      const isBeside = (expression: RegExp) => expression.test(around)
      const isSure = standing.get(hit.kind)?.isDoubtful === false
      if (isSure || not.some(isBeside)) continue
      const isDoubtful = ask.some(isBeside)
      if (!isDoubtful || !standing.has(hit.kind)) standing.set(hit.kind, { ...hit, isDoubtful })
    }
    return [...standing.values()]
      .sort((a, b) => Number(a.isDoubtful) - Number(b.isDoubtful) || a.kind - b.kind)
      .map(hit => {
        const { start, end } = normalised.toOriginal(hit)
        const { id, service } = kinds[hit.kind]!
        const danger = { kind: id, service, cue: normalised.original.slice(start, end) }
        return hit.isDoubtful ? { ...danger, isSensed: true } : danger
      })
  }
}

function compile(kind: EmergencyFile['kinds'][number], all: Pick<EmergencyFile, 'not' | 'ask'>): Kind {
  const phrases = kind.english
    .map(phrase => literal(phrase.toLowerCase()))
    .sort((a, b) => b.length - a.length)
  return {
    id: kind.id,
    service: kind.service,
    patterns: kind.patterns.map(halfWidth).map(source => ({
      expression: new RegExp(source, 'gu'),
      required: requiredCharacters(source).map(set => Uint16Array.from(set, char => char.charCodeAt(0))),
    })),
    english:
      phrases.length > 0 ? new RegExp(`(?<![a-z])(?:${phrases.join('|')})(?![a-z])`, 'giu') : undefined,
    not: [...all.not, ...kind.not].map(context),
    ask: [...all.ask, ...kind.ask].map(context),
  }
}

function context(source: string): RegExp {
  return new RegExp(halfWidth(source), 'u')
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** Texts arrive normalised, so the punctuation that a pattern's writer typed in full width would never match. */
function halfWidth(source: string): string {
  return source.replace(/[，！：；]/gu, mark => mark.normalize('NFKC')).replaceAll('？', '\\?')
}

/** Finds all fixed cues in one pass, by their first two characters. */
function createCueScanner(file: EmergencyFile): (text: string) => Hit[] {
  const byStart = new Map<number, { cue: string; kind: number }[]>()
  const firsts = new Uint8Array(0x10000)
  file.kinds.forEach((entry, kind) => {
    for (const said of entry.cues) {
      const cue = normalise(said).text
      if (cue.length < 2) continue
      const key = pairAt(cue, 0)
      byStart.set(key, [...(byStart.get(key) ?? []), { cue, kind }])
      firsts[cue.charCodeAt(0)] = 1
    }
  })
  for (const group of byStart.values()) group.sort((a, b) => b.cue.length - a.cue.length)
  return text => {
    const hits: Hit[] = []
    for (let start = 0; start < text.length - 1; start++) {
      if (firsts[text.charCodeAt(start)] === 0) continue
      for (const { cue, kind } of byStart.get(pairAt(text, start)) ?? []) {
        if (text.startsWith(cue, start)) hits.push({ kind, start, end: start + cue.length })
      }
    }
    return hits
  }
}

function pairAt(text: string, at: number): number {
  return text.charCodeAt(at) * 0x10000 + text.charCodeAt(at + 1)
}

/** Which characters occur in the text at hand. All zero between two texts. */
const present = new Uint8Array(0x10000)

function patternHits(kinds: readonly Kind[], text: string): Hit[] {
  const hits: Hit[] = []
  const isLatin = /[a-z]/iu.test(text)
  for (let i = 0; i < text.length; i++) present[text.charCodeAt(i)] = 1
  for (const [kind, { patterns, english }] of kinds.entries()) {
    for (const { expression, required } of patterns) {
      if (required.every(isAnyPresent)) addHits(hits, kind, expression, text)
    }
    if (isLatin && english) addHits(hits, kind, english, text)
  }
  for (let i = 0; i < text.length; i++) present[text.charCodeAt(i)] = 0
  return hits
}

function isAnyPresent(codes: Uint16Array): boolean {
  for (let i = 0; i < codes.length; i++) if (present[codes[i]!] === 1) return true
  return false
}

function addHits(hits: Hit[], kind: number, expression: RegExp, text: string): void {
  for (const match of text.matchAll(expression)) {
    if (match[0] !== '') hits.push({ kind, start: match.index, end: match.index + match[0].length })
  }
}
