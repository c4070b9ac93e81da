import { createContentShelf } from './adapters/disk/content-shelf.ts'
import { createModelTrainer } from './adapters/disk/model-trainer.ts'
import { createModelShelf } from './adapters/disk/model-versions.ts'
import type { Metrics } from './adapters/http/metrics.ts'
import { repeat } from './adapters/jobs/repeat.ts'
import { channelSetUps } from './channel-settings.ts'
import type { Config } from './config.ts'
import { versionOf } from './content/content-check.ts'
import { DAY, HOUR } from './kernel/clock.ts'
import { newId } from './kernel/ids.ts'
import type { ChannelPulses } from './usecases/channel-pulses.ts'
import { DeskTasks } from './usecases/desk-tasks.ts'
import type { Line } from './usecases/line.ts'
import type { PulseTaker } from './usecases/line-health-ports.ts'
import type { DeadLetters } from './usecases/mend-deliveries.ts'
import type { HealthParts, Probe } from './usecases/show-line-health.ts'
import { noteAnswer, noteTurn } from './usecases/watch-channel.ts'
import type { Administration } from './wire-administration.ts'

const TASKS_EVERY_MS = 1000
const HEALTH_EVERY_MS = 5000
const KEEP_HEALTH_MS = 30 * DAY

/** What the administrator's page is made of besides the line. */
export interface AdministrationParts {
  config: Config
  /** The project's folder. */
  root: string
  dataDir: string
  /** Fingerprints of the files that are served. */
  served: Readonly<Record<string, string>>
  /** The version of the model of subjects that is served; null: as shipped. */
  model: string | null
  pulses: ChannelPulses
  queue: HealthParts['queues'] & DeadLetters
  /** Null: there is no Redis. */
  pingRedis: (() => Promise<void>) | null
}

/** The administrator's page, and what is written down for it now and then. */
export function openAdministration(
  line: Line,
  { config, root, dataDir, served, model, pulses, queue, pingRedis }: AdministrationParts,
): { administration: Administration; stop(): Promise<void> } {
  const { store, clock, logger, chance } = line
  const tasks = new DeskTasks(line)
  const startedAt = clock.now()
  const self = { id: newId(startedAt, chance), startedAt, model, content: versionOf(served) }
  const stops = [
    repeat(TASKS_EVERY_MS, () => tasks.beat(), logger),
    repeat(
      HEALTH_EVERY_MS,
      async () => {
        await store.health.seeInstance({ ...self, seenAt: clock.now() })
        await pulses.flush(store.health)
      },
      logger,
    ),
    repeat(HOUR, () => store.health.forgetBefore(new Date(clock.now().getTime() - KEEP_HEALTH_MS)), logger),
  ]
  const place = { root, city: config.CITY }
  return {
    administration: {
      tasks,
      training: {
        trainer: createModelTrainer({ ...place, dataDir }),
        shelf: createModelShelf(dataDir),
        served: model,
      },
      content: { shelf: createContentShelf(place), served },
      health: {
        channels: channelSetUps(config),
        probes: {
          database: () => probe(() => store.ping()),
          redis: pingRedis && (() => probe(pingRedis)),
        },
        queues: queue,
        letters: queue,
        self,
      },
    },
    async stop() {
      await tasks.stop()
      await Promise.all(stops.map(stop => stop()))
    },
  }
}

/** Metrics that also count for the administrator's page. */
export function countingPulses(metrics: Metrics, pulses: PulseTaker): Metrics {
  return {
    ...metrics,
    onTurn(turn) {
      metrics.onTurn(turn)
      noteTurn(pulses, turn)
    },
    onAnswer(answer) {
      metrics.onAnswer(answer)
      noteAnswer(pulses, answer)
    },
  }
}

async function probe(ask: () => Promise<void>): Promise<Probe> {
  const start = performance.now()
  const isUp = await ask().then(
    () => true,
    () => false,
  )
  return { isUp, milliseconds: Math.round((performance.now() - start) * 10) / 10 }
}
