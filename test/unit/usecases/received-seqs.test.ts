import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ackOf, addSeq, gapsOf, hasSeq, type ReceivedSeqs } from '../../../src/usecases/received-seqs.ts'

const receive = (seqs: number[]) => seqs.reduce<ReceivedSeqs>(addSeq, [])

describe('numbers that were received', () => {
  test.each<[seqs: number[], ack: number, gaps: [number, number][]]>([
    [[], 0, []],
    [[1, 2, 3], 3, []],
    [[3, 1], 1, [[2, 2]]],
    [[5], 0, [[1, 4]]],
    [
      [2, 1, 9, 8, 5],
      2,
      [
        [3, 4],
        [6, 7],
      ],
    ],
    // Some count from nought.
    [[0], 0, []],
    [[0, 1, 2], 2, []],
  ])('%j: all up to %i, without %j', (seqs, ack, gaps) => {
    expect([ackOf(receive(seqs)), gapsOf(receive(seqs))]).toEqual([ack, gaps])
  })

  test('are those that were told, in whatever order, and nothing else; ranges never touch', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 })), seqs => {
        const received = receive(seqs)
        for (let seq = 0; seq <= 61; seq++) expect(hasSeq(received, seq)).toBe(seqs.includes(seq))
        for (const [i, [first, last]] of received.entries()) {
          expect(first).toBeLessThanOrEqual(last)
          if (i > 0) expect(first).toBeGreaterThan(received[i - 1]![1] + 1)
        }
        let ack = 0
        while (seqs.includes(ack + 1)) ack++
        expect(ackOf(received)).toBe(ack)
        const missing = gapsOf(received).flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
        )
        const highest = Math.max(0, ...seqs)
        const expected = Array.from({ length: highest }, (_, i) => i + 1).filter(seq => !seqs.includes(seq))
        expect(missing).toEqual(expected)
      }),
    )
  })
})
