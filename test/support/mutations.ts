import { type Chance, seededChance } from '../../src/kernel/ids.ts'

/** Things that break readers when they stand where nobody expects them. */
const SPLINTERS = [
  '<', '>', '&', ']]>', '<![CDATA[', '<!DOCTYPE x [<!ENTITY e "e">]>', '&e;', '&#0;', '</xml>', '<xml>', '\u0000', '\ud800', '"', '\\',
  '{', '}', '[', ']', 'null', '-1', '1e999', '__proto__', 'constructor', '{"a":', '[[[[[[', '\\u0000', 'é', '😀', ' ', '\n', '9'.repeat(40),
] // biome-ignore format: a list

/** So many broken variants of the samples, the same each time. */
export function* mutationsOf(samples: readonly string[], count: number, seed = 1): Generator<string> {
  const chance = seededChance(seed)
  for (let i = 0; i < count; i++) {
    let text = samples[chance.below(samples.length)]!
    for (let times = 1 + chance.below(4); times > 0; times--) text = mutate(text, samples, chance)
    yield text
  }
}

function mutate(text: string, samples: readonly string[], chance: Chance): string {
  const at = chance.below(text.length + 1)
  switch (chance.below(6)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + chance.below(8))
    case 2:
      return text.slice(0, at) + SPLINTERS[chance.below(SPLINTERS.length)] + text.slice(at)
    case 3:
      return text.slice(0, at) + String.fromCharCode(chance.below(0x10000)) + text.slice(at + 1)
    case 4: {
      const other = samples[chance.below(samples.length)]!
      return text.slice(0, at) + other.slice(chance.below(other.length + 1))
    }
    default:
      return text.slice(0, at) + text.slice(at, at + chance.below(40)).repeat(2) + text.slice(at)
  }
}
