/** So many equal steps a time to handle is cut into; the last one stands for "late". */
export const STEPS = 20

/** How many replies of a department about a topic came in one step of their time; `STEPS`: after it. */
export interface Finishes {
  department: string
  /** Widest class of the subject; empty when it is not known. */
  topic: string
  step: number
  cases: number
}

/** A time that runs: how much of it is used up, from 0 to 1. */
export interface Running {
  department: string
  topic: string
  share: number
}

/** A chance of being late and what it stands on: how many got this far, and how many of these were late. */
export interface Lateness {
  chance: number
  /** The narrowest group that has enough to be named. */
  basis: { group: 'department-topic' | 'department' | 'all'; reached: number; late: number }
}

/**
 * The wider group's history weighs as much as this many cases of the group itself. Compared on the simulated year: with 5, 20, 50 and
 * 100 the Brier score is 0.0883, 0.0873, 0.0872 and 0.0874.
 */
const PRIOR_CASES = 50
/** A group is named as the reason from so many cases on. */
const LEAST_NAMED = 10

/** Of each group, how many were not done yet when a step began, and how many of these were late. */
interface Survival {
  reached: number[]
  late: number
}

/**
 * Learns from history how likely a case that is still open is to miss its time: of those that were not done either when as much
 * of their time was used up, the share that was late; of department and topic, drawn towards the department's, and that
 * towards everybody's, the less there is of it. A survival curve without assumptions, and no more.
 */
export function learnLateness(history: readonly Finishes[]): (running: Running) => Lateness {
  const groups = new Map<string, Survival>()
  for (const finishes of history) for (const key of keysOf(finishes)) add(groups, key, finishes)
  return running => judge(groups, running)
}

/** Narrowest last. */
function keysOf({ department, topic }: Pick<Running, 'department' | 'topic'>): [string, string, string] {
  return ['', department, `${department} ${topic}`]
}

function add(groups: Map<string, Survival>, key: string, { step, cases }: Finishes): void {
  const group = groups.get(key) ?? { reached: new Array<number>(STEPS).fill(0), late: 0 }
  groups.set(key, group)
  for (let reached = 0; reached < STEPS && reached <= step; reached++) group.reached[reached]! += cases
  if (step >= STEPS) group.late += cases
}

const GROUPS = ['all', 'department', 'department-topic'] as const

function judge(groups: ReadonlyMap<string, Survival>, running: Running): Lateness {
  const step = Math.min(STEPS - 1, Math.max(0, Math.floor(running.share * STEPS)))
  // With no history at all, even odds with everything.
  let chance = 0.5
  let basis: Lateness['basis'] = { group: 'all', reached: 0, late: 0 }
  for (const [index, key] of keysOf(running).entries()) {
    const group = groups.get(key)
    if (!group) continue
    const [reached, late] = [group.reached[step]!, group.late]
    chance = (late + PRIOR_CASES * chance) / (reached + PRIOR_CASES)
    if (index === 0 || reached >= LEAST_NAMED) basis = { group: GROUPS[index]!, reached, late }
  }
  return { chance, basis }
}

/** How good forecasts were on cases that they had not seen. */
export interface ForecastJudgement {
  forecasts: number
  late: number
  /** Mean squared distance between chance and what happened: 0 is perfect. */
  brier: number
  /** The same for whoever always says the share of late cases. */
  brierOfShare: number
  /** Mean difference between what was said and what happened, in ten classes of equal width. */
  calibrationError: number
  /** Of each class: the mean chance that was said, the share that was late. */
  classes: { from: number; forecasts: number; said: number; happened: number }[]
}

/** Shares of the time at which a case is looked at that is not done by then. */
const LOOKS = [0, 0.25, 0.5, 0.75, 0.9]
const CLASSES = 10

/** Asks for a forecast at several moments of every case and compares it with what came. */
export function judgeForecasts(
  forecast: (running: Running) => Lateness,
  unseen: readonly Finishes[],
): ForecastJudgement {
  const looks = unseen.flatMap(({ department, topic, step, cases }) =>
    LOOKS.filter(share => share * STEPS <= step).map(share => ({
      said: forecast({ department, topic, share }).chance,
      isLate: step >= STEPS ? 1 : 0,
      cases,
    })),
  )
  const sum = (of: (look: (typeof looks)[number]) => number, among = looks) =>
    among.reduce((total, look) => total + of(look) * look.cases, 0)
  const forecasts = sum(() => 1)
  const share = sum(look => look.isLate) / forecasts
  const byClass = Map.groupBy(looks, ({ said }) => Math.min(CLASSES - 1, Math.floor(said * CLASSES)))
  const classes = [...byClass]
    .toSorted(([a], [b]) => a - b)
    .map(([index, among]) => {
      const count = sum(() => 1, among)
      return {
        from: index / CLASSES,
        forecasts: count,
        said: sum(look => look.said, among) / count,
        happened: sum(look => look.isLate, among) / count,
      }
    })
  return {
    forecasts,
    late: sum(look => look.isLate),
    brier: sum(({ said, isLate }) => (said - isLate) ** 2) / forecasts,
    brierOfShare: share * (1 - share),
    calibrationError:
      classes.reduce((total, each) => total + Math.abs(each.said - each.happened) * each.forecasts, 0) /
      forecasts,
    classes,
  }
}
