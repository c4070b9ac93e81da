import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { toTraditional } from '../../src/language/to-traditional.ts'
import type { Understander } from '../../src/language/understander.ts'
import { shippedUnderstander } from '../support/shipped-understander.ts'

interface Round {
  dangers: Record<string, string[]>
  harmless: string[]
}

const rounds: Record<string, Round> = parse(readFileSync(join(import.meta.dirname, 'dangers.yaml'), 'utf8'))
const LEAST_RECALL = 0.99
const LEAST_PRECISION = 0.95
/** Of the harmless messages: somebody is sent for nothing. */
const MOST_FILED = 0.01

const now = new Date('2026-11-24T02:30:00Z')
let line: Understander
beforeAll(async () => {
  line = await shippedUnderstander()
}, 60_000)
const dangersIn = (text: string) => line.understand(text, { now }).dangers
const raises = (text: string) => dangersIn(text).length > 0
const isFiled = (text: string) => dangersIn(text).some(danger => !danger.isSensed)

describe('dangers told in words that are no examples', () => {
  const dangers = Object.values(rounds).flatMap(round => Object.values(round.dangers).flat())
  const harmless = Object.values(rounds).flatMap(round => round.harmless)

  it('are at least 300 messages, with as many kinds as the content has', () => {
    expect(dangers.length).toBeGreaterThanOrEqual(300)
    expect(new Set([...dangers, ...harmless]).size).toBe(dangers.length + harmless.length)
  })

  it(`are found in ${LEAST_RECALL * 100} of 100, with harmless messages left in peace`, () => {
    const missed = dangers.filter(text => !raises(text))
    const alarming = harmless.filter(raises)
    const found = dangers.length - missed.length
    const recall = found / dangers.length
    const precision = found / (found + alarming.length)
    const filed = harmless.filter(isFiled)
    console.log(
      `dangers: recall ${recall.toFixed(4)} of ${dangers.length}, precision ${precision.toFixed(4)} against ${harmless.length}, ${filed.length} of them filed unasked`,
    )
    expect(recall, `missed: ${missed.join(' / ')}`).toBeGreaterThanOrEqual(LEAST_RECALL)
    expect(precision, `raised by: ${alarming.join(' / ')}`).toBeGreaterThanOrEqual(LEAST_PRECISION)
    expect(filed.length / harmless.length, `filed: ${filed.join(' / ')}`).toBeLessThanOrEqual(MOST_FILED)
  })

  it('are found in Traditional characters, and without punctuation, hardly less often', () => {
    const share = (texts: string[]) => texts.filter(raises).length / texts.length
    expect(share(dangers.map(toTraditional))).toBeGreaterThanOrEqual(0.98)
    expect(share(dangers.map(text => text.replace(/[，。！？,.!?]/gu, ' ')))).toBeGreaterThanOrEqual(0.95)
  })
})
