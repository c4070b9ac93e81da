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
  suggestions: Pick<AgentSuggestions, 'matters' | 'contact'>,
  looked: { matter: string; field: Field } | null,
): Marked[] {
  const marks = new Array<Marked['is']>(text.length).fill('plain')
  for (const { evidence, is } of evidenceOf(suggestions, looked))
    for (const { start, end } of evidence.filter(({ utterance }) => utterance === id))
      for (let at = start; at < Math.min(end, text.length); at++)
        if (STRENGTH[is] > STRENGTH[marks[at]!]) marks[at] = is
  return cut(text, marks)
}

function evidenceOf(
  { matters, contact }: Pick<AgentSuggestions, 'matters' | 'contact'>,
  looked: { matter: string; field: Field } | null,
): { evidence: readonly Span[]; is: Marked['is'] }[] {
  const isLooked = (matter: string, field: string) => looked?.matter === matter && looked.field === field
  return [
    ...Object.values(contact).map(({ evidence }) => ({ evidence, is: 'evidence' as const })),
    ...matters.flatMap(({ id, fields, danger }) => [
      ...Object.entries(fields)
        .filter(([field]) => field !== 'summary' || isLooked(id, field))
        .map(([field, { evidence }]) => ({
          evidence,
          is: isLooked(id, field) ? ('looked' as const) : ('evidence' as const),
        })),
      ...(danger ? [{ evidence: danger.evidence, is: 'danger' as const }] : []),
    ]),
  ]
}

function cut(text: string, marks: readonly Marked['is'][]): Marked[] {
  const pieces: Marked[] = []
  for (const [at, is] of marks.entries()) {
    const last = pieces.at(-1)
    if (last?.is === is) last.text += text[at]
    else pieces.push({ text: text[at]!, is })
  }
  return pieces
}
