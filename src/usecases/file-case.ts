import type { Case } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import { type FiledInput, REQUEST_TYPES, type RequestType } from '../cases/case-inputs.ts'
import { gradeOf, profileOf } from '../clocks/service-levels.ts'
import { sharedReach } from '../conversation/elements.ts'
import { type MatterDraft, quotable } from '../conversation/reply.ts'
import { isUnderSubject } from '../kernel/subject-path.ts'
import type { Route } from '../routing/route-matter.ts'
import { joinableCase } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Person, Transaction } from './ports.ts'
import { withoutReporter } from './protect-reporter.ts'
import { foldFiling, type LineStep, recordFiling, THE_LINE } from './record-filing.ts'
import { superviseCrowd } from './supervise-crowd.ts'

/** One matter on its way to becoming a case. */
export interface FilingRequest {
  draft: MatterDraft
  person: Person
  actor: Actor
  conversationId: string | null
  /** Shared by the cases of one message. */
  family: string | null
  /** Service that answers for the danger; null when there is none. */
  service: string | null
  /** The case of which the matter was a part until now. */
  splitFrom?: Pick<Case, 'id' | 'isConfidential'>
  /** The case of others that its teller joins. */
  joins?: string | null
  /** Given where a repeated request must be told the same again; else one by chance. */
  queryCode?: string
  /** A consultation that was answered while it was told: by whom and what. */
  answer?: { actor: Actor; text: string } | null
}

/** What a matter would become: who, how urgent, by when. Nothing is written. */
export interface FilingPlan {
  type: RequestType
  route: Route
  filed: Omit<FiledInput, 'number'>
}

const LETTERS_IN_SUMMARY = 60
const EMERGENCY_SUBJECTS = ['emergency-safety', 'public-security']

/** Understood, routed and promised, without being recorded: what the resident confirms. */
export function planFiling(
  line: Line,
  request: Pick<FilingRequest, 'draft' | 'person' | 'family' | 'service' | 'splitFrom'>,
): FilingPlan {
  const { draft, splitFrom } = request
  const type = typeOf(draft)
  const isConfidential = splitFrom?.isConfidential || isConfidentialMatter(line, draft, type)
  const traits = {
    subject: draft.subject,
    type,
    channel: request.person.channel,
    isEmergency: request.service !== null,
  }
  const grade = gradeOf(line.content.levels, traits)
  const profile = profileOf(line.content.levels, traits, grade)
  const route = line.router.route({
    subject: draft.subject,
    subjectCandidates: draft.subjectCandidates,
    type,
    street: draft.street ?? null,
    isConfidential,
    words: draft.words,
    service: request.service,
  })
  const filed: FilingPlan['filed'] = {
    jurisdiction: line.content.city.jurisdiction,
    channel: request.person.channel,
    family: request.family,
    ...(splitFrom ? { splitFrom: splitFrom.id } : {}),
    words: draft.words,
    summary: summaryOf(draft.summary ?? draft.words, isConfidential ? request.person : null),
    type,
    subject: draft.subject,
    subjectCandidates: draft.subjectCandidates,
    evidence: draft.evidence,
    elements: {
      time: draft.time ?? null,
      place: draft.place ?? null,
      street: draft.street ?? null,
      community: draft.community ?? null,
      at: draft.at ?? null,
      wanted: draft.wanted ?? null,
    },
    grade,
    profile: profile.id,
    isEmergency: request.service !== null,
    isConfidential,
    neighbourKey: request.service === null && !isConfidential ? neighbourKeyOf(line, draft) : null,
  }
  return { type, route, filed }
}

/** Understand, route, promise, record: the case with its first events, and the secret that its owner is told once. */
export async function fileCase(
  line: Line,
  tx: Transaction,
  request: FilingRequest,
): Promise<{ case: Case; queryCode: string; joined: Case | null }> {
  const { filed, route } = planFiling(line, request)
  // Answered or gone since it was offered: then this one is handled by itself.
  const joined = request.joins ? await joinableCase(tx, request.joins) : null
  const { person, actor, conversationId, queryCode: given } = request
  const steps = stepsOf(request, joined, route)
  const { case: current, queryCode } = await recordFiling(line, tx, {
    filed,
    steps,
    person,
    actor,
    conversationId,
    queryCode: given,
  })
  // What was split off was counted with the whole.
  if (!request.splitFrom) await superviseCrowd(line, tx, current)
  return { case: current, queryCode, joined }
}

