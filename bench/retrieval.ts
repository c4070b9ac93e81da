/**
 * What a search for similar texts costs among 1,000, 10,000 and 100,000 documents of 200 characters; what is asked has 200 characters
 * too. Half of what is asked is a document itself, said in other order.
 *
 *   node bench/retrieval.ts [queries]
 */
import { createReader } from '../src/language/reader.ts'
import { createIndex } from '../src/language/similarity.ts'
import { quantile } from './support/statistics.ts'
import { lexicon, syntheticTexts } from './support/synthetic-messages.ts'

const QUERIES = Number(process.argv[2] ?? 200)
const SIZES = [1000, 10_000, 100_000]
const LETTERS = 200

const read = createReader(lexicon)
for (const size of SIZES) {
  const texts = syntheticTexts(size, LETTERS, 1)
  const started = performance.now()
  const index = createIndex(
    texts.map((text, i) => ({ id: String(i), text })),
    { read, synonyms: lexicon.synonyms },
  )
  const seconds = (performance.now() - started) / 1000
  const asked = syntheticTexts(QUERIES, LETTERS, 2).map((text, i) => (i % 2 ? text : shuffled(texts[i]!)))
  let found = 0
  const times = asked.map((text, i) => {
    const start = performance.now()
    const [best] = index.search(text, 20)
    if (i % 2 === 0 && best?.id === String(i)) found++
    return performance.now() - start
  })
  console.log(
    `${String(size).padStart(6)} documents  built in ${seconds.toFixed(1)} s  a search: median ${quantile(times, 0.5).toFixed(1)} ms  ` +
      `p95 ${quantile(times, 0.95).toFixed(1)} ms  ${found} of ${Math.ceil(QUERIES / 2)} known ones found first`,
  )
}

function shuffled(text: string): string {
  return text.split('，').reverse().join('，')
}
