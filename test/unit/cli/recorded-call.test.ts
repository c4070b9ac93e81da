import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { readBatch } from '../../../src/adapters/telephone/read-events.ts'
import { eventsOfCall, readEventLines, readRecordedCall } from '../../../src/cli/recorded-call.ts'
import type { Content } from '../../../src/content/content.ts'
import { Router } from '../../../src/routing/route-matter.ts'
import { hearCall, unheardCall } from '../../../src/usecases/hear-call.ts'
import { ackOf } from '../../../src/usecases/received-seqs.ts'
import { shippedContent } from '../../support/test-line.ts'

const FOLDER = 'test/calls'
const NOW = new Date('2026-11-24T02:00:00Z')
const files = readdirSync(FOLDER)
  .filter(file => file.endsWith('.yaml'))
  .map(file => `${FOLDER}/${file}`)

let content: Content
beforeAll(async () => {
  content = await shippedContent()
})

describe('recorded calls', () => {
  test('are ten, one of them an emergency, one of two matters, one in English', () => {
    const calls = files.map(readRecordedCall)
    expect(calls.length).toBe(10)
    const filings = calls.flatMap(each => each.filings)
    expect(filings.filter(({ isEmergency }) => isEmergency).length).toBe(1)
    expect(calls.filter(each => each.filings.length === 2).length).toBe(1)
    expect(calls.filter(({ call }) => call.locale === 'en').length).toBe(1)
    expect(new Set(filings.map(({ type }) => type)).size).toBeGreaterThanOrEqual(5)
    expect(new Set(calls.map(({ call }) => call.ani)).size).toBe(10)
  })

  test.each(files)('%s: what is to be filed is known here, and goes where the city sends it', file => {
    const router = new Router([...content.departments.values()], content.routing)
    for (const { type, subject, department, place, isEmergency } of readRecordedCall(file).filings) {
      expect(content.requestTypes.types.map(({ id }) => id)).toContain(type)
      expect(content.subjects.byId(subject)?.id).toBe(subject)
      const known = content.places.landmarks.find(({ name }) => place?.includes(name))
      const street = content.places.streets.find(({ id }) => id === known?.street)
      const { lead } = router.route({
        subject,
        subjectCandidates: [],
        type,
        street: street?.id ?? null,
        isConfidential: false,
        service: isEmergency ? 'gas' : null,
      })
      expect(lead).toBe(department)
    }
  })

  test.each(files)('%s: is told in events that the line takes, one turn after another', file => {
    const recorded = readRecordedCall(file)
    for (const [i, { from, to }] of recorded.turns.entries()) {
      expect(to).toBeGreaterThan(from)
      // People may fall into each other's words, but not by much.
      if (i > 0) expect(from).toBeGreaterThan(recorded.turns[i - 1]!.to - 1)
    }
    const timed = eventsOfCall(recorded, 'c', NOW)
    const times = timed.map(({ atMs }) => atMs)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    const read = timed.map(({ event }) => readBatch(event, null)!)
    expect(read.flatMap(({ refused }) => refused)).toEqual([])
    const events = read.flatMap(batch => batch.events.map(({ event }) => event))
    const { call, finals, news } = hearCall(unheardCall('c', NOW), events, new Set(), NOW)
    expect(ackOf(call.received)).toBe(timed.length)
    expect(finals.map(({ text }) => text).toSorted()).toEqual(
      recorded.turns.map(({ says }) => says).toSorted(),
    )
    expect(call.end?.durationMs).toBe(times.at(-1))
    expect(news.filter(({ kind }) => kind === 'partial').length).toBeGreaterThan(finals.length)
  })

  test('words grow while they are spoken, and every revision is higher', () => {
    const events = eventsOfCall(readRecordedCall(`${FOLDER}/cold-home.yaml`), 'c', NOW)
    const first = events.map(({ event }) => event).filter(({ utteranceId }) => utteranceId === 'u2')
    for (const [i, event] of first.entries()) {
      if (i === 0) continue
      expect(String(event.text).startsWith(String(first[i - 1]!.text))).toBe(true)
      expect(event.revision).toBeGreaterThan(Number(first[i - 1]!.revision))
    }
    expect(first.at(-1)!.type).toBe('utterance.final')
  })
})

describe('events one a line', () => {
  const line = (seq: number, more: object = {}) =>
    JSON.stringify({ type: 'utterance.final', callId: 'c', seq, ...more })

  test('are sent at the end of what they tell, never before those above them', () => {
    const text = [
      line(1),
      line(2, { endMs: 900 }),
      '',
      line(3, { endMs: 400 }),
      line(4, { durationMs: 2000 }),
    ].join('\n')
    expect(readEventLines('x', text).map(({ atMs }) => atMs)).toEqual([0, 900, 900, 2000])
  })

  test.each([
    ['no JSON', '{', 'x:1: no JSON'],
    ['no event', '5', 'x:1: no event'],
    ['a gap', `${line(1)}\n${line(3)}`, 'x:2: seq is not 2'],
    ['another call', `${line(1)}\n${line(2, { callId: 'd' })}`, 'x:2: another call'],
  ])('%s is named with its line', (_name, text, message) => {
    expect(() => readEventLines('x', text)).toThrow(message)
  })

  test('a file that is none is named', () => {
    expect(() => readRecordedCall('test/calls/nowhere.yaml')).toThrow('test/calls/nowhere.yaml')
    expect(() => readRecordedCall('cities/shenfu/city.yaml')).toThrow('cities/shenfu/city.yaml')
  })
})
