import type pg from 'pg'
import type { FeedCursor, FeedStore } from '../../usecases/channel-ports.ts'
import { runStatement } from './connection.ts'

/** Cursors of feeds, one row a feed. */
export function createFeedStore(pool: pg.Pool, jurisdiction: string): FeedStore {
  const run = (name: string, text: string, values: unknown[]) =>
    runStatement<FeedCursor>(pool, { name, text, values: [jurisdiction, ...values] })
  return {
    all: channel =>
      run(
        'feeds',
        'select feed, cursor, since from feed_cursors where jurisdiction = $1 and channel = $2 order by feed',
        [channel],
      ),
    async begin(channel, feed, now) {
      const [row] = await run(
        'feed-begin',
        `insert into feed_cursors (jurisdiction, channel, feed, cursor, since) values ($1, $2, $3, '', $4)
         on conflict (jurisdiction, channel, feed) do update set feed = excluded.feed
         returning feed, cursor, since`,
        [channel, feed, now],
      )
      return row!
    },
    async move(channel, feed, { from, to }) {
      await run(
        'feed-move',
        `update feed_cursors set cursor = $5
         where jurisdiction = $1 and channel = $2 and feed = $3 and cursor = $4 returning feed, cursor, since`,
        [channel, feed, from, to],
      )
    },
  }
}
