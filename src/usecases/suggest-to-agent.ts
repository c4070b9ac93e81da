import { suggest } from '../assist/suggest.ts'
import type { Askable, Before, MatterSuggestions, Suggestions } from '../assist/suggestions.ts'
import type { Utterance } from '../assist/talk.ts'
import { isFinal } from '../cases/case-state.ts'
import { adviceKeyOf } from '../conversation/hearing.ts'
import { areNearSubjects } from '../kernel/subject-path.ts'
import type { Locale } from '../language/understanding.ts'
import { callerBy, callOf, checkAnswering, numberOf } from './agents-caller.ts'
import { reasonText } from './case-card.ts'
import { planFiling, promisedBy } from './file-case.ts'
import { neighboursOf } from './find-neighbours.ts'
import { findPassages, type Passage } from './find-passages.ts'
import type { Line } from './line.ts'
import { maySeeConfidential } from './may-see.ts'
import type { Account, CaseSummary, Neighbour, Transaction } from './ports.ts'
import { maskPhone } from './present-person.ts'
import { sayDue } from './say-due.ts'

/** A talk as the agent's page has it. */
export interface Talk {
  callId: string | null
  utterances: readonly Utterance[]
  before: Before
}

/** A case beside the talk. */
export interface CaseBeside {
  id: string
  number: string
  summary: string
  place: string | null
  stateName: string
  departmentName: string
  dueText: string | null
  /** Told by the one who calls. */
  isOwn: boolean
}

/** Whom a matter would go to now, and why. */
export interface DepartmentSuggestion {
  id: string
  name: string
  coHandlers: string[]
  isCertain: boolean
  reason: string
  dueText: string
  gradeName: string
  candidates: { id: string; name: string; reason: string; confidence: number }[]
}

export interface AgentMatter extends Omit<MatterSuggestions, 'draft' | 'missing' | 'subjects' | 'danger'> {
  words: string
  subjects: { id: string; name: string; confidence: number }[]
  /** With whom to call, and what to read out to the caller meanwhile. */
  danger: (NonNullable<MatterSuggestions['danger']> & { serviceText: string; advice: string }) | null
  /** What to ask next, in the caller's language, and how much is left to ask after it. */
  question: { about: Askable | 'joining' | 'confirm'; text: string; left: number }
  isConfidential: boolean
  department: DepartmentSuggestion
  /** Open cases of the same thing at the same spot; the caller may join those of others. */
  neighbours: (CaseBeside & { people: number })[]
  /** Answered cases that say the most of the same. */
  answered: CaseBeside[]
  /** The caller told of it before, and it is open. */
  duplicateOf: string | null
  passages: Passage[]
}

export interface AgentSuggestions {
  locale: Locale
  /** The number of the call, masked. */
  caller: string | null
  contact: Suggestions['contact']
  matters: AgentMatter[]
  /** What else the caller told of, the newest first. */
  cases: CaseBeside[]
}

const MOST_CASES = 6
const MOST_BESIDE = 4
const MOST_ANSWERED = 3
/** Of so many of the newest answered ones the closest are shown. */
const ANSWERED_LOOKED_AT = 40
/** An answered case says at least this share of the same. */
const ALIKE = 0.15

/**
 * What an agent is helped with while somebody speaks. Nothing is kept: the same talk on the same page gives the same.
 * @throws AppError `action-forbidden`, `phone-call-not-found`
 */
export async function suggestToAgent(
  line: Line,
  account: Account,
  { callId, utterances, before }: Talk,
  locale: Locale,
): Promise<AgentSuggestions> {
  checkAnswering(account)
  const number = numberOf(await callOf(line, callId))
  const now = line.clock.now()
  const suggested = suggest(utterances, before, {
    elements: line.content.elements,
    words: line.content.talk,
    understand: text => line.understander.understand(text, { now }),
    now,
  })
  const caller = callerBy(line, number ?? suggested.contact.phone.value)
  const found = await line.store.transact(async tx => {
    const own = await tx.casesOf(caller, MOST_CASES)
    const cases = own.filter(each => !each.isConfidential || maySeeConfidential(line, account))
    const neighbours = await Promise.all(
      suggested.matters.map(({ draft }) => neighboursOf(line, tx, draft, caller)),
    )
    const numbers = await numbersOf(tx, neighbours.flat())
    return { cases, neighbours, numbers }
  })
  const hasPhone =
    number !== null || suggested.contact.phone.value !== null || before.contact.phone !== undefined
  const matters = await Promise.all(
    suggested.matters.map(async (matter, index) => {
      const known = { suggested, hasPhone, cases: found.cases, locale }
      const near = found.neighbours[index]!.slice(0, MOST_BESIDE)
      return presentMatter(line, matter, { ...known, near, numbers: found.numbers })
    }),
  )
  return {
    locale: suggested.locale,
    caller: number && maskPhone(number),
    contact: suggested.contact,
    matters,
    cases: found.cases.map(each => presentCase(line, each, locale, true)),
  }
}

interface Known {
  suggested: Suggestions
  hasPhone: boolean
  cases: readonly CaseSummary[]
  near: readonly Neighbour[]
  numbers: ReadonlyMap<string, { number: string; state: string }>
  locale: Locale
}

