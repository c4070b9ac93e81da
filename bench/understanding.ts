/**
 * Messages understood a second (normalised, segmented, classified, slots found) at three lengths, and what of it is
 * segmentation, which nobody could do without. No store, no network.
 *
 *   node bench/understanding.ts [rounds]
 */
import { join } from 'node:path'
import { loadModel } from '../src/adapters/disk/load-model.ts'
import { readContent } from '../src/adapters/disk/read-content.ts'
import { loadContent } from '../src/content/load-content.ts'
import { createLogger } from '../src/kernel/logger.ts'
import { createReader } from '../src/language/reader.ts'
import { createUnderstander } from '../src/language/understander.ts'
import { median, quantile } from './support/statistics.ts'

const ROUNDS = Number(process.argv[2] ?? 7)
const MESSAGES = 200
const LENGTHS = [20, 100, 400]
const CITY = 'cities/shenfu'

const root = join(import.meta.dirname, '..')
const content = loadContent(await readContent(root, CITY), CITY)
const model = await loadModel(join(root, 'build/model.bin'), content, createLogger({ level: 'silent' }))
const read = createReader(content.lexicon)
const understander = createUnderstander({ ...content, model, read })
const now = new Date('2026-11-24T02:00:00Z')

for (const length of LENGTHS) {
  const messages = messagesOf(length)
  const whole: number[] = []
  const reading: number[] = []
  const each: number[] = []
  for (let round = -1; round < ROUNDS; round++) {
    const single: number[] = []
    const understood = perSecond(messages, text => {
      const start = performance.now()
      understander.understand(text, { now })
      single.push(performance.now() - start)
    })
    const segmented = perSecond(messages, text => void read(text))
    // The first round only warms up.
    if (round < 0) continue
    whole.push(understood)
    reading.push(segmented)
    each.push(...single)
  }
  console.log(
    `${String(length).padStart(4)} characters  ${median(whole).toFixed(0).padStart(5)} messages/s  ` +
      `median ${median(each).toFixed(2)} ms  p99 ${quantile(each, 0.99).toFixed(2)} ms  ` +
      `reading alone ${median(reading).toFixed(0)}/s, ${(median(reading) / median(whole)).toFixed(1)} times as many`,
  )
}

/** Sayings of the content, put together or cut to the length, each another one. */
function messagesOf(length: number): string[] {
  const examples = content.subjects.leaves.flatMap(leaf => leaf.examples)
  const whole = examples.filter(text => Math.abs(text.length - length) <= length / 5)
  if (whole.length >= MESSAGES) return evenly(whole)
  const long = examples.filter(text => text.length >= length / 4)
  return evenly(long).map((_, i) => {
    const pieces = Array.from({ length: 5 }, (_, n) => long[(i * 7 + n * 31) % long.length]!)
    return pieces.join('。').slice(0, length)
  })
}

function evenly(texts: readonly string[]): string[] {
  return Array.from({ length: MESSAGES }, (_, i) => texts[Math.floor((i * texts.length) / MESSAGES)]!)
}

function perSecond(messages: readonly string[], work: (text: string) => void): number {
  const start = performance.now()
  for (const text of messages) work(text)
  return (messages.length * 1000) / (performance.now() - start)
}
