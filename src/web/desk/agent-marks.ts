import type { AgentSuggestions, Field, Span } from './agent-api.ts'

/** Words of an utterance: evidence or not, and of the field that somebody looks at. */
export interface Marked {
  text: string
  is: 'plain' | 'evidence' | 'looked' | 'danger'
}

const STRENGTH = { plain: 0, evidence: 1, looked: 2, danger: 3 } as const

/** Cuts an utterance where evidence stands in it; the summary repeats what the others show, so it is marked only when looked at. */
export function markUtterance(
  { id, text }: { id: string; text: string },
  { matters, contact }: Pick<AgentSuggestions, 'matters' | 'contact'>,
  looked: { matter: string; field: Field } | null,
): Marked[] {
  const marks = new Array<Marked['is']>(text.length).fill('plain')
  const paint = (spans: readonly Span[], is: Marked['is']) => {
    for (const { utterance, start, end } of spans)
      if (utterance === id)
        for (let at = start; at < Math.min(end, text.length); at++)
          if (STRENGTH[is] > STRENGTH[marks[at]!]) marks[at] = is
  }
  for (const { evidence } of Object.values(contact)) paint(evidence, 'evidence')
  for (const matter of matters) {
    for (const [field, { evidence }] of Object.entries(matter.fields)) {
      if (looked?.matter === matter.id && looked.field === field) paint(evidence, 'looked')
      else if (field !== 'summary') paint(evidence, 'evidence')
    }
    if (matter.danger) paint(matter.danger.evidence, 'danger')
  }
  const pieces: Marked[] = []
  for (const [at, is] of marks.entries()) {
    const last = pieces.at(-1)
    if (last?.is === is) last.text += text[at]
    else pieces.push({ text: text[at]!, is })
  }
  return pieces
}
