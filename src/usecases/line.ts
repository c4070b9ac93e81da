import type { IssueFinder } from '../assist/issue-finder.ts'
import type { CasePolicy } from '../cases/decide.ts'
import type { Content } from '../content/content.ts'
import type { GuidanceFinder } from '../guidance/find-guidance.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Chance } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Findable, SimilarityIndex } from '../language/similarity.ts'
import type { Understander } from '../language/understander.ts'
import type { Router } from '../routing/route-matter.ts'
import type { Buses } from './bus-ports.ts'
import type { Names } from './names.ts'
import type { Bus, Store, TurnLock } from './ports.ts'

/** All that the use cases work with; built once by the composition root. */
export interface Line {
  content: Content
  names: Names
  router: Router
  policy: CasePolicy
  understander: Understander
  guidance: GuidanceFinder
  /** Finds what many tell of. */
  issues: IssueFinder
  /** A search over texts for those that say the same. */
  searchOver(documents: readonly Findable[]): SimilarityIndex
  /** Intent → dialog that it begins; intent → repair that it calls for. */
  flowOfIntent: ReadonlyMap<string, string>
  repairOfIntent: ReadonlyMap<string, string>
  /** Buses to the hall; left out where nothing is known of them. */
  buses?: Buses
  store: Store
  bus: Bus
  lock: TurnLock
  clock: Clock
  chance: Chance
  logger: Logger
  /** Keyed hash of a channel's user, so that an event names who acted without saying who it is. */
  pseudonym(channel: string, userId: string): string
  /** Address under which people reach the pages; without it links are paths of the page that the person is on. */
  publicUrl?: string
}
