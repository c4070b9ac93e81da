import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallFollower, type Sink } from '../../../src/adapters/http/call-follower.ts'
import { MemoryCallTrail } from '../../../src/adapters/memory/memory-call-trail.ts'
import type { FinalUtterance, SpokenUtterance } from '../../../src/usecases/phone-call-ports.ts'

const spoken = (utteranceId: string, revision: number): SpokenUtterance => ({
  utteranceId,
  revision,
  role: 'resident',
  text: `${utteranceId}/${revision}`,
  beginMs: 0,
  endMs: 1,
  confidence: null,
})

/** A call whose trail can be cut, and a reader whose buffer can be full. */
function follow(position = 0) {
  const stored: FinalUtterance[] = []
  const trail = new MemoryCallTrail()
  const events: string[] = []
  const state = { buffered: 0, isTrailAway: false, isDropped: false }
  const sink: Sink = {
    buffered: () => state.buffered,
    write: ({ event, data }) => events.push(`${event} ${(data as SpokenUtterance).text ?? ''}`.trim()),
    drop: () => {
      state.isDropped = true
    },
  }
  const follower = new CallFollower(
    {
      show: async () => ({}),
      utterances: async after => stored.filter(each => each.position > after).slice(0, 2),
      trail: async cursor => (state.isTrailAway ? null : trail.after('c', cursor)),
    },
    sink,
    position,
  )
  return {
    events,
    state,
    follower,
    partial: (id: string, revision: number) =>
      trail.add('c', [{ kind: 'partial', utterance: spoken(id, revision) }]),
    final: (id: string, isHeard = true) => {
      const utterance = { ...spoken(id, 9), position: stored.length + 1 }
      stored.push(utterance)
      return isHeard ? trail.add('c', [{ kind: 'final', utterance }]) : undefined
    },
    ring: () => follower.ring(stored.length),
  }
}

describe('who follows a call', () => {
  test('is shown the call first, then words as they come', async () => {
    const { events, follower, partial, final, ring } = follow()
    await follower.ring()
    await partial('a', 1)
    await ring()
    await partial('a', 2)
    await ring()
    await final('a')
    await ring()
    expect(events).toEqual(['call', 'partial a/1', 'partial a/2', 'final a/9'])
  })

  test('hears no older words after newer ones, and none of what is final', async () => {
    const { events, partial, final, ring } = follow()
    await partial('a', 5)
    await ring()
    await partial('a', 4)
    await partial('a', 5)
    await ring()
    await final('a')
    await partial('a', 99)
    await ring()
    await partial('a', 100)
    await ring()
    expect(events).toEqual(['call', 'partial a/5', 'final a/9'])
  })

  test('begins after what it has, and does not hear it again', async () => {
    const { events, follower, partial, final } = follow(2)
    for (const id of ['a', 'b', 'c']) {
      await partial(id, 1)
      await final(id)
    }
    await follower.ring()
    expect(events).toEqual(['call', 'final c/9'])
  })

  test('is given from the store what the trail has lost', async () => {
    const { events, state, final, ring, follower } = follow()
    await final('a')
    await final('b', false)
    await final('c')
    await ring()
    expect(events).toEqual(['call', 'final a/9', 'final b/9', 'final c/9'])
    state.isTrailAway = true
    await final('d')
    await ring()
    expect(events.at(-1)).toBe('final d/9')
    state.isTrailAway = false
    await final('e', false)
    await follower.ring()
    expect(events.filter(event => event.startsWith('final'))).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map(id => `final ${id}/9`),
    )
  })

  test('that does not keep up misses unfinished words, never final ones; one that never reads is let go', async () => {
    const { events, state, partial, final, ring } = follow()
    await ring()
    state.buffered = 100_000
    await partial('a', 1)
    await ring()
    await final('a')
    await partial('b', 1)
    await ring()
    expect(events).toEqual(['call', 'final a/9'])
    state.buffered = 0
    await partial('b', 2)
    await ring()
    expect([events.at(-1), state.isDropped]).toEqual(['partial b/2', false])
    state.buffered = 2_000_000
    await final('b')
    await ring()
    expect(state.isDropped).toBe(true)
  })

  test('gets every final utterance once and in order, whatever is lost or comes at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ isHeard: fc.boolean(), isAway: fc.boolean(), isRung: fc.boolean() }), {
          maxLength: 12,
        }),
        async steps => {
          const { events, state, follower, final, ring } = follow()
          const pumping: Promise<void>[] = []
          for (const [i, step] of steps.entries()) {
            state.isTrailAway = step.isAway
            void final(`u${i}`, step.isHeard)
            if (step.isRung) pumping.push(ring())
          }
          await Promise.all(pumping)
          state.isTrailAway = false
          await follower.ring()
          expect(events.filter(event => event.startsWith('final'))).toEqual(
            steps.map((_, i) => `final u${i}/9`),
          )
        },
      ),
    )
  })
})
