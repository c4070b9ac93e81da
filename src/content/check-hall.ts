import type { Hall, HallFloor, HallWindow } from '../hall/hall.ts'
import type { ContentProblem } from './content-problem.ts'
import { missing } from './missing.ts'
import type { RawContent } from './raw-content.ts'
import type { YamlFile } from './yaml-file.ts'

/** The hall's windows must serve groups that there are, every group must have one, and the plan must hold all that is drawn on it. */
export function checkHall({
  hall: { file, value },
  catalogue,
}: Pick<RawContent, 'hall' | 'catalogue'>): ContentProblem[] {
  const groups = new Set(value.groups.map(({ id }) => id))
  const places = new Set(catalogue.value.places.map(({ id }) => id))
  const served = new Set(value.windows.flatMap(window => window.groups))
  return [
    ...twice(file, 'groups', value.groups, 'id'),
    ...twice(file, 'groups', value.groups, 'prefix'),
    ...twice(file, 'windows', value.windows, 'id'),
    ...twice(file, 'floors', value.floors, 'id'),
    ...missing(
      value.groups.map(({ id }) => id),
      id => served.has(id),
    ).map(i => file.problem(['groups', i, 'id'], `no window serves "${value.groups[i]!.id}"`)),
    ...value.windows.flatMap((window, i) => [
      ...missing(window.groups, id => groups.has(id)).map(j =>
        file.problem(['windows', i, 'groups', j], `no group "${window.groups[j]}"`),
      ),
      ...missing([window.place], id => places.has(id)).map(() =>
        file.problem(['windows', i, 'place'], `no place "${window.place}" in the catalogue`),
      ),
      ...checkDrawing(file, value, window, i),
    ]),
  ]
}

function checkDrawing(file: YamlFile, { floors }: Hall, window: HallWindow, i: number): ContentProblem[] {
  const floor = floors.find(({ id }) => id === window.floor)
  if (!floor) return [file.problem(['windows', i, 'floor'], `no floor "${window.floor}"`)]
  const { x, y, width, height } = window.at
  const isInside = ([left, top]: readonly [number, number]) => isOn(floor, left, top)
  return [
    ...(isOn(floor, x + width, y + height)
      ? []
      : [file.problem(['windows', i, 'at'], 'is not on the floor')]),
    ...[...window.way, window.front].flatMap((point, j) =>
      isInside(point)
        ? []
        : [file.problem(['windows', i, j < window.way.length ? 'way' : 'front'], 'is not on the floor')],
    ),
  ]
}

function isOn({ width, height }: HallFloor, x: number, y: number): boolean {
  return x <= width && y <= height
}

function twice<T>(file: YamlFile, list: string, all: readonly T[], key: keyof T & string): ContentProblem[] {
  const values = all.map(each => each[key])
  return values.flatMap((value, i) =>
    values.indexOf(value) < i ? [file.problem([list, i, key], `"${value}" is used twice`)] : [],
  )
}
