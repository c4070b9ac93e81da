import {
  draftMatter,
  type Elements,
  isVague,
  placeAnswer,
  placeSlots,
  sharedReach,
  withSubject,
} from '../conversation/elements.ts'
import type { MatterDraft } from '../conversation/reply.ts'
import type { Judgement, SaidPhone, Understanding } from '../language/understanding.ts'
import { type HeardMatter, hearTalk, type Understand } from './hear-talk.ts'
import { type Judged, judgeMatter, plainPlace, rankPlaces, readFields } from './read-fields.ts'
import { steadyAll } from './steady.ts'
import {
  type Askable,
  type Before,
  CONTACT_FIELDS,
  FIELDS,
  type Field,
  type MatterSuggestions,
  type Standings,
  type Suggested,
  type Suggestions,
} from './suggestions.ts'
import type { TalkSpan, TalkWords, Utterance } from './talk.ts'

export interface SuggestParts {
  elements: Elements
  words: TalkWords
  understand: Understand
  now: Date
}

/**
 * What to fill in and what to ask, as far as the talk has gone. The same talk and the same page give the same suggestions, and what a
 * person has settled (`before`) is never changed: it is what the rest goes by.
 */
export function suggest(talk: readonly Utterance[], before: Before, parts: SuggestParts): Suggestions {
  const heard = hearTalk(talk, parts.words, parts.understand)
  const contact = steadyAll(CONTACT_FIELDS, before.contact, contactOf(heard))
  return {
    locale: localeOf(heard),
    contact,
    matters: heard.map(each => suggestMatter(each, before.matters[each.id], parts)),
  }
}

function suggestMatter(
  heard: HeardMatter,
  before: Standings<Field> | undefined,
  parts: SuggestParts,
): MatterSuggestions {
  const judged = judgeMatter(heard)
  const fields = steadyAll(FIELDS, before, readFields(heard, judged, parts))
  const draft = draftOf(heard, judged, fields, before, parts)
  return {
    id: heard.id,
    fields,
    subjects: judged.subject.candidates,
    deciding: judged.subject.evidence.filter(({ weight }) => weight > 0).map(({ feature }) => feature),
    danger: dangerOf(heard),
    missing: missingOf(draft, fields, before, parts.elements),
    draft,
  }
}

/** The matter as a conversation would have it, with what the page shows. */
function draftOf(
  heard: HeardMatter,
  { subject, type }: Judged,
  fields: Record<Field, Suggested>,
  before: Standings<Field> | undefined,
  { elements, understand }: SuggestParts,
): MatterDraft {
  const first = heard.whole.matters[0]!
  const words = heard.joined.text
  const draft = draftMatter(
    { ...first, words, subject, requestType: withLabel(type, fields.type.value), places: [], times: [] },
    elements,
  )
  const known = withSubject(draft, fields.subject.value, elements)
  const isChosen = ['accepted', 'edited'].includes(before?.subject?.is ?? '')
  return {
    ...known,
    ...(isChosen && known.subject !== null
      ? { subjectCandidates: [{ label: known.subject, confidence: 1 }] }
      : {}),
    ...placeOfField(heard, fields.place.value, understand),
    time: fields.time.value,
    wanted: fields.wanted.value,
    ...(fields.summary.value === null ? {} : { summary: fields.summary.value }),
  }
}

function withLabel(judgement: Judgement, label: string | null): Judgement {
  return { ...judgement, label: label ?? judgement.label }
}

/** A place that was said is known with all that the city knows of it; one that was written is read. */
function placeOfField(
  heard: HeardMatter,
  value: string | null,
  understand: Understand,
): Partial<MatterDraft> {
  if (value === null) return {}
  const said = rankPlaces(heard).find(({ place }) => plainPlace(place.text) === value)
  return { ...(said ? placeSlots(said.place) : placeAnswer(understand(value))), place: value }
}

function missingOf(
  draft: MatterDraft,
  fields: Record<Field, Suggested>,
  before: Standings<Field> | undefined,
  elements: Elements,
): Askable[] {
  // What was refused or emptied by hand was asked.
  const isOpen = (field: Field) => fields[field].value === null && before?.[field]?.is !== 'edited'
  const reach = sharedReach(elements, { subject: draft.subject, type: draft.type })
  const isVaguePlace = draft.place != null && isVague(draft.place)
  const needs: [Askable, boolean][] = [
    ['detail', draft.needsDetail && draft.subject === null],
    ['place', draft.needsPlace && (isOpen('place') || isVaguePlace)],
    ['building', draft.place != null && reach === 'building' && !draft.spot?.building],
    ['time', draft.needsTime && isOpen('time')],
    ['subject', isOpen('subject') && draft.subjectCandidates.length > 1 && !draft.needsDetail],
    ['wanted', ['help', 'complaint'].includes(draft.type) && isOpen('wanted')],
  ]
  return needs.filter(([, isMissing]) => isMissing).map(([name]) => name)
}

function contactOf(heard: readonly HeardMatter[]) {
  const phones = heard.flatMap(({ whole, joined }) =>
    whole.phones.map((phone: SaidPhone) => ({
      value: phone.number,
      confidence: 0.9,
      evidence: joined.locate(phone),
    })),
  )
  const names = heard.flatMap(each => nameIn(each))
  return { phone: { candidates: phones.toReversed(), bar: 0 }, name: { candidates: names, bar: 0 } }
}

function nameIn({ whole, joined, pieces }: HeardMatter): Suggested[] {
  const { personName } = whole
  if (!personName) return []
  const start = joined.text.indexOf(personName)
  const evidence =
    start < 0 || pieces.length === 0 ? [] : joined.locate({ start, end: start + personName.length })
  return [{ value: personName, confidence: 0.8, evidence }]
}

/** A danger that is named in any breath counts at once; one that is only sensed must be sensed in the whole. */
function dangerOf(matter: HeardMatter): MatterSuggestions['danger'] {
  const named = [...matter.whole.dangers, ...matter.pieces.flatMap(({ dangers }) => dangers)]
  const found = named.find(({ isSensed }) => !isSensed) ?? matter.whole.dangers[0]
  return found ? { ...found, evidence: cueIn(matter, found.cue) } : null
}

function cueIn({ joined }: HeardMatter, cue: string): TalkSpan[] {
  const start = joined.text.indexOf(cue)
  return start < 0 ? [] : joined.locate({ start, end: start + cue.length })
}

/** That of what was said last in more than a few letters. */
function localeOf(heard: readonly HeardMatter[]): Understanding['locale'] {
  return heard.at(-1)?.whole.locale ?? 'zh-Hans'
}
