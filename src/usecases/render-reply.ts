import type { Case } from '../cases/case.ts'
import type { Outgoing } from '../conversation/message.ts'
import type { ChoiceRef, Param, Params, Reply } from '../conversation/reply.ts'
import type { Locale } from '../language/understanding.ts'
import { caseCard } from './case-card.ts'
import type { Line } from './line.ts'
import { sayDue } from './say-due.ts'

/** Reply keys into what a channel can show, in the person's language. */
export function renderReply(
  line: Line,
  reply: Reply,
  locale: Locale,
  cases: ReadonlyMap<string, Case>,
): Outgoing {
  const cards = reply.cases.flatMap(({ caseId, queryCode }) => {
    const found = cases.get(caseId)
    if (!found) return []
    const handled = found.joined && cases.get(found.joined.to)
    return [caseCard(line, found, locale, { queryCode, handled })]
  })
  const common = { line: line.names.line(locale) }
  return {
    key: reply.key,
    text: line.content.texts.of(locale, reply.key, {
      ...common,
      ...resolveParams(line, reply.params, locale),
    }),
    choices: reply.choices.map(choice => {
      const title = choiceTitle(line, choice, locale)
      return { id: choice.id, title, say: title }
    }),
    cards,
    expects: reply.expects,
  }
}

/** What a choice is called, and what tapping it says. */
export function choiceTitle(line: Line, choice: ChoiceRef, locale: Locale): string {
  if (typeof choice.label === 'string' && line.content.texts.has(locale, choice.label))
    return line.content.texts.of(locale, choice.label)
  return String(resolve(line, choice.label, locale))
}

export function resolveParams(line: Line, params: Params, locale: Locale): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, resolve(line, param, locale)]),
  )
}

function resolve(line: Line, param: Param, locale: Locale): string | number {
  if (param === null) return ''
  if (typeof param !== 'object') return param
  const { texts, city } = line.content
  switch (param.is) {
    case 'department':
      return line.names.department(param.id, locale)
    case 'subject':
      return line.names.subject(param.id, locale)
    case 'intent':
      return line.names.intent(param.id, locale)
    case 'stage':
    case 'type':
      return texts.of(locale, `${param.is}.${param.id}`)
    case 'service':
      return texts.of(locale, `service.${param.id}`, {
        number: city.emergency[param.id as keyof typeof city.emergency],
      })
    case 'due':
      return sayDue(new Date(param.at), locale, texts)
    case 'text':
      return texts.of(locale, param.key, resolveParams(line, param.params ?? {}, locale))
    case 'both':
      return line.names.text(param, locale)
    case 'list': {
      const separator = param.separator ?? texts.of(locale, 'list.separator')
      return param.items.map(item => resolve(line, item, locale)).join(separator)
    }
  }
}
