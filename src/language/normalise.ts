import { Converter } from 'opencc-js/t2cn'
import type { Locale, Span } from './understanding.ts'

/** A cleaned text that still knows where each of its characters came from. */
export interface Normalised {
  /** What the person wrote. */
  original: string
  /** NFKC, Simplified, half width; no control, zero-width or bidi characters; white space folded. */
  text: string
  locale: Locale
  /** No letter, digit or ideograph in it. */
  isBlank: boolean
  /** A span of `text` as a span of `original`. */
  toOriginal(span: Span): Span
}

const toSimplified = Converter({ from: 't', to: 'cn' })

// Beyond these ranges a character may need NFKC, may combine with its neighbour, or may be invisible.
const UNTOUCHED = /^[\x20-\x7e\u3001\u3002\u300a-\u300f\u4e00-\u9fff]*$/
// Listed one by one on purpose: marks and fillers that show nothing.
const INVISIBLE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single characters are tested, never clusters
  /^[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]$/u
const MARK = /^\p{M}$/u
const READABLE = /[\p{L}\p{N}]/u

/** Cleans a text. Never throws; the result normalised again is itself. */
export function normalise(original: string): Normalised {
  let { text, starts } = UNTOUCHED.test(original) ? { text: original, starts: undefined } : clean(original)
  const traditional = convert(text)
  const locale = localeOf(text, traditional.changed)
  if (traditional.text.length === text.length) text = traditional.text
  const folded = foldSpace(text, starts)
  text = folded.text
  starts = folded.starts
  const offsets = starts
  return {
    original,
    text,
    locale,
    isBlank: !READABLE.test(text),
    toOriginal: span => (offsets ? mapSpan(span, offsets, original) : { ...span }),
  }
}

/** Offsets of each kept UTF-16 unit: where its source starts and where it ends. */
interface Offsets {
  from: number[]
  to: number[]
}

function clean(original: string): { text: string; starts: Offsets } {
  const from: number[] = []
  const to: number[] = []
  let text = ''
  const emit = (piece: string, start: number, end: number) => {
    const isOneToOne = piece.length === end - start
    for (let i = 0; i < piece.length; i++) {
      from.push(isOneToOne ? start + i : start)
      to.push(isOneToOne ? start + i + 1 : end)
    }
    text += piece
  }
  let cluster = ''
  let clusterStart = 0
  const flush = (end: number) => {
    if (cluster) emit(compose(cluster), clusterStart, end)
    cluster = ''
  }
  let at = 0
  for (const char of original) {
    const end = at + char.length
    if (isInvisible(char)) {
      // An invisible character between a letter and its mark must not part them, or a second pass would join them.
      if (!cluster) clusterStart = end
    } else if (cluster && joins(cluster, char)) {
      cluster += char
    } else {
      flush(at)
      clusterStart = at
      cluster = char
    }
    at = end
  }
  flush(at)
  return { text, starts: { from, to } }
}

function isInvisible(char: string): boolean {
  if (char >= ' ' && char <= '~') return false
  if (char >= '\u4e00' && char <= '\u9fff') return false
  if (char === '\n' || char === '\r' || char === '\t') return false
  return INVISIBLE.test(char)
}

const JAMO = /^[\u1100-\u11ff\uac00-\ud7af]$/

/** May `char` melt into the cluster under NFKC? Clusters are kept short so that nobody can grow one to 100 kB. */
function joins(cluster: string, char: string): boolean {
  if (char < '\u0300' || (char >= '\u4e00' && char <= '\u9fff')) return false
  if (MARK.test(char) || MARK.test(char.normalize('NFKC').charAt(0))) return cluster.length < 256
  return cluster.length < 8 && JAMO.test(char) && JAMO.test(cluster.charAt(0))
}

function compose(cluster: string): string {
  if (cluster.length === 1 && cluster >= '\u4e00' && cluster <= '\u9fff') return cluster
  let composed = cluster.normalize('NFKC')
  if (cluster === '\u2026' || cluster === '\u22ef') return '…'
  if (composed.includes('\r')) composed = composed.replaceAll('\r', '\n')
  return composed
}

// OpenCC leaves 著 alone, as it is also the 著 of 著名; elsewhere it is the particle 着 (看著, 活著).
const PARTICLE = /(?<![显名专编原论卓巨译昭土合所])著(?![名作称书述录者])/gu

function convert(text: string): { text: string; changed: number } {
  let converted = text
  let changed = 0
  for (let round = 0; round < 3; round++) {
    const next = toSimplified(converted).replace(PARTICLE, '着')
    if (next === converted || next.length !== text.length) break
    if (round === 0) changed = differences(text, next)
    converted = next
  }
  return { text: converted, changed }
}

function differences(a: string, b: string): number {
  let count = 0
  for (let i = 0; i < a.length; i++) if (a.charCodeAt(i) !== b.charCodeAt(i)) count++
  return count
}

/** Traditional when one ideograph in 12 changes on conversion; English when Latin letters prevail. */
function localeOf(text: string, changed: number): Locale {
  let han = 0
  let latin = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) | 0x20
    if (code >= 0x4e00 && code <= 0x9fff) han++
    else if (code >= 0x61 && code <= 0x7a) latin++
  }
  if (han === 0 && latin > 1) return 'en'
  if (latin > han * 6) return 'en'
  return changed > 0 && changed * 12 >= han ? 'zh-Hant' : 'zh-Hans'
}

/** Runs of white space become one space, or one line break when the run holds one; none at the ends. */
function foldSpace(
  text: string,
  offsets: Offsets | undefined,
): { text: string; starts: Offsets | undefined } {
  if (!/\s\s|[^\S \n]|^\s|\s$/u.test(text)) return { text, starts: offsets }
  const from: number[] = []
  const to: number[] = []
  const pieces: string[] = []
  const pattern = /\s+|\S+/gu
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const start = match.index
    const end = start + match[0].length
    const isSpace = /\s/u.test(match[0].charAt(0))
    if (isSpace && (start === 0 || end === text.length)) continue
    pieces.push(isSpace ? (/[\n\u2028\u2029]/u.test(match[0]) ? '\n' : ' ') : match[0])
    for (let i = start; i < (isSpace ? start + 1 : end); i++) {
      from.push(offsets ? offsets.from[i]! : i)
      to.push(isSpace ? (offsets ? offsets.to[end - 1]! : end) : offsets ? offsets.to[i]! : i + 1)
    }
  }
  return { text: pieces.join(''), starts: { from, to } }
}

function mapSpan(span: Span, offsets: Offsets, original: string): Span {
  if (span.end <= span.start) {
    const at = offsets.from[span.start] ?? original.length
    return { start: at, end: at }
  }
  return {
    start: offsets.from[span.start] ?? original.length,
    end: offsets.to[span.end - 1] ?? original.length,
  }
}
