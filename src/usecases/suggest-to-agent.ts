import { suggest } from '../assist/suggest.ts'
import type { Before, MatterSuggestions, Suggestions } from '../assist/suggestions.ts'
import type { Utterance } from '../assist/talk.ts'
import { isFinal } from '../cases/case-state.ts'
import { adviceKeyOf } from '../conversation/hearing.ts'
import { areNearSubjects } from '../kernel/subject-path.ts'
import type { Locale } from '../language/understanding.ts'
import type { AgentMatter, AgentSuggestions, DepartmentSuggestion } from './agent-suggestions.ts'
import { callerBy, checkAnswering, speakerOf } from './agents-caller.ts'
import { reasonText } from './case-card.ts'
import { closestAnswered, numbersOf, presentCase, presentNeighbour, replyToRead } from './cases-beside.ts'
import { planFiling, promisedBy } from './file-case.ts'
import { neighboursOf } from './find-neighbours.ts'
import { findPassages } from './find-passages.ts'
import { withoutWhatIsOff } from './help-given.ts'
import type { Line } from './line.ts'
import type { Account, CaseSummary, Neighbour } from './ports.ts'
import { maskPhone } from './present-person.ts'
import { maySeeReporters } from './role-views.ts'
import { sayDue } from './say-due.ts'

/** A talk as the agent's page has it. */
export interface Talk {
  callId: string | null
  chatId: string | null
  utterances: readonly Utterance[]
  before: Before
}

const MOST_CASES = 6
const MOST_BESIDE = 4

/**
 * What an agent is helped with while somebody speaks. Nothing is kept: the same talk on the same page gives the same.
 * @throws AppError `action-forbidden`, `phone-call-not-found`, `chat-not-found`
 */
export async function suggestToAgent(
  line: Line,
  account: Account,
  { callId, chatId, utterances, before }: Talk,
  locale: Locale,
): Promise<AgentSuggestions> {
  checkAnswering(account)
  const { number, person } = await speakerOf(line, { callId, chatId })
  const now = line.clock.now()
  const suggested = suggest(utterances, before, {
    elements: line.content.elements,
    words: line.content.talk,
    understand: text => line.understander.understand(text, { now }),
    now,
  })
  const caller = person ?? callerBy(line, number ?? suggested.contact.phone.value)
  const found = await line.store.transact(async tx => {
    const own = await tx.casesOf(caller, MOST_CASES)
    const cases = own.filter(each => !each.isConfidential || maySeeReporters(line, account))
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
  return withoutWhatIsOff(line.content.assist, {
    locale: suggested.locale,
    caller: number && maskPhone(number),
    contact: suggested.contact,
    matters,
    cases: found.cases.map(each => presentCase(line, each, locale, true)),
  })
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
  const answered = await closestAnswered(line, draft, locale)
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
    answered,
    reply: await replyToRead(line, matter, answered, known.suggested.locale),
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
