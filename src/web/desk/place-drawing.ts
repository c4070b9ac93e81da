import type { EChartsCoreOption } from 'echarts/core'
import { type ChartColours, heatStep } from './chart-palette.ts'
import { cellsOf } from './map-cells.ts'
import type { CaseMap, Counts, MappedStreet, Point } from './overview-shapes.ts'

export const MAP_NAME = 'city'

/** One cell of the map, and whose number it shows. */
export interface MapCell {
  street: MappedStreet
  /** Null for a street without communities. */
  community: { id: string; name: string } | null
  count: number
  outline: Point[]
}

/** The streets' outlines, as ECharts takes maps. Streets without one are not drawn; the table has them. */
export function featuresOf({ streets }: CaseMap): object {
  const features = streets.flatMap(({ name, outline }) =>
    outline
      ? [
          {
            type: 'Feature',
            properties: { name },
            geometry: { type: 'Polygon', coordinates: [[...outline, outline[0]]] },
          },
        ]
      : [],
  )
  return { type: 'FeatureCollection', features }
}

/** Cells of all streets, with the number that is asked for. */
export function mapCells({ streets }: CaseMap, by: keyof Counts): MapCell[] {
  return streets.flatMap(street => {
    const { outline, communities } = street
    if (!outline) return []
    const parts = communities.length > 0 ? communities : [null]
    const cells = cellsOf(outline, parts.length)
    return parts.map((community, index) => ({
      street,
      community,
      count: (community ?? street)[by],
      outline: cells[index] ?? outline,
    }))
  })
}

interface Drawing {
  map: CaseMap
  by: keyof Counts
  cells: MapCell[]
  colours: ChartColours
  /** What the pointer is told of a cell. */
  tell(cell: MapCell): string
}

/** The map: communities as cells by their count, the streets' edges and names, and what helps to find one's way. */
export function mapOption({ map, by, cells, colours, tell }: Drawing): EChartsCoreOption {
  const most = Math.max(0, ...cells.map(({ count }) => count))
  return {
    tooltip: {
      renderMode: 'richText',
      backgroundColor: colours.ground,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 13 },
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) =>
        seriesIndex === 0 ? tell(cells[dataIndex]!) : '',
    },
    geo: {
      map: MAP_NAME,
      silent: true,
      aspectScale: 0.75,
      top: 8,
      bottom: 8,
      left: 8,
      right: 8,
      itemStyle: { areaColor: colours.none, borderColor: colours.soft, borderWidth: 1.5 },
    },
    series: [
      cellSeries(cells, most, colours),
      ...['river', 'road'].map(kind => lineSeries(map, kind, colours)),
      nameSeries(map, by, colours),
    ],
  }
}

interface Api {
  coord(point: Point): [number, number]
}

function cellSeries(cells: readonly MapCell[], most: number, colours: ChartColours): object {
  const fill = (count: number) => {
    const step = heatStep(count, most, colours.heat.length)
    return step === null ? colours.none : colours.heat[step]
  }
  return {
    type: 'custom',
    coordinateSystem: 'geo',
    data: cells.map((_, index) => [index]),
    z: 3,
    renderItem: ({ dataIndex }: { dataIndex: number }, api: Api) => ({
      type: 'polygon',
      shape: { points: cells[dataIndex]!.outline.map(point => api.coord(point)) },
      style: { fill: fill(cells[dataIndex]!.count), stroke: colours.ground, lineWidth: 1 },
      emphasis: { style: { stroke: colours.ink, lineWidth: 1.5 } },
    }),
  }
}

function lineSeries({ lines }: CaseMap, kind: string, colours: ChartColours): object {
  const own = lines.filter(each => each.kind === kind)
  const isRiver = kind === 'river'
  return {
    type: 'custom',
    coordinateSystem: 'geo',
    silent: true,
    data: own.map((_, index) => [index]),
    z: 4,
    renderItem: ({ dataIndex }: { dataIndex: number }, api: Api) => {
      const { path, name } = own[dataIndex]!
      const middle = api.coord(path[Math.floor(path.length / 3)]!)
      return {
        type: 'group',
        children: [
          {
            type: 'polyline',
            shape: { points: path.map(point => api.coord(point)), smooth: 0.4 },
            style: {
              fill: 'none',
              stroke: isRiver ? colours.river : colours.road,
              lineWidth: isRiver ? 5 : 2.5,
              opacity: 0.85,
            },
          },
          {
            type: 'text',
            style: { text: name, x: middle[0], y: middle[1] + 6, ...halo(colours, 10), fill: colours.soft },
          },
        ],
      }
    },
  }
}

function nameSeries({ streets }: CaseMap, by: keyof Counts, colours: ChartColours): object {
  return {
    type: 'custom',
    coordinateSystem: 'geo',
    silent: true,
    data: streets.map((_, index) => [index]),
    z: 5,
    renderItem: ({ dataIndex }: { dataIndex: number }, api: Api) => {
      const street = streets[dataIndex]!
      const [x, y] = api.coord(street.centre)
      const text = `${street.name} ${street[by]}`
      return {
        type: 'text',
        style: { text, x, y, align: 'center', ...halo(colours, 14), fontWeight: 600, fill: colours.ink },
      }
    },
  }
}

/** Text that is read on any cell. */
function halo({ ground }: ChartColours, fontSize: number): object {
  return { fontSize, stroke: ground, lineWidth: 3 }
}
