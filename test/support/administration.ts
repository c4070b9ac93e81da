import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createContentShelf } from '../../src/adapters/disk/content-shelf.ts'
import { createModelTrainer } from '../../src/adapters/disk/model-trainer.ts'
import { createModelShelf } from '../../src/adapters/disk/model-versions.ts'
import { readContent } from '../../src/adapters/disk/read-content.ts'
import { channelSetUps } from '../../src/channel-settings.ts'
import { readConfig } from '../../src/config.ts'
import { printsOf } from '../../src/content/content-check.ts'
import { DeskTasks } from '../../src/usecases/desk-tasks.ts'
import type { Line } from '../../src/usecases/line.ts'
import type { DeadLetters } from '../../src/usecases/mend-deliveries.ts'
import type { Administration } from '../../src/wire-administration.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CITY = 'cities/shenfu'

/** The administrator's page over a test's line: real training and checks, models in a folder of its own. */
export async function testAdministration(
  line: Line,
  letters: DeadLetters,
  { root = ROOT, dataDir = mkdtempSync(join(tmpdir(), 'yihao-models-')) } = {},
): Promise<Administration & { dataDir: string }> {
  const up = async () => ({ isUp: true, milliseconds: 1 })
  const place = { root, city: CITY }
  return {
    dataDir,
    tasks: new DeskTasks(line),
    training: {
      trainer: createModelTrainer({ ...place, dataDir }),
      shelf: createModelShelf(dataDir),
      served: null,
    },
    content: { shelf: createContentShelf(place), served: printsOf(await readContent(ROOT, CITY)) },
    health: {
      channels: channelSetUps(readConfig({ TELEPHONE_SECRET: 'sixteen-letters-x' })),
      probes: { database: up, redis: null },
      queues: { waiting: async () => [] },
      letters,
      self: { id: 'test', startedAt: line.clock.now(), model: null, content: 'c0ffee' },
    },
  }
}
