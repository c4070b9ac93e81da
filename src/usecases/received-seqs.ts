/** Numbers that were received, as whole ranges `[first, last]` in order, never touching one another. */
export type ReceivedSeqs = readonly (readonly [first: number, last: number])[]

/** Was this number received? */
export function hasSeq(received: ReceivedSeqs, seq: number): boolean {
  return received.some(([first, last]) => first <= seq && seq <= last)
}

/** With one number more. */
export function addSeq(received: ReceivedSeqs, seq: number): ReceivedSeqs {
  if (hasSeq(received, seq)) return received
  const before = received.filter(([, last]) => last < seq - 1)
  const after = received.filter(([first]) => first > seq + 1)
  const touching = received.slice(before.length, received.length - after.length)
  const first = Math.min(seq, ...touching.map(range => range[0]))
  const last = Math.max(seq, ...touching.map(range => range[1]))
  return [...before, [first, last], ...after]
}

/** The cumulative acknowledgement: all of 1 to this number was received; 0 when 1 was not. A number 0 is a sender's own habit. */
export function ackOf(received: ReceivedSeqs): number {
  const [first] = received
  return first && first[0] <= 1 ? first[1] : 0
}

/** The gaps below the highest number received, as ranges; what a sender has to send again. */
export function gapsOf(received: ReceivedSeqs): [first: number, last: number][] {
  const gaps: [number, number][] = []
  let expected = 1
  for (const [first, last] of received) {
    if (first > expected) gaps.push([expected, first - 1])
    expected = last + 1
  }
  return gaps
}
