import { z } from 'zod'
import { type CaseState, STATES } from '../cases/case-state.ts'
import type { ClockEffect, Transition } from '../cases/transition.ts'
import { type Action, transitionOf, workflow } from '../cases/workflow.ts'
import { CLOCK_KINDS } from '../clocks/service-levels.ts'

/** Text of a key of `locales/`, for the Chinese names. */
type TextOf = (key: string) => string

const ACTIONS = Object.keys(workflow) as Action[]

/** Where each part of the table begins, as its comments do. */
const PARTS: readonly [title: string, first: Action][] = [
  ['1 Acceptance', 'file'],
  ['2, 3 Grading and disposal', 'answer'],
  ['4 Transfer', 'dispatch'],
  ['5 Coordination', 'add-co-handler'],
  ['6 Feedback', 'ask-resident'],
  ['7, 8 Follow-up and evaluation', 'follow-up'],
  ['9 Supervision', 'supervise'],
  ['At any time', 'urge'],
]

/** `docs/workflow.md`: the lifecycle of a case as a drawing and as tables, made from the workflow table and nothing else. */
export function workflowDocument(textOf: TextOf): string {
  return `# The life of a case

Made by \`npm run docs\` from \`src/cases/workflow.ts\`; a test compares the two. Change the table, not this page.

What leaves the state as it is (notes, supervision, alarms) is only in the tables. What the table cannot say (limits, caps,
what must have happened before) is in \`src/cases/check-command.ts\`.

\`\`\`mermaid
${drawing(textOf)}
\`\`\`

States: ${STATES.map(state => `\`${state}\` ${textOf(`state.${state}`)}`).join(', ')}.

*By*: who may; **lead** and **co-handler** are handlers of these departments only. *Needs*: what must be told; \`?\` may be
left out. *Clocks*: ▶ starts anew, ■ stops, ⏸ pauses, ⏵ goes on, ＋ is extended, ↓ may become due earlier, ↻ is counted again.

${PARTS.map(([title, first], i) => tableOf(title, partOf(first, PARTS[i + 1]?.[1]), textOf)).join('\n')}`
}

function partOf(first: Action, next: Action | undefined): Action[] {
  return ACTIONS.slice(ACTIONS.indexOf(first), next ? ACTIONS.indexOf(next) : undefined)
}

/** Actions that are possible in more states than this are drawn once, else they would hide all others. */
const DRAWN_ONE_BY_ONE = 5
const SEVERAL = 'several'

function drawing(textOf: TextOf): string {
  const states = STATES.map(state => `  ${nodeOf(state)}: ${state} ${textOf(`state.${state}`)}`)
  const arrows = ACTIONS.flatMap(action => arrowsOf(action, transitionOf(action)))
  return ['stateDiagram-v2', `  ${SEVERAL}: several states, see below`, ...states, ...merged(arrows)].join(
    '\n',
  )
}

interface Arrow {
  from: string
  to: string
  label: string
}

function arrowsOf(action: Action, row: Transition): Arrow[] {
  if (row.from === 'new') return [{ from: '[*]', to: nodeOf(row.to as CaseState), label: action }]
  if (row.to === 'same') return []
  if (row.from.length > DRAWN_ONE_BY_ONE) return [{ from: SEVERAL, to: nodeOf(row.to), label: action }]
  const targets = [row.to, ...(row.otherwise ? [row.otherwise.to] : [])]
  return row.from.flatMap(from => targets.map(to => ({ from: nodeOf(from), to: nodeOf(to), label: action })))
}

/** Arrows between the same two states become one. */
function merged(arrows: readonly Arrow[]): string[] {
  const labels = new Map<string, string[]>()
  for (const { from, to, label } of arrows) {
    const way = `${from} --> ${to}`
    labels.set(way, [...(labels.get(way) ?? []), label])
  }
  return [...labels].map(([way, actions]) => `  ${way}: ${actions.join(', ')}`)
}

/** Mermaid takes a hyphen for an arrow. */
function nodeOf(state: CaseState): string {
  return state.replaceAll('-', '_')
}

function tableOf(title: string, actions: readonly Action[], textOf: TextOf): string {
  const rows = actions.map(action => {
    const row = transitionOf(action)
    const cells = [
      `\`${action}\` ${textOf(`case.${row.event}`)}`,
      row.from === 'new' ? '–' : row.from.join(', '),
      targetOf(row),
      byOf(row),
      needsOf(row),
      clocksOf(row),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `## ${title}

| action | from | to | by | needs | clocks |
|---|---|---|---|---|---|
${rows.join('\n')}
`
}

function targetOf({ to, otherwise }: Transition): string {
  const first = to === 'same' ? 'stays' : to
  return otherwise ? `${first}; ${otherwise.when}: ${otherwise.to}` : first
}

function byOf({ by, department }: Transition): string {
  return by.map(role => (role === 'handler' ? `**${department ?? 'lead'}**` : role)).join(', ')
}

function needsOf({ needs, isReasonNeeded }: Transition): string {
  const schema = z.toJSONSchema(needs, { io: 'input', unrepresentable: 'any' })
  const names = Object.keys(schema.properties ?? {})
  const inputs =
    names.length > 6
      ? ['the matter']
      : names.map(name => (schema.required?.includes(name) ? name : `${name}?`))
  return [...new Set([...inputs, ...(isReasonNeeded ? ['reason'] : [])])].join(', ') || '–'
}

const SIGNS: Record<ClockEffect['do'], string> = {
  start: '▶',
  stop: '■',
  pause: '⏸',
  resume: '⏵',
  extend: '＋',
  tighten: '↓',
  recompute: '↻',
}

function clocksOf({ clocks, otherwise }: Transition): string {
  const first = effectsOf(clocks)
  return otherwise ? `${first}; ${otherwise.when}: ${effectsOf(otherwise.clocks)}` : first
}

function effectsOf(effects: readonly ClockEffect[]): string {
  const [first] = effects
  if (first && effects.length > CLOCK_KINDS.length) return `${SIGNS[first.do]} all`
  return effects.map(effect => `${SIGNS[effect.do]} ${nameOf(effect)}`).join(', ') || '–'
}

function nameOf({ clock, whose, isAfterBadRating }: ClockEffect): string {
  if (isAfterBadRating) return `${clock} (limit of a bad rating)`
  if (clock !== 'part') return clock
  return { own: 'part of its own', named: 'part of each named', every: 'part of each' }[whose ?? 'every']
}
