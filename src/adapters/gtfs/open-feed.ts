import { createReadStream } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { type Entry, fromBufferPromise } from 'yauzl'
import { FeedError, type FeedFiles } from './read-timetable.ts'

/** A city's feed packed, and one of its files unpacked; a zip may promise anything. */
const MOST_PACKED = 200 * 1024 * 1024
const MOST_UNPACKED = 4 * 1024 * 1024 * 1024
const MOST_ENTRIES = 1000
const FETCH_MS = 60_000

/** A feed in a folder, or in a zip at an address. @throws FeedError */
export async function openFeed(at: string): Promise<FeedFiles> {
  if (/^https?:/i.test(at)) return zipFiles(await fetchBytes(at, { most: MOST_PACKED, timeoutMs: FETCH_MS }))
  const found = await stat(at).catch(() => null)
  if (!found) throw new FeedError('there is no feed')
  if (!found.isDirectory()) throw new FeedError('a feed is a folder or an address')
  return async name => {
    const path = join(at, name)
    return (await access(path).then(
      () => true,
      () => false,
    ))
      ? createReadStream(path)
      : null
  }
}

/** The body of an answer. @throws FeedError also when it is larger than it may be */
export async function fetchBytes(
  url: string,
  { most, timeoutMs }: { most: number; timeoutMs: number },
): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'follow' })
    if (!response.ok || !response.body) throw new FeedError(`it answered ${response.status}`)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body) {
      size += chunk.length
      if (size > most) throw new FeedError('it is too large')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    throw error instanceof FeedError ? error : new FeedError('it does not answer', { cause: error })
  }
}

async function zipFiles(bytes: Uint8Array): Promise<FeedFiles> {
  const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).catch(
    error => {
      throw new FeedError('it is no zip', { cause: error })
    },
  )
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) {
      // Some feeds lie in a folder of their own.
      entries.set(entry.fileName.split('/').at(-1)!, entry)
      if (entries.size > MOST_ENTRIES) throw new FeedError('it has too many files')
    }
  } catch (error) {
    throw error instanceof FeedError ? error : new FeedError('it is no whole zip', { cause: error })
  }
  return async name => {
    const entry = entries.get(name)
    if (!entry) return null
    const stream: Readable = await zip.openReadStreamPromise(entry).catch(error => {
      throw new FeedError(`${name} cannot be unpacked`, { cause: error })
    })
    return bounded(stream, name)
  }
}

/** Whatever a zip says of its sizes, no more than this comes out of it. */
function bounded(stream: Readable, name: string): Readable {
  let size = 0
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > MOST_UNPACKED) done(new FeedError(`${name} is too large`))
      else done(null, chunk)
    },
  })
  stream.on('error', error => counting.destroy(error))
  counting.on('close', () => stream.destroy())
  return stream.pipe(counting)
}
