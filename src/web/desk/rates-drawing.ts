import type { EChartsCoreOption } from 'echarts/core'
import type { ChartColours } from './chart-palette.ts'
import { percent } from './evaluation-text.ts'
import type { Rate, RatePoint, Rates } from './overview-shapes.ts'

/** One department's rate, or that of all together, over the same days as the others. */
export interface RateLine {
  /** Empty: all together. */
  department: string
  name: string
  /** By first day; null where nothing counted. */
  points: (Pick<RatePoint, 'counted' | 'met'> | null)[]
}

/** First days of the months or weeks that there are, in order. */
export function daysOfRates({ points }: Rates): string[] {
  return [...new Set(points.map(({ from }) => from))].toSorted()
}

/** Lines of the departments that are chosen, and of all together first. */
export function rateLines(rates: Rates, measure: Rate, chosen: readonly string[], all: string): RateLine[] {
  const days = daysOfRates(rates)
  const own = rates.points.filter(point => point.measure === measure)
  const line = (department: string, name: string, among: readonly RatePoint[]): RateLine => ({
    department,
    name,
    points: days.map(day => sumOf(among.filter(({ from }) => from === day))),
  })
  return [
    line('', all, own),
    ...chosen.flatMap(id => {
      const known = rates.departments.find(each => each.id === id)
      return known
        ? [
            line(
              id,
              known.name,
              own.filter(({ department }) => department === id),
            ),
          ]
        : []
    }),
  ]
}

function sumOf(points: readonly RatePoint[]): RateLine['points'][number] {
  if (points.length === 0) return null
  const sum = (of: 'counted' | 'met') => points.reduce((total, point) => total + point[of], 0)
  return { counted: sum('counted'), met: sum('met') }
}

export function rateOf(point: RateLine['points'][number]): number | null {
  return point && point.counted > 0 ? point.met / point.counted : null
}

/** The lines over time; that of all together is the strongest. */
export function ratesOption(
  days: readonly string[],
  lines: readonly RateLine[],
  colours: ChartColours,
  dayName: (day: string) => string,
): EChartsCoreOption {
  const axis = {
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
    axisLabel: { color: colours.soft },
  }
  return {
    color: [colours.ink, ...colours.lines],
    grid: { left: 48, right: 20, top: 16, bottom: 56 },
    legend: {
      bottom: 0,
      type: 'scroll',
      icon: 'roundRect',
      itemWidth: 14,
      itemHeight: 4,
      textStyle: { color: colours.soft, fontSize: 12 },
    },
    tooltip: {
      renderMode: 'richText',
      trigger: 'axis',
      backgroundColor: colours.ground,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 12 },
      formatter: (shown: { seriesIndex: number; dataIndex: number }[]) => {
        const index = shown[0]?.dataIndex ?? 0
        const told = shown.map(({ seriesIndex }) => {
          const { name, points } = lines[seriesIndex]!
          const point = points[index] ?? null
          return `${name} ${percent(rateOf(point))}${point ? `（${point.met}/${point.counted}）` : ''}`
        })
        return [dayName(days[index] ?? ''), ...told].join('\n')
      },
    },
    xAxis: { type: 'category', data: days.map(dayName), boundaryGap: false, ...axis },
    yAxis: {
      type: 'value',
      ...scaleOf(lines),
      max: 1,
      ...axis,
      axisLabel: { color: colours.soft, formatter: (value: number) => percent(value) },
      splitLine: { lineStyle: { color: colours.line, opacity: 0.6 } },
    },
    series: lines.map(({ name, points, department }) => ({
      type: 'line',
      name,
      data: points.map(rateOf),
      connectNulls: true,
      symbol: 'circle',
      symbolSize: 7,
      triggerLineEvent: false,
      z: department === '' ? 3 : 2,
      lineStyle: { width: department === '' ? 3 : 2 },
    })),
  }
}

/** Down to the tenth below the lowest rate, in steps that are easily read. */
function scaleOf(lines: readonly RateLine[]): { min: number; interval: number } {
  const rates = lines.flatMap(({ points }) => points.flatMap(point => rateOf(point) ?? []))
  const min = Math.min(0.9, Math.floor(Math.min(...rates, 1) * 10) / 10)
  return { min, interval: min >= 0.8 ? 0.05 : min >= 0.5 ? 0.1 : 0.2 }
}
