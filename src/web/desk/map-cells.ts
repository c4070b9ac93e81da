import type { Point } from './overview-shapes.ts'

/** A degree of longitude is so much shorter than one of latitude at the city's height; close enough for a drawing. */
const SHRINK = 0.745
const ROUNDS = 12

/**
 * Cuts a street into as many cells of about the same size as it has communities, since where each lies is not known. The same
 * outline always makes the same cells.
 */
export function cellsOf(outline: readonly Point[], count: number): Point[][] {
  if (count < 1 || outline.length < 3) return []
  const flat = outline.map(([x, y]): Point => [x * SHRINK, y])
  let middles = spread(flat, count)
  let cells: Point[][] = []
  for (let round = 0; round < ROUNDS; round++) {
    cells = middles.map((middle, index) => cellAround(flat, middle, middles, index))
    middles = cells.map((cell, index) => (cell.length > 2 ? centreOf(cell) : middles[index]!))
  }
  // As one reads: from the north down, and from the west.
  return cells
    .map(cell => ({ cell, at: centreOf(cell) }))
    .toSorted((a, b) => b.at[1] - a.at[1] || a.at[0] - b.at[0])
    .map(({ cell }) => cell.map(([x, y]): Point => [x / SHRINK, y]))
}

/** So many points inside, on a grid that is made finer until there are enough. */
function spread(outline: readonly Point[], count: number): Point[] {
  const xs = outline.map(([x]) => x)
  const ys = outline.map(([, y]) => y)
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)]
  for (let across = 1; ; across++) {
    const step = (right - left) / across
    const inside: Point[] = []
    for (let row = 0, y = bottom + step / 2; y < top + step; y += step, row++)
      for (let x = left + (row % 2 === 0 ? step / 2 : step); x < right + step; x += step)
        if (isInside([x, y], outline)) inside.push([x, y])
    if (inside.length >= count)
      return Array.from({ length: count }, (_, i) => inside[Math.floor((i * inside.length) / count)]!)
  }
}

function isInside([x, y]: Point, outline: readonly Point[]): boolean {
  let isIn = false
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [ax, ay] = outline[i]!
    const [bx, by] = outline[j]!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isIn = !isIn
  }
  return isIn
}

/** What is nearer to one middle than to any other. */
function cellAround(
  outline: readonly Point[],
  middle: Point,
  middles: readonly Point[],
  own: number,
): Point[] {
  let cell = [...outline]
  for (const [index, other] of middles.entries()) if (index !== own) cell = nearer(cell, middle, other)
  return cell
}

function nearer(cell: readonly Point[], a: Point, b: Point): Point[] {
  const lead = ([x, y]: Point) => (x - b[0]) ** 2 + (y - b[1]) ** 2 - ((x - a[0]) ** 2 + (y - a[1]) ** 2)
  return cell.flatMap((point, index) => {
    const next = cell[(index + 1) % cell.length]!
    const [here, there] = [lead(point), lead(next)]
    const kept = here >= 0 ? [point] : []
    if (here > 0 === there > 0 || here === there) return kept
    const share = here / (here - there)
    return [
      ...kept,
      [point[0] + share * (next[0] - point[0]), point[1] + share * (next[1] - point[1])] as Point,
    ]
  })
}

/** Of a polygon's area; of a flat one the mean of its corners. */
export function centreOf(cell: readonly Point[]): Point {
  let [area, x, y] = [0, 0, 0]
  for (const [index, [ax, ay]] of cell.entries()) {
    const [bx, by] = cell[(index + 1) % cell.length]!
    const cross = ax * by - bx * ay
    area += cross
    x += (ax + bx) * cross
    y += (ay + by) * cross
  }
  if (Math.abs(area) > 1e-12) return [x / (3 * area), y / (3 * area)]
  const mean = (of: (point: Point) => number) =>
    cell.reduce((sum, each) => sum + of(each), 0) / Math.max(1, cell.length)
  return [mean(each => each[0]), mean(each => each[1])]
}
