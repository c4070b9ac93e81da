import { authorise, whoMay } from '../guidance/authority.ts'
import { applies, type Condition, choicesOf, waysOf } from '../guidance/condition.ts'
import type { Item, ItemQuestion, ItemStep } from '../guidance/item.ts'
import { allSituations } from '../guidance/situation.ts'
import type { ContentProblem } from './content-problem.ts'
import { missing } from './missing.ts'
import type { RawContent } from './raw-content.ts'
import type { YamlFile } from './yaml-file.ts'

type Path = (string | number)[]

/** Where an item stands, to name the line of what is wrong with it. */
interface Placed {
  file: YamlFile
  path: Path
  item: Item
}

/** Items against the catalogue, the documents, the authority list and their own questions. */
export function checkItems(raw: RawContent, isDepartment: (id: string) => boolean): ContentProblem[] {
  const placed = raw.items.flatMap(({ file, value }) =>
    value.items.map((item, i): Placed => ({ file, path: ['items', i], item })),
  )
  return [
    ...checkUnique(placed),
    ...checkCatalogue(raw, placed),
    ...checkAuthority(raw, placed, isDepartment),
    ...placed.flatMap(each => [
      ...checkNames(raw, each, isDepartment),
      ...checkQuestions(each),
      ...checkSituations(each),
      ...checkSteps(raw, each),
      ...checkLimits(each),
    ]),
  ]
}

function checkUnique(placed: readonly Placed[]): ContentProblem[] {
  const seen = new Set<string>()
  return placed.flatMap(({ file, path, item }) =>
    (['id', 'code'] as const).flatMap(key => {
      const isTwice = seen.has(item[key])
      seen.add(item[key])
      return isTwice ? [file.problem([...path, key], `item ${item[key]} is there twice`)] : []
    }),
  )
}

/** Categories, places and kinds of documents are there once, and somebody uses them. */
function checkCatalogue({ catalogue, documents }: RawContent, placed: readonly Placed[]): ContentProblem[] {
  const items = placed.map(({ item }) => item)
  const asked = new Set(items.flatMap(item => item.documents.map(each => each.document)))
  const places = new Set(items.flatMap(item => item.places))
  const categories = new Set(items.map(item => item.category))
  const ids = new Set(items.map(item => item.id))
  const { file, value } = catalogue
  return [
    ...idle(file, 'categories', value.categories, categories, 'no item is in it'),
    ...idle(file, 'places', value.places, places, 'no item is applied for here'),
    ...idle(documents.file, 'documents', documents.value.documents, asked, 'no item asks for it'),
    ...missing(value.popular, id => ids.has(id)).map(i =>
      file.problem(['popular', i], `no item "${value.popular[i]}"`),
    ),
  ]
}

function idle(
  file: YamlFile,
  key: string,
  things: readonly { id: string }[],
  used: ReadonlySet<string>,
  message: string,
): ContentProblem[] {
  const first = things.map(({ id }) => id)
  return first.flatMap((id, i) => [
    ...(used.has(id) ? [] : [file.problem([key, i], `"${id}": ${message}`)]),
    ...(first.indexOf(id) < i ? [file.problem([key, i, 'id'], `"${id}" is there twice`)] : []),
  ])
}

function checkAuthority(
  { authority: { file, value } }: RawContent,
  placed: readonly Placed[],
  isDepartment: (id: string) => boolean,
): ContentProblem[] {
  const items = new Map(placed.map(({ item }) => [item.id, item]))
  const posts = new Set(value.posts.map(({ id }) => id))
  return value.grants.flatMap((grant, i) => {
    const named = Array.isArray(grant.items) ? grant.items : []
    const measures = new Set([...items.values()].flatMap(item => item.measures.map(({ id }) => id)))
    return [
      ...(isDepartment(grant.department)
        ? []
        : [file.problem(['grants', i, 'department'], `no department "${grant.department}"`)]),
      ...(posts.has(grant.post) ? [] : [file.problem(['grants', i, 'post'], `no post "${grant.post}"`)]),
      ...missing(named, id => items.has(id)).map(j =>
        file.problem(['grants', i, 'items', j], `no item "${named[j]}"`),
      ),
      ...Object.keys(grant.upTo).flatMap(id =>
        measures.has(id) ? [] : [file.problem(['grants', i, 'upTo', id], `no item measures "${id}"`)],
      ),
    ]
  })
}

function checkNames(
  raw: RawContent,
  { file, path, item }: Placed,
  isDepartment: (id: string) => boolean,
): ContentProblem[] {
  const { categories, places } = raw.catalogue.value
  const kinds = new Set(raw.documents.value.documents.map(({ id }) => id))
  const items = new Set(raw.items.flatMap(({ value }) => value.items.map(({ id }) => id)))
  const problem = (at: Path, message: string) => file.problem([...path, ...at], message)
  return [
    ...(categories.some(({ id }) => id === item.category)
      ? []
      : [problem(['category'], `no category "${item.category}"`)]),
    ...(isDepartment(item.department) ? [] : [problem(['department'], `no department "${item.department}"`)]),
    ...missing(item.places, id => places.some(place => place.id === id)).map(i =>
      problem(['places', i], `no place "${item.places[i]}"`),
    ),
    ...missing(
      item.documents.map(each => each.document),
      id => kinds.has(id),
    ).map(i => problem(['documents', i, 'document'], `no document "${item.documents[i]!.document}"`)),
    ...item.advice.flatMap(({ see }, i) =>
      see === undefined || items.has(see) ? [] : [problem(['advice', i, 'see'], `no item "${see}"`)],
    ),
  ]
}

