import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMetrics } from '../../src/adapters/http/metrics.ts'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { MemoryShared } from '../../src/adapters/memory/memory-shared.ts'
import { readConfig } from '../../src/config.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { type Channels, openChannels } from '../../src/open-channels.ts'
import { ChannelPulses } from '../../src/usecases/channel-pulses.ts'
import type { Line } from '../../src/usecases/line.ts'
import { type RunningLine, startLine } from '../http/start-line.ts'

/** A running server with all channels of these settings over a line of the test's. */
export interface RunningChannels extends RunningLine {
  senders: Channels['senders']
  /** What was counted on the channels. */
  pulses: ChannelPulses
}

/** The real edges and the real channels, as the composition root joins them. */
export async function startChannels(
  line: Line & { clock: Clock },
  settings: Record<string, string>,
  changes: { answerWithinMs?: number } = {},
): Promise<RunningChannels> {
  const dataDir = await mkdtemp(join(tmpdir(), 'yihao-channels-'))
  const { clock } = line
  const pulses = new ChannelPulses(clock)
  const { plugins, senders } = openChannels(line, {
    config: readConfig(settings),
    dataDir,
    signingKey: Buffer.from('signing-key-of-tests'),
    texts: (locale, key, params) => line.content.texts.of(locale, key, params as Record<string, string>),
    metrics: createMetrics(async () => ({ open: 0, overdue: 0, warned: 0, byState: {} })),
    limiter: createRateLimiter({ clock }),
    shared: new MemoryShared(clock),
    pulses,
    ...changes,
  })
  const running = await startLine({ clock, server: { channels: plugins } })
  return {
    ...running,
    senders,
    pulses,
    stop: async () => {
      await running.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
