import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Line } from '../../src/usecases/line.ts'
import { scriptFileSchema } from '../support/conversation-script.ts'
import { playScript } from '../support/play-script.ts'
import { createTestLine } from '../support/test-line.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

/**
 * Every script of every YAML file beside this one is a test. To write one: `PRINT_TALK=1` prints what was said, `PRINT_TALK=go-on` also
 * where it differs from what is expected.
 */

const FOLDER = import.meta.dirname
const files = readdirSync(FOLDER)
  .filter(name => name.endsWith('.yaml'))
  .sort()
  .map(name => ({
    name: name.replace('.yaml', ''),
    scripts: scriptFileSchema.parse(parse(readFileSync(join(FOLDER, name), 'utf8'))),
  }))

let home: TestStore
let line: Line

beforeAll(async () => {
  home = await createTestStore()
  line = await createTestLine(home.store)
}, 180_000)

afterAll(() => home.drop())

for (const { name, scripts } of files) {
  describe(name, () => {
    test.each(scripts)('$name', async script => {
      const talk = await playScript(
        { line, store: home.store, rebuild: () => createTestLine(home.store) },
        script,
      )
      if (process.env.PRINT_TALK) process.stdout.write(`\n===== ${script.name}\n${talk}\n`)
    })
  })
}

test('no two scripts have the same name', () => {
  const names = files.flatMap(({ scripts }) => scripts.map(script => script.name))
  expect(names.filter((each, i) => names.indexOf(each) !== i)).toEqual([])
})
