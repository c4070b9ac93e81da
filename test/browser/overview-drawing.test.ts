import { describe, expect, it } from 'vitest'
import { heatStep } from '../../src/web/desk/chart-palette.ts'
import { filterOfHash } from '../../src/web/desk/list-filter.ts'
import { listAddress } from '../../src/web/desk/list-narrowing.ts'
import { cellsOf } from '../../src/web/desk/map-cells.ts'
import type { Point } from '../../src/web/desk/overview-shapes.ts'
import { daysOfRates, rateLines, rateOf } from '../../src/web/desk/rates-drawing.ts'
import { shippedContent } from '../support/test-line.ts'

function areaOf(cell: readonly Point[]): number {
  const twice = cell.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = cell[(index + 1) % cell.length]!
    return sum + x * nextY - nextX * y
  }, 0)
  return Math.abs(twice) / 2
}

describe("a street's cells", () => {
  it('are one for each community, fill the street, and are all worth looking at', async () => {
    const { places } = await shippedContent()
    for (const { outline, communities } of places.streets) {
      const cells = cellsOf(outline!, communities.length)
      expect(cells).toHaveLength(communities.length)
      const areas = cells.map(areaOf)
      const whole = areaOf(outline!)
      expect(areas.reduce((sum, area) => sum + area, 0) / whole).toBeCloseTo(1, 1)
      expect(Math.min(...areas)).toBeGreaterThan(whole / communities.length / 4)
      expect(cellsOf(outline!, communities.length)).toEqual(cells)
    }
  })

  it('there are none of nothing', () => {
    expect(cellsOf([], 3)).toEqual([])
    expect(
      cellsOf(
        [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
        0,
      ),
    ).toEqual([])
  })
})

describe('the steps of the heat', () => {
  it.each([
    [0, 10, null],
    [1, 1, 0],
    [1, 500, 0],
    [10, 10, 5],
    [500, 500, 5],
  ])('%i of at most %i is step %j', (count, most, step) => {
    expect(heatStep(count, most, 6)).toBe(step)
  })
})

describe('the address of a list', () => {
  const narrowingOf = (hash: string) => filterOfHash(hash)?.narrowing ?? null

  it('says what it is narrowed to, also while a case of it is open', () => {
    const address = listAddress('overview.today.overdue', { light: 'red' })
    const narrowing = { what: 'overview.today.overdue', query: { light: 'red' } }
    expect(narrowingOf(address)).toEqual(narrowing)
    expect(narrowingOf(address.replace('#/?', '#/cases/abc-1?'))).toEqual(narrowing)
  })

  it.each(['', '#/', '#/cases/abc', '#/today', '#/?what=only-a-name'])('%s is narrowed to nothing', hash => {
    expect(narrowingOf(hash)).toBeNull()
  })
})

describe('the lines of the rates', () => {
  const point = { measure: 'resolved', counted: 10 } as const
  const rates = {
    departments: [
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B' },
    ],
    points: [
      { ...point, department: 'a', from: '2026-02-01', met: 5 },
      { ...point, department: 'a', from: '2026-01-01', met: 10 },
      { ...point, department: 'b', from: '2026-02-01', met: 10 },
    ],
  }

  it('are of all together first, over the same days, with gaps where nothing counted', () => {
    expect(daysOfRates(rates)).toEqual(['2026-01-01', '2026-02-01'])
    const lines = rateLines(rates, 'resolved', ['b', 'unknown'], 'All')
    expect(lines.map(({ name, points }) => [name, points.map(rateOf)])).toEqual([
      ['All', [1, 0.75]],
      ['B', [null, 1]],
    ])
  })
})
