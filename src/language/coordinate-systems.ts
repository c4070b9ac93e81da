/**
 * Longitude and latitude in degrees. WGS-84 is what GPS and standards speak; maps sold in China draw in GCJ-02 (some hundred metres
 * off, by law), and Baidu's in BD-09 (GCJ-02, turned and moved once more).
 */
export type Coordinates = [longitude: number, latitude: number]

export const COORDINATE_SYSTEMS = ['WGS-84', 'GCJ-02', 'BD-09'] as const
export type CoordinateSystem = (typeof COORDINATE_SYSTEMS)[number]

/** Krasovsky's ellipsoid, in metres, and its eccentricity squared: what GCJ-02 is worked out with. */
const SEMI_MAJOR_AXIS = 6_378_245
const ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943

/** Radians that BD-09 turns its waves by for each degree. */
const BD_WAVE = (Math.PI * 3000) / 180
const BD_SHIFT: Coordinates = [0.0065, 0.006]

/** GCJ-02 of a WGS-84 point; outside of China there is no shift. */
export function toGcj02([longitude, latitude]: Coordinates): Coordinates {
  if (!isShifted([longitude, latitude])) return [longitude, latitude]
  const radians = (latitude * Math.PI) / 180
  const magic = 1 - ECCENTRICITY_SQUARED * Math.sin(radians) ** 2
  const metresPerDegree = Math.PI / 180
  const [east, north] = shiftInMetres(longitude - 105, latitude - 35)
  const northRadius = (SEMI_MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED)) / magic ** 1.5
  const eastRadius = (SEMI_MAJOR_AXIS / Math.sqrt(magic)) * Math.cos(radians)
  return [
    longitude + east / (eastRadius * metresPerDegree),
    latitude + north / (northRadius * metresPerDegree),
  ]
}

/** More rounds than it takes to come within a millimetre. */
const ROUNDS = 12

/** WGS-84 of a GCJ-02 point. There is no closed formula, so the point that is shifted there is closed in on. */
export function fromGcj02(shifted: Coordinates): Coordinates {
  let guess = shifted
  for (let round = 0; round < ROUNDS; round++) {
    const [longitude, latitude] = toGcj02(guess)
    guess = [guess[0] + shifted[0] - longitude, guess[1] + shifted[1] - latitude]
  }
  return guess
}

/** BD-09 of a GCJ-02 point. */
export function gcj02ToBd09([x, y]: Coordinates): Coordinates {
  const radius = Math.hypot(x, y) + 0.000_02 * Math.sin(y * BD_WAVE)
  const angle = Math.atan2(y, x) + 0.000_003 * Math.cos(x * BD_WAVE)
  return [radius * Math.cos(angle) + BD_SHIFT[0], radius * Math.sin(angle) + BD_SHIFT[1]]
}

/** GCJ-02 of a BD-09 point, as the published reverse formula gives it: within a metre. */
export function bd09ToGcj02([longitude, latitude]: Coordinates): Coordinates {
  const [x, y] = [longitude - BD_SHIFT[0], latitude - BD_SHIFT[1]]
  const radius = Math.hypot(x, y) - 0.000_02 * Math.sin(y * BD_WAVE)
  const angle = Math.atan2(y, x) - 0.000_003 * Math.cos(x * BD_WAVE)
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
}

/** WGS-84 of a point in any of the systems. */
export function toWgs84(at: Coordinates, system: CoordinateSystem): Coordinates {
  if (system === 'WGS-84') return at
  return fromGcj02(system === 'BD-09' ? bd09ToGcj02(at) : at)
}

/** A point in any of the systems of a WGS-84 one. */
export function fromWgs84(at: Coordinates, system: CoordinateSystem): Coordinates {
  if (system === 'WGS-84') return at
  const shifted = toGcj02(at)
  return system === 'BD-09' ? gcj02ToBd09(shifted) : shifted
}

const EARTH_RADIUS_KM = 6371

/** Kilometres between two points of one system, along the surface of a sphere. */
export function kilometresBetween(a: Coordinates, b: Coordinates): number {
  const [[aLongitude, aLatitude], [bLongitude, bLatitude]] = [a.map(inRadians), b.map(inRadians)] as [
    Coordinates,
    Coordinates,
  ]
  const half = (from: number, to: number) => Math.sin((to - from) / 2) ** 2
  const chord =
    half(aLatitude, bLatitude) + Math.cos(aLatitude) * Math.cos(bLatitude) * half(aLongitude, bLongitude)
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)))
}

function inRadians(degrees: number): number {
  return (degrees * Math.PI) / 180
}

/** The rectangle around China within which the published formula shifts; parts of the neighbours lie in it, too. */
function isShifted([longitude, latitude]: Coordinates): boolean {
  return longitude > 72.004 && longitude < 137.8347 && latitude > 0.8293 && latitude < 55.8271
}

/** How far GCJ-02 moves a point that lies so many degrees east and north of 105° E 35° N. */
function shiftInMetres(x: number, y: number): Coordinates {
  const wave = (degrees: number) => Math.sin(degrees * Math.PI)
  const ripple = (20 * wave(6 * x) + 20 * wave(2 * x)) * (2 / 3)
  const east =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + ripple + eastWaves(x, wave)
  const north =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    ripple +
    northWaves(y, wave)
  return [east, north]
}

type Wave = (degrees: number) => number

function eastWaves(x: number, wave: Wave): number {
  return (20 * wave(x) + 40 * wave(x / 3) + 150 * wave(x / 12) + 300 * wave(x / 30)) * (2 / 3)
}

function northWaves(y: number, wave: Wave): number {
  return (20 * wave(y) + 40 * wave(y / 3) + 160 * wave(y / 12) + 320 * wave(y / 30)) * (2 / 3)
}
