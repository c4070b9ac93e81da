import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadMasterKey } from '../adapters/crypto/master-key.ts'
import * as passwords from '../adapters/crypto/passwords.ts'
import { createVault } from '../adapters/crypto/vault.ts'
import { loadModel } from '../adapters/disk/load-model.ts'
import { readContent } from '../adapters/disk/read-content.ts'
import { MemoryBus } from '../adapters/memory/memory-bus.ts'
import { MemoryTurnLock } from '../adapters/memory/memory-turn-lock.ts'
import { openDatabase } from '../adapters/postgres/open-database.ts'
import { loadContent } from '../content/load-content.ts'
import { ManualClock } from '../kernel/clock.ts'
import { seededChance } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import { buildLine } from '../usecases/build-line.ts'
import { hardCase } from './hard-case.ts'
import { playWalk } from './play-walk.ts'
import { readArguments } from './read-arguments.ts'

const USAGE = `Usage: walk

Plays a hard case from the first word to the last, on a database of its own that is gone afterwards.`

/** `npm run walk`: see USAGE. */
readArguments(USAGE, {})
const root = join(import.meta.dirname, '../..')
const city = 'cities/shenfu'
const logger = createLogger({ level: 'silent' })
const dataDir = await mkdtemp(join(tmpdir(), 'yihao-walk-'))
const content = loadContent(await readContent(root, city), city)
const database = await openDatabase({ dataDir, logger, poolSize: 2 })
try {
  const clock = new ManualClock('2026-09-18T00:00:00Z')
  const store = database.createStore({
    vault: createVault(await loadMasterKey({ dataKey: undefined, dataDir })),
    // Nobody is told anything: the walk prints what happens.
    jobs: { statementsFor: async () => [] },
    passwords,
    jurisdiction: content.city.jurisdiction,
  })
  const line = buildLine(content, await loadModel(join(root, 'build/model.bin'), content, logger), {
    store,
    bus: new MemoryBus(logger),
    lock: new MemoryTurnLock(),
    clock,
    chance: seededChance(1),
    logger,
    pseudonym: () => 'walk',
  })
  await playWalk({ ...line, clock }, hardCase, text => process.stdout.write(`${text}\n`))
} finally {
  await database.stop()
  await rm(dataDir, { recursive: true, force: true })
}
