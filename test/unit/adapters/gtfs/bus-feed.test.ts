import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import bindings from 'gtfs-realtime-bindings'
import { afterEach, describe, expect, it } from 'vitest'
import { createBusFeed } from '../../../../src/adapters/gtfs/bus-feed.ts'
import { FeedError, readTimetable } from '../../../../src/adapters/gtfs/read-timetable.ts'
import { readTripUpdates } from '../../../../src/adapters/gtfs/read-trip-updates.ts'
import { ManualClock, MINUTE } from '../../../../src/kernel/clock.ts'
import { seededChance } from '../../../../src/kernel/ids.ts'
import { quietLogger } from '../../../support/quiet-logger.ts'

const SAMPLE = join(import.meta.dirname, '../../../../cities/shenfu/gtfs')
const TEN = new Date('2026-11-24T02:00:00Z')
const near = { longitude: 123.9612, latitude: 41.8341, metres: 600 }
const { FeedMessage } = bindings.transit_realtime

let server: Server | null = null
afterEach(() => server?.close())

async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer)
  await new Promise<void>(done => server!.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The first trip of line 1 after ten, as its feed knows it. */
const TRIP = 'r1-work-a021'
function updates(madeAt: Date, delay: number): Buffer {
  const message = FeedMessage.create({
    header: { gtfsRealtimeVersion: '2.0', timestamp: madeAt.getTime() / 1000 },
    entity: [
      {
        id: '1',
        tripUpdate: { trip: { tripId: TRIP }, stopTimeUpdate: [{ stopSequence: 2, departure: { delay } }] },
      },
    ],
  })
  return Buffer.from(FeedMessage.encode(message).finish())
}
const feed = (changes: Partial<Parameters<typeof createBusFeed>[0]> = {}) =>
  createBusFeed({
    timetable: SAMPLE,
    realtime: null,
    near,
    clock: new ManualClock(TEN),
    logger: quietLogger,
    ...changes,
  })

describe('buses near the hall', () => {
  it('come out of the sample feed, as planned', async () => {
    const known = await feed().next(4)
    expect(known?.told).toBe('timetable')
    expect(known?.buses.map(({ line, minutes }) => [line, minutes])).toEqual([
      ['示1路', 0],
      ['示8路', 1],
      ['示1路', 2],
      ['示8路', 5],
    ])
  })

  it('say themselves when they come', async () => {
    const url = await serve((_, response) => response.end(updates(TEN, 420)))
    const known = await feed({ realtime: url }).next(9)
    expect(known?.told).toBe('live')
    expect(known?.buses.some(({ isLive }) => isLive)).toBe(true)
  })

  it.each<[string, string, RequestListener]>([
    ['stale', 'is old', (_, response) => response.end(updates(new Date(TEN.getTime() - 6 * MINUTE), 420))],
    ['away', 'is none', (_, response) => response.end('<html>404</html>')],
    ['away', 'fails', (_, response) => response.writeHead(503).end()],
    ['away', 'breaks off', (_, response) => response.writeHead(200, { 'content-length': '999' }).destroy()],
    [
      'away',
      'never ends',
      (_, response) => {
        const chunk = Buffer.alloc(1 << 20)
        const more = () => {
          if (!response.destroyed && response.write(chunk)) setImmediate(more)
          else response.once('drain', more)
        }
        more()
      },
    ],
  ])('are told by the timetable, and that it is %s, when the live feed %s', async (told, _, answer) => {
    const known = await feed({ realtime: await serve(answer) }).next(4)
    expect(known).toMatchObject({
      told,
      buses: expect.arrayContaining([expect.objectContaining({ isLive: false })]),
    })
  })

  it('come out of a zip, too', async () => {
    const files = readdirSync(SAMPLE).map(name => [name, readFileSync(join(SAMPLE, name))] as const)
    const url = await serve((_, response) => response.end(zipOf(files)))
    expect((await feed({ timetable: url }).next(4))?.buses).toHaveLength(4)
  })

  it.each<[string, RequestListener]>([
    ['is no zip', (_, response) => response.end('nothing')],
    ['lacks a file', (_, response) => response.end(zipOf([['stops.txt', Buffer.from('stop_id\n')]]))],
    ['is half', (_, response) => response.end(zipOf([['stops.txt', Buffer.alloc(500)]]).subarray(0, 300))],
  ])('are not known when the timetable %s, and nothing breaks', async (_, answer) => {
    expect(await feed({ timetable: await serve(answer) }).next(4)).toBeNull()
  })
})

describe('whatever a feed holds', () => {
  it('a hundred thousand broken messages are read as none, or as something that holds', () => {
    const whole = updates(TEN, 60)
    const chance = seededChance(7)
    for (let i = 0; i < 100_000; i++) {
      const bytes = Buffer.from(whole)
      for (let changes = 1 + chance.below(4); changes > 0; changes--)
        bytes[chance.below(bytes.length)] = chance.below(256)
      const read = readTripUpdates(bytes.subarray(0, chance.below(bytes.length + 1)))
      for (const trip of read?.trips.values() ?? [])
        for (const { at } of trip.stops)
          if (at && Number.isNaN(at.getTime())) throw new Error(`no time: ${i}`)
    }
  }, 60_000)

  it('two thousand broken timetables are read, or refused as a feed', async () => {
    const texts = new Map(
      readdirSync(SAMPLE).map(name => [name, readFileSync(join(SAMPLE, name)).subarray(0, 1500)]),
    )
    const chance = seededChance(11)
    for (let i = 0; i < 2000; i++) {
      const broken = (name: string) => {
        const bytes = Buffer.from(texts.get(name) ?? '')
        for (let changes = chance.below(12); changes > 0 && bytes.length > 0; changes--)
          bytes[chance.below(bytes.length)] = '",\n\r;\0x9'.charCodeAt(chance.below(9))
        return Readable.from([bytes])
      }
      try {
        await readTimetable(async name => (texts.has(name) ? broken(name) : null), near)
      } catch (error) {
        if (!(error instanceof FeedError)) throw error
      }
    }
  }, 60_000)
})

/** Stored, not packed. */
function zipOf(files: readonly (readonly [string, Buffer])[]): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, data] of files) {
    const fields = (lead: number[], more: number[]) => {
      const head = Buffer.alloc(lead.length * 2 + 12 + 4 + more.length * 2)
      let at = 0
      for (const value of lead) at = head.writeUInt16LE(value, at)
      for (const value of [crc32(data), data.length, data.length]) at = head.writeUInt32LE(value, at)
      for (const value of [Buffer.byteLength(name), 0, ...more]) at = head.writeUInt16LE(value, at)
      return head
    }
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      fields([20, 0, 0, 0, 0], []),
      Buffer.from(name),
      data,
    ])
    const place = Buffer.alloc(4)
    place.writeUInt32LE(offset)
    central.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02'),
        fields([20, 20, 0, 0, 0, 0], [0, 0, 0, 0, 0]),
        place,
        Buffer.from(name),
      ]),
    )
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06'), end])
}
