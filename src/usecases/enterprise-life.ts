import type { Locale } from '../language/understanding.ts'
import { lifeSteps } from '../stewards/life-line.ts'
import type { Enterprise } from './enterprise-ports.ts'
import type { Line } from './line.ts'

/** An enterprise's life from negotiation to operation, and what comes next where it is now. */
export interface EnterpriseLife {
  stages: { id: string; name: string; state: 'done' | 'now' | 'ahead' }[]
  steps: {
    id: string
    name: string
    dueAt: Date
    isDone: boolean
    /** The service item behind it; null: there is none. */
    item: { id: string; name: string } | null
  }[]
}

export function enterpriseLife(
  line: Line,
  { stage, stageSince, stepsDone }: Enterprise,
  locale: Locale,
): EnterpriseLife {
  const { rules } = line.content.stewards
  const at = Math.max(
    0,
    rules.stages.findIndex(({ id }) => id === stage),
  )
  const steps = lifeSteps(rules.stages[at]!, { since: stageSince, done: stepsDone }, line.policy.calendar)
  return {
    stages: rules.stages.map((each, i) => ({
      id: each.id,
      name: line.names.text(each, locale),
      state: i < at ? 'done' : i === at ? 'now' : 'ahead',
    })),
    steps: steps.map(({ step, dueAt, isDone }) => ({
      id: step.id,
      name: line.names.text(step, locale),
      dueAt,
      isDone,
      item: itemOf(line, step.item, locale),
    })),
  }
}

function itemOf(line: Line, id: string | undefined, locale: Locale): EnterpriseLife['steps'][number]['item'] {
  const item = line.content.items.find(each => each.id === id)
  if (!item) return null
  return { id: item.id, name: line.names.text({ zh: item.name, en: item.en }, locale) }
}
