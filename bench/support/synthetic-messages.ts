import { readShippedContent } from '../../src/cli/shipped-content.ts'
import { seededChance } from '../../src/kernel/ids.ts'

const root = new URL('../..', import.meta.url).pathname
const content = readShippedContent(root)
const SENTENCES = content.subjects.leaves.flatMap(({ examples }) => examples)
const ROADS = [
  '人民路',
  '建设路',
  '滨河路',
  '学苑街',
  '长青街',
  '友谊路',
  '沿河路',
  '新华街',
  '站前路',
  '工农街',
]
const ESTATES = [
  '金枫家园',
  '锦绣花园',
  '阳光小区',
  '河畔新城',
  '书香苑',
  '幸福里',
  '东湖湾',
  '翠堤雅居',
  '龙泉山庄',
  '康乐园',
]

/** The lexicon that goes with the content that the sentences are taken from. */
export const { lexicon } = content

/** Messages of about that many characters, put together from the shipped examples at made-up places. The same seed, the same messages. */
export function syntheticTexts(count: number, letters: number, seed: number): string[] {
  const chance = seededChance(seed)
  const pick = (all: readonly string[]) => all[chance.below(all.length)]!
  return Array.from({ length: count }, () => {
    let text = `${pick(chance.below(2) ? ROADS : ESTATES)}${1 + chance.below(400)}号`
    while (text.length < letters) text += `，${pick(SENTENCES)}`
    return text.slice(0, letters)
  })
}
