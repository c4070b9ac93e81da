import { draftSchema } from '../registration/facts.ts'
import { fieldsOf } from '../registration/fields.ts'
import type { RegistrationRules } from '../registration/rules.ts'
import type { Template, TemplateBlock } from '../registration/template.ts'
import type { ContentProblem } from './content-problem.ts'
import type { RawContent } from './raw-content.ts'

/** Each entry is there once and says what its permit is; papers show only fields that there are, in tables that are whole. */
export function checkRegistration(
  { registration }: Pick<RawContent, 'registration'>,
  isSubject: (id: string) => boolean,
): ContentProblem[] {
  const { file, value } = registration
  const seen = new Set<string>()
  const ofScope = value.scope.flatMap(({ id, permit, permitName }, i) => {
    const problems = seen.has(id) ? [file.problem(['scope', i, 'id'], `"${id}" is there twice`)] : []
    seen.add(id)
    if ((permit !== 'none') !== (permitName !== undefined))
      problems.push(file.problem(['scope', i], 'a permit and its name go together'))
    return problems
  })
  const ofSubject = isSubject(value.subject)
    ? []
    : [file.problem(['subject'], `there is no subject "${value.subject}"`)]
  const known = fieldNames(value)
  const ofPapers = value.documents.flatMap((template, i) =>
    templateMistakes(template, known).map(({ at, message }) =>
      file.problem(['documents', i, ...at], message),
    ),
  )
  return [...ofScope, ...ofSubject, ...ofPapers]
}

interface Mistake {
  at: (string | number)[]
  message: string
}

/** All names that a template may use: of the whole, and of one shareholder inside `each`. */
function fieldNames(rules: RegistrationRules): { whole: Set<string>; own: Set<string> } {
  const draft = draftSchema.parse({ people: [{ id: 'p1' }], shares: [{ person: 'p1', fen: 1 }] })
  const keys = Object.keys(fieldsOf(draft, { ...rules, streets: new Map() }, '2026-01-01'))
  const own = keys.filter(key => key.startsWith('shareholders.')).map(key => key.split('.')[2]!)
  return { whole: new Set(keys), own: new Set(own) }
}

function templateMistakes(
  { below = '', blocks }: Template,
  { whole, own }: ReturnType<typeof fieldNames>,
): Mistake[] {
  const unknown = (text: string, isEach: boolean) =>
    [...text.matchAll(/\{(\w+)\}/g)]
      .map(([, name]) => name!)
      .filter(name => !whole.has(name) && !(isEach && own.has(name)))
      .map(name => `no field is called "${name}"`)
  return [
    ...unknown(below, false).map(message => ({ at: ['below'], message })),
    ...blocks.flatMap((block, i) => {
      const isEach =
        ('each' in block ? block.each : 'table' in block ? block.table.each : undefined) !== undefined
      const messages = [...textsOf(block).flatMap(text => unknown(text, isEach)), ...widthMistakes(block)]
      return messages.map(message => ({ at: ['blocks', i], message }))
    }),
  ]
}

function textsOf(block: TemplateBlock): string[] {
  if ('table' in block) return [...(block.table.head ?? []), ...rowsOf(block).flat()]
  const { heading, chapter, article, text } = block as Partial<Record<string, string>>
  return [heading, chapter, article, text].filter(each => each !== undefined)
}

function rowsOf({ table }: Extract<TemplateBlock, { table: unknown }>): string[][] {
  return table.rows.map(row => (Array.isArray(row) ? row : row.cells))
}

function widthMistakes(block: TemplateBlock): string[] {
  if (!('table' in block)) return []
  const { head, widths } = block.table
  const isWhole = [...(head ? [head] : []), ...rowsOf(block)].every(row => row.length === widths.length)
  return isWhole ? [] : ['every row has as many cells as there are widths']
}
