import type { Application } from '../cases/application.ts'
import type { Case } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import { gradeOf, profileOf } from '../clocks/service-levels.ts'
import { localDateOf } from '../clocks/working-calendar.ts'
import { type CheckedApplication, checkApplication, type HandedIn } from '../guidance/check-application.ts'
import type { Item } from '../guidance/item.ts'
import { AppError } from '../kernel/errors.ts'
import { phoneDigits } from '../kernel/phone-digits.ts'
import type { Locale } from '../language/understanding.ts'
import { answersText, problemText } from './application-words.ts'
import type { KeptFiles } from './kept-files.ts'
import type { Line } from './line.ts'
import type { Person, Transaction } from './ports.ts'
import { type LineStep, recordFiling } from './record-filing.ts'

/** Somebody applies for an item (办件): what they hand in, and by which way they came. */
export interface ApplicationRequest {
  item: string
  given: HandedIn
  /** Where it is about, such as the shop's address; null where that is of no matter. */
  place: string | null
  channel: string
  channelUserId: string
  actor: Actor
  conversationId: string | null
  /** Given where a repeated request must be told the same again. */
  queryCode?: string
  locale: Locale
}

/**
 * Checks an application as a whole and says all that is missing at once.
 * @throws AppError `guide-not-found`, `application-not-online`, `application-stopped` with its words, `application-incomplete` with
 * every problem by name
 */
export async function checkRequest(
  line: Line,
  { item: id, given, locale }: Pick<ApplicationRequest, 'item' | 'given' | 'locale'>,
  files: KeptFiles,
): Promise<CheckedApplication & { item: Item }> {
  const item = onlineItem(line, id)
  const kept = await keptAmong(files, given)
  const today = localDateOf(line.clock.now())
  const checked = checkApplication(item, given, line.content.documents, {
    isKept: file => kept.has(file),
    today,
  })
  const { stop } = checked.checklist
  if (stop)
    throw new AppError('application-stopped', {
      text: line.names.text({ zh: stop.text, en: stop.en }, locale),
      ...(stop.see === undefined ? {} : { see: stop.see }),
    })
  if (checked.problems.length > 0) throw incomplete(line, item, checked, locale)
  return { ...checked, item }
}

/** Files an application that is whole: accepted and sent to the item's department at once. @throws AppError as `checkRequest` */
export async function applyForItem(
  line: Line,
  tx: Transaction,
  request: ApplicationRequest,
  files: KeptFiles,
): Promise<{ case: Case; queryCode: string }> {
  const checked = await checkRequest(line, request, files)
  const { item } = checked
  return recordFiling(line, tx, {
    filed: filedOf(line, request, applicationOf(line, request.given, checked)),
    steps: stepsOf(item),
    person: personOf(request),
    actor: request.actor,
    conversationId: request.conversationId,
    queryCode: request.queryCode,
  })
}

/** An item for which one can apply from afar. @throws AppError `guide-not-found`, `application-not-online` */
export function onlineItem({ content }: Line, id: string): Item {
  const item = content.items.find(each => each.id === id)
  if (!item) throw new AppError('guide-not-found')
  if (!item.channels.includes('online')) throw new AppError('application-not-online')
  return item
}

function incomplete(line: Line, item: Item, { problems }: CheckedApplication, locale: Locale): AppError {
  const named = problems.map(problem => ({ ...problem, text: problemText(line, item, problem, locale) }))
  const list = named.map(({ text }) => text).join(line.content.texts.of(locale, 'apply.between'))
  return new AppError('application-incomplete', { count: named.length, list, problems: named })
}

async function keptAmong(files: KeptFiles, { documents }: HandedIn): Promise<Set<string>> {
  const names = [...new Set(documents.flatMap(({ files: each }) => each))]
  const found = await Promise.all(names.map(async name => ((await files.read(name)) ? [name] : [])))
  return new Set(found.flat())
}

function applicationOf(
  line: Line,
  { applicant, amounts }: HandedIn,
  { item, checklist, documents }: CheckedApplication & { item: Item },
): Application {
  const measured = item.measures.map(({ id }) => [id, amounts[id]!] as const)
  return {
    item: item.id,
    itemName: item.name,
    applicant,
    answers: { ...checklist.answers },
    documents,
    amounts: Object.fromEntries(measured),
    steps: checklist.steps.map(({ act, name, department, by, limit }) => ({
      act,
      name: name ?? line.content.texts.of('zh-Hans', `guide.act.${act}`),
      department: department ?? item.department,
      post: by,
      limit,
    })),
    promised: item.promisedLimit,
  }
}

function filedOf(
  line: Line,
  { channel, place, locale }: ApplicationRequest,
  application: Application,
): Parameters<typeof recordFiling>[2]['filed'] {
  const { content } = line
  const traits = { subject: null, type: 'application', channel, isEmergency: false }
  const grade = gradeOf(content.levels, traits)
  const answers = answersText(line, application, locale).map(({ ask, choice }) => `${ask}${choice}`)
  return {
    jurisdiction: content.city.jurisdiction,
    channel,
    family: null,
    words: content.texts.of(locale, answers.length > 0 ? 'apply.words-with' : 'apply.words', {
      item: application.itemName,
      answers: answers.join(content.texts.of(locale, 'apply.between')),
    }),
    summary: content.texts.of('zh-Hans', 'apply.words', { item: application.itemName }),
    type: 'application',
    subject: null,
    subjectCandidates: [],
    evidence: [],
    elements: { time: null, place, street: null, community: null, at: null, wanted: null },
    grade,
    profile: profileOf(content.levels, traits, grade).id,
    isEmergency: false,
    isConfidential: false,
    neighbourKey: null,
    application,
  }
}

function stepsOf({ id, department }: Item): LineStep[] {
  const input = { lead: department, coHandlers: [], reason: { by: 'item', item: id }, candidates: [] }
  return [
    { action: 'accept', input: {} },
    { action: 'dispatch', input },
  ]
}

function personOf({ given, channel, channelUserId }: ApplicationRequest): Person {
  const { applicant, name, phone, identityNumber, organisation, creditCode } = given
  return {
    name: name.trim(),
    phone: phoneDigits(phone),
    ...(applicant === 'enterprise' ? { organisation: organisation.trim(), creditCode } : { identityNumber }),
    channel,
    channelUserId,
  }
}
