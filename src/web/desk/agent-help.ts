import type { AgentMatter, AgentSuggestions, ContactField, Field, Standing } from './agent-api.ts'
import { FIELDS } from './agent-api.ts'
import type { Talk } from './talk.ts'

/** What has been shown of help in a talk, and what was done with it, so that it can be told which help is worth its place. */
export interface HelpSeen {
  /** When the first suggestion was there, in milliseconds; null before. */
  startedAt: number | null
  /** Keys pressed and things clicked. */
  keys: number
  /** `<matter>/<field>`, `contact/<field>`, `<matter>/ask/<about>`: shown at some time. */
  shown: string[]
  /** `<matter>/knowledge` and the like: opened by the agent. */
  opened: string[]
}

export interface HelpTold {
  seconds: number
  keys: number
  outcomes: { kind: string; outcome: 'used' | 'edited' | 'ignored' }[]
}

type Outcome = HelpTold['outcomes'][number]

const CONTACT: readonly ContactField[] = ['phone', 'name']
/** Which field the answer to a question goes into. */
const ANSWERED_IN: Partial<Record<string, Field | ContactField>> = {
  place: 'place',
  building: 'place',
  time: 'time',
  subject: 'subject',
  wanted: 'wanted',
  phone: 'phone',
}

export function nothingSeen(): HelpSeen {
  return { startedAt: null, keys: 0, shown: [], opened: [] }
}

/** Notes what the page shows now. */
export function noteShown(help: HelpSeen, { matters, contact }: AgentSuggestions, now: number): void {
  help.startedAt ??= now
  const seen = new Set(help.shown)
  for (const field of CONTACT) if (contact[field].value !== null) seen.add(`contact/${field}`)
  for (const { id, fields, question } of matters) {
    for (const field of FIELDS) if (fields[field].value !== null) seen.add(`${id}/${field}`)
    if (question.text && ANSWERED_IN[question.about]) seen.add(`${id}/ask/${question.about}`)
  }
  help.shown = [...seen]
}

/** What became of everything, once the talk is filed. */
export function toldHelp(talk: Talk, now: number): HelpTold {
  const { help, suggestions } = talk
  const matters = suggestions?.matters ?? []
  const filed = matters.filter(({ id }) => !talk.dropped.includes(id))
  const outcomes = [
    ...filed.flatMap(matter => [
      ...ofFields(talk, matter),
      ...ofQuestions(talk, matter),
      ...ofBeside(talk, matter),
    ]),
    ...CONTACT.filter(field => help.shown.includes(`contact/${field}`)).map(field =>
      ofStanding(field, talk.before.contact[field]),
    ),
    ...ofWhole(talk, matters, filed),
  ]
  const seconds = help.startedAt === null ? 0 : Math.round((now - help.startedAt) / 1000)
  return { seconds: Math.min(seconds, 86_400), keys: help.keys, outcomes: outcomes.slice(0, 200) }
}

function ofFields({ help, before }: Talk, { id }: AgentMatter): Outcome[] {
  return FIELDS.filter(field => help.shown.includes(`${id}/${field}`)).map(field =>
    ofStanding(field, before.matters[id]?.[field]),
  )
}

function ofStanding(kind: string, standing: Standing | undefined): Outcome {
  if (!standing || standing.is === 'refused') return { kind, outcome: 'ignored' }
  return { kind, outcome: standing.is === 'edited' ? 'edited' : 'used' }
}

/** A question was of use when its answer stands in the form. */
function ofQuestions(talk: Talk, { id }: AgentMatter): Outcome[] {
  const { help, before, suggestions } = talk
  const standsIn = (field: Field | ContactField) =>
    field === 'phone' || field === 'name'
      ? (before.contact[field]?.value ?? suggestions?.caller)
      : before.matters[id]?.[field]?.value
  return help.shown.flatMap((shown): Outcome[] => {
    if (!shown.startsWith(`${id}/ask/`)) return []
    const field = ANSWERED_IN[shown.slice(id.length + 5)]!
    return [{ kind: 'question', outcome: standsIn(field) ? 'used' : 'ignored' }]
  })
}

function ofBeside(talk: Talk, matter: AgentMatter): Outcome[] {
  const { id, department, neighbours, passages, answered, reply } = matter
  const isOpened = (kind: string) => talk.help.opened.includes(`${id}/${kind}`)
  const one = (kind: string, isShown: boolean, isUsed: boolean): Outcome[] =>
    isShown ? [{ kind, outcome: isUsed ? 'used' : 'ignored' }] : []
  const own = talk.answers[id]
  const answer = own?.isGiven ? own.text.trim() : null
  return [
    ...one('department', true, department.isCertain || (talk.leads[id] ?? null) !== null),
    ...one(
      'neighbours',
      neighbours.some(({ isOwn }) => !isOwn),
      (talk.joins[id] ?? null) !== null,
    ),
    ...one('knowledge', passages.length > 0, isOpened('knowledge') || answer !== null),
    ...one('answered', answered.length > 0, isOpened('answered')),
    ...(reply && answer !== null && answer !== reply.text
      ? [{ kind: 'reply', outcome: 'edited' as const }]
      : one('reply', reply !== null, answer !== null)),
  ]
}

function ofWhole(talk: Talk, matters: readonly AgentMatter[], filed: readonly AgentMatter[]): Outcome[] {
  const { suggestions, help, isNoDanger } = talk
  const isAllFiled = filed.length === matters.length
  return [
    ...(matters.length > 1
      ? [{ kind: 'split', outcome: isAllFiled ? ('used' as const) : ('edited' as const) }]
      : []),
    ...(matters.some(({ danger }) => danger !== null)
      ? [{ kind: 'danger', outcome: isNoDanger ? ('ignored' as const) : ('used' as const) }]
      : []),
    ...(suggestions && suggestions.cases.length > 0
      ? [
          {
            kind: 'own-cases',
            outcome: help.opened.includes('own-cases') ? ('used' as const) : ('ignored' as const),
          },
        ]
      : []),
  ]
}
