import { z } from 'zod'

/** What a person has said of their situation: question id → choice id. */
export type Answers = Readonly<Record<string, string>>

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case kebab')
const all = z.record(id, z.union([id, z.array(id).min(1)]))

/**
 * When something applies: all named questions are answered with the choice, or one of the choices, named here.
 * A list of these applies when one of them does. Content without a condition always applies.
 */
export const conditionSchema = z.union([all, z.array(all).min(1)])
export type Condition = z.infer<typeof conditionSchema>

/** Does it apply to these answers? A question that was not answered, or not asked, fulfils nothing. */
export function applies(condition: Condition | undefined, answers: Answers): boolean {
  return reasonOf(condition, answers) !== null
}

/** The answers that make it apply: empty for what always does, null when it does not apply. */
export function reasonOf(condition: Condition | undefined, answers: Answers): Answers | null {
  if (!condition) return {}
  for (const way of waysOf(condition)) {
    const names = Object.keys(way)
    const isMet = names.every(name => choicesOf(way, name).includes(answers[name] ?? ''))
    if (isMet) return Object.fromEntries(names.map(name => [name, answers[name]!]))
  }
  return null
}

/** Its alternatives; each holds by itself. */
export function waysOf(condition: Condition): Readonly<Record<string, string | string[]>>[] {
  return Array.isArray(condition) ? condition : [condition]
}

/** The choices that one alternative accepts as the answer to a question. */
export function choicesOf(way: Readonly<Record<string, string | string[]>>, question: string): string[] {
  return [way[question] ?? []].flat()
}
