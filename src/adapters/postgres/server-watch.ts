import pg from 'pg'
import type { Logger } from '../../kernel/logger.ts'

const LOOK_EVERY = 1000
const HOLDER = 'yihao-holder'

export interface WatchOptions {
  /** How to reach the server. */
  connection: pg.ClientConfig
  isAlive: () => Promise<boolean>
  start: () => Promise<void>
  logger: Logger
}

/**
 * Looks every second whether a server lives and starts it again when it was killed (say, for want of memory). Holds a
 * connection besides, which tells other processes that somebody uses the server.
 */
export class ServerWatch {
  readonly #options: WatchOptions
  readonly #timer: NodeJS.Timeout
  #holder: pg.Client | null = null
  #isStopped = false
  #round: Promise<void> = Promise.resolve()

  constructor(options: WatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => {
      this.#round = this.#round.then(() => this.#look())
    }, LOOK_EVERY)
    this.#timer.unref()
  }

  /** Takes the connection that says that we are here. */
  async hold(): Promise<void> {
    const client = new pg.Client({ ...this.#options.connection, application_name: HOLDER })
    client.on('error', () => {})
    client.on('end', () => {
      if (this.#holder === client) this.#holder = null
    })
    await client.connect()
    this.#holder = client
  }

  /** Does another process (or another opening in this one) hold the server too? */
  async isShared(): Promise<boolean> {
    const result = await this.#holder?.query(
      'select from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
      [HOLDER],
    )
    return (result?.rowCount ?? 0) > 0
  }

  /** Stops watching, after a restart that is under way, and lets go of the connection. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    await this.#round
    await this.#holder?.end().catch(() => {})
  }

  async #look(): Promise<void> {
    const { isAlive, start, logger } = this.#options
    if (this.#isStopped || this.#holder) return
    try {
      if (!(await isAlive())) {
        logger.error('the embedded database is gone: starting it again')
        await start()
        logger.info('the embedded database is back')
      }
      await this.hold()
    } catch (error) {
      logger.error({ err: error }, 'the embedded database is away; trying again')
    }
  }
}
