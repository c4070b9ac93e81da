/**
 * Grouping 10,000, 50,000 and 200,000 messages by matter and place: seconds, and microseconds a message, which must stay about the same.
 * A tenth of the messages repeat an earlier one in other order.
 *
 *   node bench/hot-issues.ts
 */
import { seededChance } from '../src/kernel/ids.ts'
import { groupTexts } from '../src/language/group-texts.ts'
import { createReader } from '../src/language/reader.ts'
import { createTermCounter } from '../src/language/similarity.ts'
import { lexicon, syntheticTexts } from './support/synthetic-messages.ts'

const SIZES = [10_000, 50_000, 200_000]
const LETTERS = 100

const count = createTermCounter({ read: createReader(lexicon), synonyms: lexicon.synonyms })
let first = 0
for (const size of SIZES) {
  const texts = syntheticTexts(size, LETTERS, 1)
  const chance = seededChance(2)
  for (let i = size / 10; i < size; i += 10)
    texts[i] = texts[chance.below(i)]!.split('，').reverse().join('，')
  const told = texts.map(text => ({ headline: text.split('，').slice(0, 2).join('，'), text }))
  const started = performance.now()
  const groups = groupTexts(told, count)
  const ms = performance.now() - started
  first ||= ms / size
  console.log(
    `${String(size).padStart(6)} messages  ${(ms / 1000).toFixed(1).padStart(5)} s  ${((ms * 1000) / size).toFixed(0)} µs a message, ` +
      `${(ms / size / first).toFixed(2)} of the smallest  ${groups.filter(group => group.length > 1).length} groups of several`,
  )
}
