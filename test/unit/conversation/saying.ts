import type {
  Danger,
  Judgement,
  Matter,
  SaidPhone,
  SaidPlace,
  SaidTime,
  Understanding,
} from '../../../src/language/understanding.ts'

/** What a test wants a message to be understood as; everything else is plain. */
export interface Sense {
  intent?: string
  confidence?: number
  candidates?: { label: string; confidence: number }[]
  subject?: string
  subjectConfidence?: number
  type?: string
  place?: string
  time?: string
  phone?: string
  danger?: string
  caseNumber?: string
  queryCode?: string
  isBlank?: boolean
}

const NOWHERE = { start: 0, end: 0 }

/** A message as if it were understood so: no model needed. */
export function saying(text: string, sense: Sense = {}): Understanding {
  const places: SaidPlace[] = sense.place ? [{ ...NOWHERE, text: sense.place }] : []
  const now = new Date(0)
  const times: SaidTime[] = sense.time
    ? [{ ...NOWHERE, text: sense.time, from: now, to: now, kind: 'moment' }]
    : []
  const phones: SaidPhone[] = sense.phone ? [{ ...NOWHERE, text: sense.phone, number: sense.phone }] : []
  const dangers: Danger[] = sense.danger ? [{ kind: sense.danger, service: sense.danger, cue: text }] : []
  const { caseNumber, queryCode } = sense
  const matter: Matter = {
    words: text,
    span: { start: 0, end: text.length },
    subject: judged(sense.subject ?? null, sense.subjectConfidence ?? 0.9),
    requestType: judged(sense.type ?? 'help', 0.9),
    places,
    times,
  }
  return {
    text,
    normalised: text.toLowerCase(),
    locale: 'zh-Hans',
    isBlank: sense.isBlank ?? false,
    intent: judged(sense.intent ?? null, sense.confidence ?? 0.95, sense.candidates),
    matters: [matter],
    dangers,
    phones,
    places,
    times,
    references:
      caseNumber || queryCode
        ? [{ ...NOWHERE, ...(caseNumber && { caseNumber }), ...(queryCode && { queryCode }) }]
        : [],
  }
}

function judged(label: string | null, confidence: number, candidates?: Judgement['candidates']): Judgement {
  return {
    label,
    confidence: label === null ? 0 : confidence,
    candidates: candidates ?? (label === null ? [] : [{ label, confidence }]),
    evidence: [],
  }
}
