import { type Normalised, normalise } from './normalise.ts'
import type { EmergencyFile } from './schemas.ts'
import type { Danger } from './understanding.ts'

/** Finds dangers named in a text. */
export type DangerFinder = (normalised: Normalised) => Danger[]

interface Kind {
  id: string
  service: string
  says: RegExp | undefined
  not: RegExp[]
}

/** How far around a cue its cancelling words are looked for. */
const CONTEXT = 24

/** Compiles `emergency.yaml`. Recall first: one cue is enough, and only a kind's own `not` takes it back. */
export function createDangerFinder(file: EmergencyFile): DangerFinder {
  const kinds = file.kinds.map(compile)
  return normalised => {
    const found: Danger[] = []
    for (const kind of kinds) {
      const span = firstStanding(kind, normalised.text)
      if (!span) continue
      const { start, end } = normalised.toOriginal(span)
      found.push({ kind: kind.id, service: kind.service, cue: normalised.original.slice(start, end) })
    }
    return found
  }
}

function compile(kind: EmergencyFile['kinds'][number]): Kind {
  const cues = kind.cues.map(cue => escape(normalise(cue).text)).filter(Boolean)
  const english = kind.english.map(phrase => `(?<![a-z])${escape(phrase.toLowerCase())}(?![a-z])`)
  // Longest first, so that the words quoted back are the fullest.
  const parts = [...cues, ...english].sort((a, b) => b.length - a.length)
  const all = [...kind.patterns.map(source => `(?:${source})`), ...parts]
  return {
    id: kind.id,
    service: kind.service,
    says: all.length > 0 ? new RegExp(all.join('|'), 'giu') : undefined,
    not: kind.not.map(source => new RegExp(source, 'iu')),
  }
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function firstStanding(kind: Kind, text: string): { start: number; end: number } | undefined {
  if (!kind.says) return undefined
  for (const match of text.matchAll(kind.says)) {
    if (match[0] === '') continue
    const start = match.index
    const end = start + match[0].length
    const around = text.slice(Math.max(0, start - CONTEXT), end + CONTEXT)
    if (!kind.not.some(not => not.test(around))) return { start, end }
  }
  return undefined
}