/** Conditions of an item, each with its place. */
function conditionsOf(item: Item): [Path, Condition][] {
  return (['questions', 'documents', 'steps', 'fees', 'advice'] as const).flatMap(key =>
    item[key].flatMap(({ when }, i): [Path, Condition][] => (when ? [[[key, i, 'when'], when]] : [])),
  )
}

/** Conditions name questions that are there, before them, and choices that these offer; no question is idle. */
function checkQuestions({ file, path, item }: Placed): ContentProblem[] {
  const conditions = conditionsOf(item)
  const named = new Set(conditions.flatMap(([, when]) => waysOf(when).flatMap(way => Object.keys(way))))
  return [
    ...conditions.flatMap(([at, when]) => {
      const before = at[0] === 'questions' ? item.questions.slice(0, Number(at[1])) : item.questions
      return wrongNames(when, before).map(message => file.problem([...path, ...at], message))
    }),
    ...item.questions.flatMap(({ id }, i) => [
      ...(named.has(id)
        ? []
        : [file.problem([...path, 'questions', i], `nothing depends on the question "${id}"`)]),
      ...(item.questions.findIndex(each => each.id === id) < i
        ? [file.problem([...path, 'questions', i, 'id'], `the question "${id}" is there twice`)]
        : []),
    ]),
  ]
}

/** What a condition names that the questions do not have. */
export function wrongNames(when: Condition, questions: readonly ItemQuestion[]): string[] {
  return waysOf(when).flatMap(way =>
    Object.keys(way).flatMap(name => {
      const question = questions.find(({ id }) => id === name)
      if (!question) return [`no question "${name}" stands before it`]
      return choicesOf(way, name).flatMap(choice =>
        question.choices.some(({ id }) => id === choice)
          ? []
          : [`the question "${name}" has no choice "${choice}"`],
      )
    }),
  )
}

/** Over all situations: every rule applies in one of them, and none asks for a document twice. */
function checkSituations({ file, path, item }: Placed): ContentProblem[] {
  const situations = allSituations(item.questions)
  const unreachable = conditionsOf(item).filter(
    ([, when]) => !situations.some(answers => applies(when, answers)),
  )
  const twice = item.documents.flatMap((document, i) => {
    const others = item.documents.slice(0, i).filter(other => other.document === document.document)
    const both = situations.some(
      answers => applies(document.when, answers) && others.some(other => applies(other.when, answers)),
    )
    return both ? [i] : []
  })
  return [
    ...unreachable.map(([at]) => file.problem([...path, ...at], 'no answers ever lead here')),
    ...twice.map(i =>
      file.problem([...path, 'documents', i], 'in some situations two rules ask for this document'),
    ),
    ...situations
      .filter(
        answers =>
          !item.advice.some(each => each.stops && applies(each.when, answers)) &&
          !item.steps.some(each => each.act === 'decide' && applies(each.when, answers)),
      )
      .slice(0, 1)
      .map(() => file.problem([...path, 'steps'], 'in some situation nobody decides')),
  ]
}

/** Every step's post has its authority for small applications, and somebody decides on those of any size. */
function checkSteps({ authority }: RawContent, { file, path, item }: Placed): ContentProblem[] {
  const none = Object.fromEntries(item.measures.map(({ id }) => [id, 0]))
  return item.steps.flatMap((step, i) => {
    const { department, post } = postOf(item, step)
    const wanted = { department, post, act: step.act, item }
    const at = [...path, 'steps', i]
    return [
      ...(authorise(authority.value, { ...wanted, amounts: none }).isAllowed
        ? []
        : [file.problem([...at, 'by'], `${department}/${post} has no authority to ${step.act} ${item.id}`)]),
      ...(whoMay(authority.value, { act: step.act, item }).length > 0
        ? []
        : [file.problem(at, `nobody may ${step.act} ${item.id} without a limit`)]),
    ]
  })
}

function postOf(item: Item, step: ItemStep): { department: string; post: string } {
  return { department: step.department ?? item.department, post: step.by }
}

/** What is promised is not longer than the law allows, nor shorter than its steps, where the units can be compared. */
function checkLimits({ file, path, item }: Placed): ContentProblem[] {
  const { statutoryLimit, promisedLimit } = item
  const unit = promisedLimit.unit
  const longest = allSituations(item.questions).map(answers =>
    item.steps.filter(({ when }) => applies(when, answers)).reduce((sum, { limit }) => sum + limit.amount, 0),
  )
  const isComparable = item.steps.every(({ limit }) => limit.unit === unit)
  return [
    ...(statutoryLimit.unit === unit && promisedLimit.amount > statutoryLimit.amount
      ? [file.problem([...path, 'promisedLimit'], 'more is promised than the law allows')]
      : []),
    ...(isComparable && Math.max(...longest) > promisedLimit.amount
      ? [file.problem([...path, 'steps'], `the steps take longer than promised: ${Math.max(...longest)}`)]
      : []),
  ]
}
