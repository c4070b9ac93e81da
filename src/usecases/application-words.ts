import type { Application, ApplicationStep } from '../cases/application.ts'
import type { Limit } from '../clocks/limit.ts'
import type { ApplicationProblem } from '../guidance/check-application.ts'
import type { Item } from '../guidance/item.ts'
import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'

/** The item of an application as the content has it now; undefined when it is gone. */
export function itemOf({ content }: Line, { item }: Pick<Application, 'item'>): Item | undefined {
  return content.items.find(({ id }) => id === item)
}

/** What is applied for, in a language; as it was then where the content has it no more. */
export function itemName(line: Line, application: Application, locale: Locale): string {
  const item = itemOf(line, application)
  return item ? line.names.text({ zh: item.name, en: item.en }, locale) : application.itemName
}

/** What a step is called. */
export function stepName(
  line: Line,
  application: Pick<Application, 'item'>,
  { act, name }: Pick<ApplicationStep, 'act' | 'name'>,
  locale: Locale,
): string {
  const own = itemOf(line, application)?.steps.find(step => step.act === act && step.name === name)
  if (own) return line.names.text({ zh: name, en: own.en ?? name }, locale)
  const key = `guide.act.${act}`
  const { texts } = line.content
  return texts.has(locale, key) && texts.of('zh-Hans', key) === name ? texts.of(locale, key) : name
}

export function postName({ content, names }: Line, id: string, locale: Locale): string {
  const post = content.authority.posts.find(each => each.id === id)
  return post ? names.text({ zh: post.name, en: post.en }, locale) : id
}

export function documentName({ content, names }: Line, id: string, locale: Locale): string {
  const kind = content.documents.get(id)
  return kind ? names.text({ zh: kind.name, en: kind.en }, locale) : id
}

export function limitText({ content }: Line, { amount, unit }: Limit, locale: Locale): string {
  return content.texts.of(locale, `limit.${unit}`, { amount })
}

/** An amount of a measure with its unit, `经营面积 80 平方米`; ids where the content has it no more. */
export function amountText(
  line: Line,
  application: Pick<Application, 'item'>,
  id: string,
  amount: number,
  locale: Locale,
): string {
  const measure = itemOf(line, application)?.measures.find(each => each.id === id)
  if (!measure) return `${id} ${amount}`
  const { name, en, unit, unitEn } = measure
  const text = (zh: string, english: string) => line.names.text({ zh, en: english }, locale)
  return `${text(name, en)} ${amount} ${text(unit, unitEn)}`
}

/** Question and answer of the situation, in the order of the questions. */
export function answersText(
  line: Line,
  { item: id, answers }: Pick<Application, 'item' | 'answers'>,
  locale: Locale,
): { ask: string; choice: string }[] {
  const questions = itemOf(line, { item: id })?.questions ?? []
  return questions.flatMap(({ id: key, ask, en, choices }) => {
    const choice = choices.find(each => each.id === answers[key])
    if (!choice) return []
    return [
      {
        ask: line.names.text({ zh: ask, en }, locale),
        choice: line.names.text({ zh: choice.name, en: choice.en }, locale),
      },
    ]
  })
}

/** What is missing or wrong, in words that name it. */
export function problemText(
  line: Line,
  item: Item,
  { field, because }: ApplicationProblem,
  locale: Locale,
): string {
  return line.content.texts.of(locale, `apply.problem.${because}`, {
    name: fieldName(line, item, field, locale),
  })
}

function fieldName(line: Line, item: Item, field: string, locale: Locale): string {
  const [group, id] = field.split('.') as [string, string?]
  if (id === undefined) return line.content.texts.of(locale, `apply.field.${field}`)
  if (group === 'documents') return documentName(line, id, locale)
  const question = item.questions.find(each => each.id === id)
  if (question) return line.names.text({ zh: question.ask, en: question.en }, locale)
  const measure = item.measures.find(each => each.id === id)
  return measure ? line.names.text({ zh: measure.name, en: measure.en }, locale) : id
}
