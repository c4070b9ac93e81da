import type { MeasuredChannel } from './measured-channels.ts'
import { median } from './statistics.ts'
import { TALK } from './talk.ts'

/** So many speak at once; the next one begins when one has been answered. */
const AT_ONCE = 16
const ROUND_MS = 2000
/** As many as are needed so that nobody speaks faster than the line lets one. */
const PEOPLE = 80

/** Prints what goes through each channel in a second, and its ratio to the first one in the same rounds. */
export async function compareChannels(channels: readonly MeasuredChannel[], rounds: number): Promise<void> {
  const rates = new Map<MeasuredChannel, number[]>(channels.map(channel => [channel, []]))
  for (let round = -1; round < rounds; round++)
    for (const [channel, own] of rates) {
      const rate = await perSecond(channel)
      // The first round only warms up.
      if (round >= 0) own.push(rate)
    }
  const [base] = rates.values()
  for (const [{ name, unit }, own] of rates) {
    const ratios = own.map((rate, i) => rate / base![i]!)
    console.log(
      `${name.padEnd(26)} ${median(own).toFixed(0).padStart(5)} ${unit}/s   ${median(ratios).toFixed(2)} of Direct Line` +
        `   (${ratios.map(each => each.toFixed(2)).join(' ')})`,
    )
  }
}

async function perSecond({ person, perSaying, mostEach }: MeasuredChannel): Promise<number> {
  const people = await Promise.all(Array.from({ length: PEOPLE }, person))
  // What the first message of somebody costs is not what is compared.
  await Promise.all(people.map(say => say('你好')))
  const from = performance.now()
  const end = from + ROUND_MS
  let said = 0
  const speak = async () => {
    for (let say = people.pop(); say && performance.now() < end; say = people.pop())
      for (let i = 0; i < mostEach && performance.now() < end; i++) {
        await say(TALK[i % TALK.length]!)
        said++
      }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, speak))
  return (said * perSaying * 1000) / (performance.now() - from)
}
