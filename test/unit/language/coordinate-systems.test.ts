import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bd09ToGcj02,
  COORDINATE_SYSTEMS,
  type Coordinates,
  fromGcj02,
  fromWgs84,
  gcj02ToBd09,
  kilometresBetween,
  toGcj02,
  toWgs84,
} from '../../../src/language/coordinate-systems.ts'

/** WGS-84 and GCJ-02 of three cities: the vectors that the ports of eviltransform are tested with. */
const EVILTRANSFORM: [city: string, wgs: Coordinates, gcj: Coordinates][] = [
  ['Shanghai', [121.5272106, 31.1774276], [121.531541859215, 31.17530398364597]],
  ['Shenzhen', [113.912316, 22.543847], [113.9171764808363, 22.540796131694766]],
  ['Beijing', [116.377817, 39.911954], [116.38404722455657, 39.91334545536069]],
]

/** The same point in all three, as answered by the map makers: cities of gcoord's fixture, the first two of Liaoning. */
const CITIES: [city: string, wgs: Coordinates, gcj: Coordinates, bd: Coordinates][] = [
  ['沈阳', [123.4253306, 41.8032629], [123.4314787, 41.8057023], [123.438095, 41.8114013]],
  ['辽阳', [123.2312099, 41.2651725], [123.2369518, 41.2672464], [123.2433178, 41.2736074]],
  ['郑州', [113.6192856, 34.7478004], [113.6253334, 34.7466173], [113.6317519, 34.7528605]],
  ['金昌', [102.1860478, 38.5196469], [102.1880474, 38.5200925], [102.194653, 38.5258128]],
  ['汕头', [116.6775114, 23.3567569], [116.6819735, 23.3540964], [116.6885014, 23.3598884]],
]

/** A degree of 1e-5 is about a metre. */
const METRE = 1e-5

function expectNear(actual: Coordinates, expected: Coordinates, within = METRE) {
  expect(Math.abs(actual[0] - expected[0])).toBeLessThan(within)
  expect(Math.abs(actual[1] - expected[1])).toBeLessThan(within)
}

describe('coordinates', () => {
  test.each(EVILTRANSFORM)('%s in GCJ-02 and back', (_city, wgs, gcj) => {
    expectNear(toGcj02(wgs), gcj, 1e-9)
    expectNear(fromGcj02(gcj), wgs)
  })

  test('GCJ-02 in BD-09 and back, as coordtransform publishes it', () => {
    expectNear(gcj02ToBd09([116.404, 39.915]), [116.41036949371029, 39.92133699351021], 1e-9)
    expectNear(bd09ToGcj02([116.404, 39.915]), [116.39762729119315, 39.90865673957631], 1e-9)
  })

  test.each(CITIES)('%s as the map makers have it in all three', (_city, wgs, gcj, bd) => {
    expectNear(toGcj02(wgs), gcj)
    expectNear(gcj02ToBd09(gcj), bd)
    expectNear(fromWgs84(wgs, 'BD-09'), bd)
    expectNear(toWgs84(gcj, 'GCJ-02'), wgs)
    expectNear(toWgs84(bd, 'BD-09'), wgs)
  })

  test('there and back again is the same point, all over China', () => {
    const point = fc.tuple(
      fc.double({ min: 74, max: 134, noNaN: true }),
      fc.double({ min: 18, max: 53, noNaN: true }),
    )
    fc.assert(
      fc.property(point, fc.constantFrom(...COORDINATE_SYSTEMS), (wgs, system) =>
        expectNear(toWgs84(fromWgs84(wgs, system), system), wgs),
      ),
      { numRuns: 5000 },
    )
  })

  test('abroad nothing is shifted', () => {
    for (const abroad of [
      [2.35, 48.85],
      [-74, 40.7],
      [183, 45],
    ] as Coordinates[])
      expect(toGcj02(abroad)).toEqual(abroad)
  })

  test('distances are those of the earth', () => {
    // Shanghai to Beijing, from the same published tests: 1,078 km on a slightly larger sphere.
    const shanghai: Coordinates = [121.531541859215, 31.17530398364597]
    const distance = kilometresBetween(shanghai, [116.38404722455657, 39.91334545536069])
    expect(Math.abs(distance / 1078.164 - 1)).toBeLessThan(0.002)
    expect(kilometresBetween(shanghai, shanghai)).toBe(0)
  })
})
