import { describe, expect, it } from 'vitest'
import { createAnchorFinder } from '../../../src/language/anchors.ts'
import { normalise } from '../../../src/language/normalise.ts'
import { splitMatters } from '../../../src/language/split-matters.ts'
import type { Span } from '../../../src/language/understanding.ts'

/** A judge that knows five words, each of another second-level subject, and is as sure as the test says. */
const SUBJECTS: Record<string, string> = {
  暖气: 'homes/heating',
  停水: 'homes/water',
  公交: 'transport/bus',
  噪音: 'environment/noise',
  工资: 'labour/wages',
}
function split(text: string, sure = 1): string[] {
  const sharesWithin = ({ start, end }: Span) => sharesOf(text.slice(start, end), sure)
  const anchors = createAnchorFinder(normalise(text), [])
  return splitMatters(text, { sharesWithin, ...anchors }).map(({ start, end }) => text.slice(start, end))
}

function sharesOf(part: string, sure: number): Map<string, number> {
  const said = Object.keys(SUBJECTS).filter(word => part.includes(word))
  return new Map(said.map(word => [SUBJECTS[word]!, sure / said.length]))
}

describe('splitting a message into matters', () => {
  it.each([
    ['家里暖气不热,另外公交总不来', ['家里暖气不热,', '另外公交总不来']],
    ['家里暖气不热。楼下噪音吵人', ['家里暖气不热。', '楼下噪音吵人']],
    ['1、家里暖气不热 2、楼下噪音吵人 3、工资没发', ['1、家里暖气不热 ', '2、楼下噪音吵人 ', '3、工资没发']],
    ['1.家里暖气不热;2.家里停水了', ['1.家里暖气不热;', '2.家里停水了']],
    ['家里暖气不热,厨房也停水了', ['家里暖气不热,', '厨房也停水了']],
  ])('%s', (text, parts) => {
    expect(split(text)).toEqual(parts)
  })

  it.each([
    ['about one thing', '家里暖气不热,另外暖气还漏水'],
    ['near subjects that are not announced', '家里暖气不热,厨房停水了'],
    ['a clause that goes on about the same', '家里暖气不热,导致公交都不想坐'],
    ['too short a clause', '家里暖气不热,公交'],
    ['nothing known', '今天天气很好,我们去公园玩'],
    ['one clause', '家里暖气不热公交总不来'],
  ])('stays whole: %s', (_, text) => {
    expect(split(text)).toEqual([text])
  })

  it('is not done where the subjects are not clear', () => {
    expect(split('家里暖气不热。楼下噪音吵人', 0.9)).toHaveLength(1)
    expect(split('家里暖气不热,另外公交总不来', 0.9)).toHaveLength(2)
    expect(split('家里暖气不热,另外公交总不来', 0.5)).toHaveLength(1)
  })

  it('a letter tells one story unless another is announced', () => {
    const story = '这件事情已经说过很多很多回了没有人来看一看。'.repeat(8)
    expect(split(`家里暖气不热。${story}楼下噪音吵人。`)).toHaveLength(1)
    expect(split(`家里暖气不热。${story}另外楼下噪音吵人。`)).toHaveLength(2)
  })

  it('loses no character', () => {
    const text = ' 家里暖气不热,另外公交总不来!!还有工资没有发 '
    expect(split(text).join('')).toBe(text)
  })
})
