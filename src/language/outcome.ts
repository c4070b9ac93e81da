import type { OutcomeFile } from './schemas.ts'
import type { SaidOutcome, Satisfaction } from './understanding.ts'

/** Finds what a text says of how a case went; undefined when it says nothing of it. */
export type OutcomeFinder = (normalised: string) => SaidOutcome | undefined

/** Whoever says more tells of a matter and does not answer how one went. */
const LONGEST = 80
/** Letters that are left without what says the outcome: fewer tell nothing more. */
const TELLING = 2

/** Compiles `outcomes.yaml`. */
export function createOutcomeFinder(file: OutcomeFile): OutcomeFinder {
  const supposes = anyOf(file.supposes)
  const resolved = anyOf(file.resolved)
  const again = anyOf(file.again)
  const unresolved = anyOf([...file.unresolved, ...file.again])
  const bareAgain = anyOf(file.bareAgain)
  const contacted = anyOf(file.contacted)
  const uncontacted = anyOf(file.uncontacted)
  const satisfied = Object.entries(file.satisfied).map(
    ([id, patterns]) => [id as Satisfaction, anyOf(patterns)] as const,
  )
  const known = [resolved, unresolved, contacted, uncontacted, ...satisfied.map(([, each]) => each)]
  const fillers = anyOf(file.fillers)

  const isMoreTold = (text: string) =>
    again.test(text.replace(all(bareAgain), ' ')) ||
    lettersIn(known.reduce((left, each) => left.replace(all(each), ' '), text).replace(all(fillers), ' ')) >=
      TELLING

  return normalised => {
    const text = normalised.trim().toLowerCase()
    if ([...text].length > LONGEST) return undefined
    const unsolved = lastOf(text, unresolved)
    if (supposes.test(text)) return unsolved < 0 ? undefined : { resolved: false, isMoreTold: false }
    const isResolved = later(lastOf(text, resolved), unsolved)
    const isContacted = uncontacted.test(text) ? false : contacted.test(text) ? true : undefined
    const how = satisfied.find(([, each]) => each.test(text))?.[0]
    if (isResolved === undefined && isContacted === undefined && how === undefined) return undefined
    return {
      ...(isResolved === undefined ? {} : { resolved: isResolved }),
      ...(isContacted === undefined ? {} : { contacted: isContacted }),
      ...(how === undefined ? {} : { satisfied: how }),
      isMoreTold: isMoreTold(text),
    }
  }
}

/** What was said last counts: "修好了，又坏了". */
function later(yes: number, no: number): boolean | undefined {
  return yes < 0 && no < 0 ? undefined : yes > no
}

function lastOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(all(pattern))].at(-1)?.index ?? -1
}

/** An English word says as much as two characters. */
function lettersIn(text: string): number {
  return (text.match(/\p{sc=Han}/gu)?.length ?? 0) + 2 * (text.match(/[a-z']{2,}/gu)?.length ?? 0)
}

function anyOf(patterns: readonly string[]): RegExp {
  return new RegExp(patterns.length === 0 ? '(?!)' : patterns.map(each => `(?:${each})`).join('|'), 'u')
}

function all({ source }: RegExp): RegExp {
  return new RegExp(source, 'gu')
}