function stepsOf({ answer }: FilingRequest, joined: Case | null, route: Route): LineStep[] {
  if (answer) {
    const { actor, text } = answer
    return [
      { action: 'accept', input: {} },
      { action: 'answer', input: { text }, actor },
    ]
  }
  return joined ? [{ action: 'join-neighbours', input: { to: joined.id } }] : stepsAfterFiling(route)
}

/** Accepted; dispatched too when it is certain who is responsible. */
function stepsAfterFiling({ isCertain, lead, coHandlers, reason, candidates }: Route): LineStep[] {
  const accept = { action: 'accept' as const, input: {} }
  return isCertain
    ? [accept, { action: 'dispatch', input: { lead, coHandlers, reason, candidates } }]
    : [accept]
}

/**
 * When the resident is promised an answer, or the dispatch while nobody is certain, were it filed now: worked out by the
 * same rules as the real one.
 */
export function promisedBy(line: Line, { filed, route }: FilingPlan): Date {
  const steps = stepsAfterFiling(route)
  const { current } = foldFiling(line, {
    id: 'plan',
    filed: { ...filed, number: '' },
    steps,
    actor: THE_LINE,
    at: line.clock.now(),
  })
  return (current.clocks.handle ?? current.clocks.dispatch)!.dueAt
}

/** In danger nobody chooses among subjects: one that is not about danger was only guessed from a few words. */
export function emergencyDraft(draft: MatterDraft): MatterDraft {
  const isAboutDanger = EMERGENCY_SUBJECTS.some(prefix => isUnderSubject(draft.subject, prefix))
  return { ...draft, type: 'help', subject: isAboutDanger ? draft.subject : null }
}

/** The key under which others find this matter as theirs; null where it is nobody else's business or its spot is not known. */
export function neighbourKeyOf(line: Line, draft: MatterDraft): string | null {
  const { subject, spot } = draft
  const type = typeOf(draft)
  if (!subject || !spot || draft.joining === 'different') return null
  const reach = sharedReach(line.content.elements, { subject, type })
  if (reach === null || isConfidentialMatter(line, draft, type)) return null
  // What differs only in its leaf may still be the same thing, told in other words.
  const about = subject.split('/').slice(0, 2).join('/')
  if (reach === 'building') return spot.building ? `${about}@${spot.key}#${spot.building}` : null
  return `${about}@${spot.key}`
}

function typeOf(draft: MatterDraft): RequestType {
  return REQUEST_TYPES.find(known => known === draft.type) ?? 'help'
}

function isConfidentialMatter(line: Line, draft: MatterDraft, type: string): boolean {
  const { types, words } = line.content.elements.confidential
  return types.includes(type) || words.some(word => draft.words.toLowerCase().includes(word))
}

/** Lists and notifications show the summary to many; who told of a confidential matter is for few. */
function summaryOf(words: string, reporter: Person | null): string {
  const shown = withoutPhones(words)
  return shorten(reporter ? withoutReporter(shown, reporter) : shown)
}

/** A phone is for the few who call. */
function withoutPhones(words: string): string {
  return quotable(
    words.replace(
      /(?:[,，。]?\s*(?:我的?|联系)?(?:电话|手机|號碼|號|号码|号)?(?:是|：|:)?\s*)?1[3-9]\d{9}/gu,
      '',
    ),
  )
}

function shorten(words: string): string {
  const letters = [...words.replace(/\s+/g, ' ').trim()]
  return letters.length > LETTERS_IN_SUMMARY
    ? `${letters.slice(0, LETTERS_IN_SUMMARY - 1).join('')}…`
    : letters.join('')
}
