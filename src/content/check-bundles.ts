import type { Bundle, BundlePart } from '../guidance/bundle.ts'
import { applies, waysOf } from '../guidance/condition.ts'
import type { Item } from '../guidance/item.ts'
import { allSituations } from '../guidance/situation.ts'
import { wrongNames } from './check-guidance.ts'
import type { ContentProblem } from './content-problem.ts'
import { missing } from './missing.ts'
import type { RawContent } from './raw-content.ts'

type Path = (string | number)[]
type Problem = (at: Path, message: string) => ContentProblem

/** Bundles against the items that they are made of. */
export function checkBundles(raw: RawContent): ContentProblem[] {
  const items = new Map(raw.items.flatMap(({ value }) => value.items.map(item => [item.id, item] as const)))
  const kinds = new Set(raw.documents.value.documents.map(({ id }) => id))
  return raw.bundles.flatMap(({ file, value }) => {
    const problem: Problem = (at, message) => file.problem(at, message)
    return [
      ...(items.has(value.id) ? [problem(['id'], `an item is called "${value.id}", too`)] : []),
      ...checkOwnQuestions(value, problem),
      ...checkOrder(value, problem),
      ...value.items.flatMap((part, i) =>
        checkPart(value, part, {
          item: items.get(part.item),
          kinds,
          problem: (at, message) => problem(['items', i, ...at], message),
        }),
      ),
    ]
  })
}

function checkOwnQuestions(bundle: Bundle, problem: Problem): ContentProblem[] {
  const used = new Set([
    ...[...bundle.questions, ...bundle.items].flatMap(({ when }) =>
      when ? waysOf(when).flatMap(way => Object.keys(way)) : [],
    ),
    ...bundle.items.flatMap(({ same }) => Object.values(same)),
  ])
  const situations = allSituations(bundle.questions)
  return [
    ...bundle.questions.flatMap(({ id, when }, i) => [
      ...(used.has(id) ? [] : [problem(['questions', i], `nothing depends on the question "${id}"`)]),
      ...(when ? wrongNames(when, bundle.questions.slice(0, i)) : []).map(message =>
        problem(['questions', i, 'when'], message),
      ),
    ]),
    ...bundle.items.flatMap(({ when }, i) => [
      ...(when ? wrongNames(when, bundle.questions) : []).map(message =>
        problem(['items', i, 'when'], message),
      ),
      ...(situations.some(answers => applies(when, answers))
        ? []
        : [problem(['items', i, 'when'], 'no answers ever lead here')]),
    ]),
  ]
}

/** Parts wait only for parts that are there, and never for each other. */
function checkOrder(bundle: Bundle, problem: Problem): ContentProblem[] {
  const ids = bundle.items.map(({ item }) => item)
  const waitsForItself = (id: string, seen: readonly string[] = []): boolean =>
    seen.includes(id) ||
    (bundle.items.find(({ item }) => item === id)?.after ?? []).some(each =>
      waitsForItself(each, [...seen, id]),
    )
  return bundle.items.flatMap(({ item, after }, i) => [
    ...(ids.indexOf(item) < i ? [problem(['items', i, 'item'], `"${item}" is there twice`)] : []),
    ...missing(after, id => ids.includes(id)).map(j =>
      problem(['items', i, 'after', j], `"${after[j]}" is not part of it`),
    ),
    ...(waitsForItself(item) ? [problem(['items', i, 'after'], `"${item}" waits for itself`)] : []),
  ])
}

function checkPart(
  bundle: Bundle,
  part: BundlePart,
  { item, kinds, problem }: { item: Item | undefined; kinds: ReadonlySet<string>; problem: Problem },
): ContentProblem[] {
  if (!item) return [problem(['item'], `no item "${part.item}"`)]
  return [
    ...wrongNames(part.given, item.questions).map(message => problem(['given'], message)),
    ...missing(part.gives, id => kinds.has(id)).map(i =>
      problem(['gives', i], `no document "${part.gives[i]}"`),
    ),
    ...Object.entries(part.same).flatMap(([question, own]) =>
      checkSame(bundle, part, {
        own,
        choices: item.questions.find(({ id }) => id === question)?.choices,
      }).map(message => problem(['same', question], message)),
    ),
  ]
}

/** Wherever the part applies, what the bundle was answered must be a choice of the item's question. */
function checkSame(
  bundle: Bundle,
  part: BundlePart,
  { own, choices }: { own: string; choices: readonly { id: string }[] | undefined },
): string[] {
  if (!choices) return [`"${part.item}" has no such question`]
  if (!bundle.questions.some(({ id }) => id === own)) return [`no question "${own}"`]
  const answered = allSituations(bundle.questions)
    .filter(answers => applies(part.when, answers))
    .flatMap(answers => answers[own] ?? [])
  const wrong = answered.find(choice => !choices.some(({ id }) => id === choice))
  return wrong === undefined ? [] : [`"${part.item}" has no choice "${wrong}" there`]
}