async function presentMatter(line: Line, matter: MatterSuggestions, known: Known): Promise<AgentMatter> {
  const { draft, missing: _missing, subjects, ...rest } = matter
  const { locale, near, numbers } = known
  const plan = planFiling(line, {
    draft,
    person: { name: null, phone: null, ...callerBy(line, null) },
    family: null,
    service: matter.danger?.isSensed ? null : (matter.danger?.service ?? null),
  })
  return {
    ...rest,
    danger: dangerOf(line, matter, known),
    words: draft.words,
    subjects: subjects.map(({ label, confidence }) => ({
      id: label,
      name: line.names.subjectPath(label, locale),
      confidence,
    })),
    question: questionOf(line, matter, known),
    isConfidential: plan.filed.isConfidential,
    department: presentDepartment(line, plan, locale),
    neighbours: near.map(each => ({
      ...presentNeighbour(line, each, numbers.get(each.id)!, locale),
      people: each.people,
    })),
    answered: await closestAnswered(line, draft, locale),
    duplicateOf: duplicateOf(draft, near, known.cases),
    passages: findPassages(line, draft, locale),
  }
}

function dangerOf(
  line: Line,
  { danger }: MatterSuggestions,
  { suggested, locale }: Known,
): AgentMatter['danger'] {
  if (!danger) return null
  const { texts, city } = line.content
  const number = city.emergency[danger.service as keyof typeof city.emergency]
  return {
    ...danger,
    serviceText: texts.of(locale, `service.${danger.service}`, { number }),
    advice: texts.of(suggested.locale, adviceKeyOf(danger)),
  }
}

/** What is missing for this matter, else whether to join, how to reach the caller, and at last whether all is right. */
function questionOf(
  line: Line,
  { missing, draft }: MatterSuggestions,
  { suggested, hasPhone, near }: Known,
): AgentMatter['question'] {
  const others = near.filter(({ isOwn }) => !isOwn)
  const open = [
    ...missing,
    ...(others.length > 0 && missing.length === 0 ? (['joining'] as const) : []),
    ...(hasPhone ? [] : (['phone'] as const)),
  ]
  const about = open[0] ?? 'confirm'
  const { texts } = line.content
  const { locale } = suggested
  const [first, second] = draft.subjectCandidates.map(({ label }) => line.names.subject(label, locale))
  const key = about === 'place' ? `assist.ask.place.${draft.placeKind}` : `assist.ask.${about}`
  const text = texts.of(locale, key, {
    first: first ?? '',
    second: second ?? '',
    count: others.reduce((people, each) => people + each.people, 0),
    summary: draft.summary ?? draft.words,
  })
  return { about, text, left: Math.max(0, open.length - 1) }
}

function presentDepartment(
  line: Line,
  plan: ReturnType<typeof planFiling>,
  locale: Locale,
): DepartmentSuggestion {
  const { route, filed } = plan
  const named = (id: string) => line.names.department(id, locale)
  const grade = line.content.levels.grades.find(({ id }) => id === filed.grade)!
  return {
    id: route.lead,
    name: named(route.lead),
    coHandlers: route.coHandlers.map(named),
    isCertain: route.isCertain,
    reason: reasonText(line, route.reason, route.lead, locale),
    dueText: sayDue(promisedBy(line, plan), locale, line.content.texts),
    gradeName: line.names.text({ zh: grade.name, en: grade.en }, locale),
    candidates: route.candidates.map(({ department, reason, confidence }) => ({
      id: department,
      name: named(department),
      reason: reasonText(line, reason, department, locale),
      confidence,
    })),
  }
}

/** The caller's own open case of nearly the same, here or wherever neither says where. */
function duplicateOf(
  { subject, place }: MatterSuggestions['draft'],
  near: readonly Neighbour[],
  cases: readonly CaseSummary[],
): string | null {
  const own = near.find(({ isOwn }) => isOwn)
  if (own) return own.id
  if (subject === null) return null
  const same = cases.find(
    each =>
      each.subject !== null &&
      areNearSubjects(each.subject, subject) &&
      !isFinal(each.state as Parameters<typeof isFinal>[0]) &&
      (!place || !each.place || each.place.includes(place) || place.includes(each.place)),
  )
  return same?.id ?? null
}

async function closestAnswered(
  line: Line,
  { subject, words }: MatterSuggestions['draft'],
  locale: Locale,
): Promise<CaseBeside[]> {
  if (subject === null) return []
  const { rows } = await line.store.listCases({
    states: ['replied', 'closed'],
    subjectPrefix: subject,
    includeConfidential: false,
    sort: 'newest',
    limit: ANSWERED_LOOKED_AT,
  })
  if (rows.length === 0) return []
  const byId = new Map(rows.map(row => [row.id, row]))
  const hits = line
    .searchOver(rows.map(({ id, summary }) => ({ id, text: summary })))
    .search(words, MOST_ANSWERED)
  return hits
    .filter(({ share }) => share >= ALIKE)
    .map(({ id }) => presentCase(line, byId.get(id)!, locale, false))
}

async function numbersOf(tx: Transaction, near: readonly Neighbour[]): Promise<Known['numbers']> {
  return near.length === 0 ? new Map() : tx.casesById([...new Set(near.map(({ id }) => id))])
}

function presentNeighbour(
  line: Line,
  each: Neighbour,
  { number, state }: { number: string; state: string },
  locale: Locale,
): CaseBeside {
  const { id, summary, place, lead, dueAt, isOwn } = each
  return presentCase(line, { id, number, summary, place, lead, dueAt, state }, locale, isOwn)
}

function presentCase(
  line: Line,
  each: Pick<CaseSummary, 'id' | 'number' | 'summary' | 'place' | 'lead' | 'dueAt' | 'state'>,
  locale: Locale,
  isOwn: boolean,
): CaseBeside {
  const { texts, routing } = line.content
  return {
    id: each.id,
    number: each.number,
    summary: each.summary,
    place: each.place,
    stateName: texts.of(locale, `state.${each.state}`),
    departmentName: line.names.department(each.lead ?? routing.dutyDesk, locale),
    dueText: each.dueAt && sayDue(each.dueAt, locale, texts),
    isOwn,
  }
}
