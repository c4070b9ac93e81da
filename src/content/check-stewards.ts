import type { ContentProblem } from './content-problem.ts'
import { missing } from './missing.ts'
import type { RawContent } from './raw-content.ts'

/** Sectors and items that `stewards.yaml` names must be there; nobody and no stage stands there twice. */
export function checkStewards({ stewards: { file, value }, items }: RawContent): ContentProblem[] {
  const sectors = new Set(value.sectors.map(({ id }) => id))
  const known = new Set(items.flatMap(each => each.value.items.map(({ id }) => id)))
  const twice = (ids: readonly string[], list: string) =>
    ids.flatMap((id, i) => (ids.indexOf(id) < i ? [file.problem([list, i], `"${id}" is there twice`)] : []))
  return [
    ...(sectors.has(value.usualSector)
      ? []
      : [file.problem(['usualSector'], `no sector "${value.usualSector}"`)]),
    ...twice(
      value.stewards.map(({ login }) => login),
      'stewards',
    ),
    ...twice(
      value.stages.map(({ id }) => id),
      'stages',
    ),
    ...value.stewards.flatMap((steward, i) =>
      missing(steward.sectors, id => sectors.has(id)).map(j =>
        file.problem(['stewards', i, 'sectors', j], `no sector "${steward.sectors[j]}"`),
      ),
    ),
    ...value.stages.flatMap((stage, i) =>
      stage.steps.flatMap(({ item }, j) =>
        item === undefined || known.has(item)
          ? []
          : [file.problem(['stages', i, 'steps', j, 'item'], `no item "${item}"`)],
      ),
    ),
  ]
}
