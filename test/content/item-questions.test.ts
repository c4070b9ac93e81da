import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Applied } from '../../src/guidance/find-guidance.ts'
import type { Store } from '../../src/usecases/ports.ts'
import { createTestLine } from '../support/test-line.ts'

interface Asked {
  says: string
  means: string[]
}

const line = await createTestLine({} as Store)
const read = async (name: string): Promise<Asked[]> =>
  parse(await readFile(join(import.meta.dirname, `${name}.yaml`), 'utf8')).questions
const judge = await read('item-questions')
const development = await read('item-questions-development')

const nameOf = (applied: Applied) => (applied.is === 'item' ? applied.item.id : `bundle/${applied.bundle.id}`)
const found = (says: string, top: number) =>
  line.guidance.findItems(says, top).map(each => nameOf(each.applied))
const shareOf = (asked: readonly Asked[], top: number) =>
  asked.filter(({ says, means }) => found(says, top).some(id => means.includes(id))).length / asked.length

/** See docs/items.md for what was measured; a little below it, so that other content may be added. */
describe('items asked for in everyday words', () => {
  it('every question means items and bundles that are there', () => {
    const known = new Set([
      ...line.content.items.map(({ id }) => id),
      ...line.content.bundles.map(({ id }) => `bundle/${id}`),
    ])
    const unknown = [...judge, ...development].flatMap(({ means }) => means.filter(id => !known.has(id)))
    expect(unknown).toEqual([])
    expect(judge.length).toBeGreaterThanOrEqual(60)
  })

  it('of those written for judging three of four are found first, four of five among three', () => {
    expect(shareOf(judge, 1)).toBeGreaterThanOrEqual(0.75)
    expect(shareOf(judge, 3)).toBeGreaterThanOrEqual(0.8)
  })

  it('of those looked at while building, most', () => {
    expect(shareOf(development, 1)).toBeGreaterThanOrEqual(0.85)
  })

  it('words about nothing that one applies for find nothing', () => {
    expect(found('zzz qqq', 3)).toEqual([])
  })
})
