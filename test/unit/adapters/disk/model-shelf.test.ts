import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createModelShelf,
  currentModel,
  keepModel,
  publishModel,
} from '../../../../src/adapters/disk/model-versions.ts'

const SCORE = { accuracy: 0.9, macroF1: 0.8, ece: 0.01 }
const NOTHING = { contentHash: 'c', banks: {} }
const about = { by: 'li', messages: 100, heldOut: 20, before: SCORE, after: SCORE }
const made = { model: NOTHING, learnedFrom: ['a b'], about }

describe('versions of the model', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'yihao-shelf-'))
  })
  afterEach(() => rm(dataDir, { recursive: true }))

  test('are kept without being served, chosen, gone back from and thrown away', async () => {
    const shelf = createModelShelf(dataDir)
    expect([await shelf.versions(), await shelf.chosen()]).toEqual([[], null])
    const first = await keepModel(dataDir, made, new Date('2026-11-24T02:00:00Z'))
    expect(await currentModel(dataDir)).toBeNull()
    const second = await publishModel(dataDir, made, new Date('2026-11-25T02:00:00Z'))
    expect(await shelf.versions()).toEqual([
      { version: second, madeAt: new Date('2026-11-25T02:00:00Z'), story: about },
      { version: first, madeAt: new Date('2026-11-24T02:00:00Z'), story: about },
    ])
    expect(await shelf.chosen()).toBe(second)
    await shelf.choose(first)
    expect(await currentModel(dataDir)).toMatchObject({ version: first, learnedFrom: new Set(['a b']) })
    await shelf.choose(null)
    expect(await currentModel(dataDir)).toBeNull()
    await shelf.discard(first)
    await shelf.discard(second)
    expect(await readdir(join(dataDir, 'models'))).toEqual([])
  })

  test('that were interrupted while they were written are none; older ones have no story', async () => {
    const whole = await keepModel(dataDir, made, new Date('2026-11-24T02:00:00Z'))
    const models = join(dataDir, 'models')
    await writeFile(join(models, '20261124T030000Z-0123456789ab.learned'), 'a b\n')
    await writeFile(join(models, '20261124T030000Z-0123456789ab.bin.77'), 'half')
    await rm(join(models, `${whole}.json`))
    expect(await createModelShelf(dataDir).versions()).toMatchObject([{ version: whole, story: null }])
  })
})
