import { z } from 'zod'
import { isUnderSubject } from '../kernel/subject-path.ts'
import type { Matter, SaidPlace, Understanding } from '../language/understanding.ts'
import { PLACE_KINDS } from './flow.ts'
import type { MatterDraft } from './reply.ts'

/** `intents/elements.yaml`: which of the five elements a matter cannot do without. The first rule that holds decides. */
export const elementsSchema = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        when: z
          .strictObject({ subject: z.array(z.string()).optional(), type: z.array(z.string()).optional() })
          .optional(),
        needs: z.array(z.enum(['place', 'time'])),
        /** Which question asks for the place. */
        placeKind: z.enum(PLACE_KINDS).default('place'),
      }),
    )
    .refine(rules => rules.at(-1)?.when === undefined, 'the last rule must have no condition'),
  /** Words that only say that there is something to say: "我要反映个问题". What is left without them is the matter. */
  bare: z.array(z.string().min(1)),
  /** What neighbours may know of one another: that it was told, how often, and who sees to it. */
  shared: z.strictObject({
    types: z.array(z.string()),
    /** Subjects that are one matter within a compound, a house number or a village … */
    place: z.array(z.string()),
    /** … and those that are one only within a building. */
    building: z.array(z.string()),
    /** How old a case may be that is still offered. */
    days: z.int().min(1).max(366),
  }),
  /** What makes a matter confidential: its type, or words of the caller. */
  confidential: z.strictObject({ types: z.array(z.string()), words: z.array(z.string().min(1)) }),
})
export type Elements = z.infer<typeof elementsSchema>

/** Shorter than this many characters, the course of events is asked for. */
const TELLING = 7

/** A matter as understood, ready for the questions that are still open. */
export function draftMatter(matter: Matter, elements: Elements): MatterDraft {
  const type = matter.requestType.label ?? 'help'
  const subject = matter.subject.label
  const rule = ruleFor(elements, subject, type)
  const place = matter.places.find(each => !isVague(each.text))
  const time = matter.times[0]
  return {
    words: matter.words,
    subject,
    subjectCandidates: matter.subject.candidates,
    evidence: matter.subject.evidence,
    type,
    ...(place ? placeSlots(place) : {}),
    ...(time ? { time: time.text } : {}),
    // Praise is passed on as it is; nobody who praises should have to classify it.
    ...(type === 'praise' && subject === null ? { subjectChoice: 'none' } : {}),
    ...needsBy(rule),
    needsDetail: !isTelling(matter),
  }
}

type PlaceSlots = Required<Pick<MatterDraft, 'place' | 'street' | 'community' | 'at' | 'spot'>>

/** The place part of a draft. */
export function placeSlots(place: SaidPlace): PlaceSlots {
  return {
    place: place.text,
    street: place.street?.id ?? null,
    community: place.community ?? null,
    at: place.at ?? null,
    spot: place.spot ?? null,
  }
}

const VAGUE =
  /^(?:我们|我們|咱们|俺们|俺們|我|咱|俺|你|自己|就)*(?:家|这儿|这里|這裡|这|這|那边|那里|那|附近|楼下|樓下|楼上|樓上|门口|門口|小区|小區|村里?|屯里?|单位|單位|学校|學校|医院|醫院|路上|街上|老地方|条街|條街)(?:里|裡|内|的|那边|门口|附近)*$/u

/** "我家", "咱小区": a place for whoever lives there, and for nobody who is to go there. */
export function isVague(place: string): boolean {
  return VAGUE.test(place.replace(/[\s\p{P}]/gu, ''))
}

/** A draft's place, for another draft to have; nothing while it was not told. */
export function placeOf({ place, street = null, community = null, at = null, spot = null }: MatterDraft) {
  return place === undefined ? {} : { place, street, community, at, spot }
}

/** Longer than this, an answer tells more than a place. */
const LONGEST_PLACE = 40

/** The place part of a draft from an answer to "where?": in the person's whole words, with what the city's places know of it. */
export function placeAnswer(said: Understanding): PlaceSlots {
  const best = said.places.find(place => place.street) ?? said.places[0]
  const slots = best ? placeSlots(best) : { place: null, street: null, community: null, at: null, spot: null }
  const text = said.text.trim()
  // Where a phone or a name is told along, only the place is kept: what is kept here is read by many.
  const isPlain =
    said.phones.length === 0 && said.personName === undefined && [...text].length <= LONGEST_PLACE
  return { ...slots, place: isPlain || !best ? text : said.places.map(place => place.text).join('') }
}

/** Works out the questions anew when the subject has become another. */
export function withSubject(draft: MatterDraft, subject: string | null, elements: Elements): MatterDraft {
  return { ...draft, subject, ...needsBy(ruleFor(elements, subject, draft.type)) }
}

function needsBy(
  rule: Elements['rules'][number],
): Pick<MatterDraft, 'needsPlace' | 'needsTime' | 'placeKind'> {
  return {
    needsPlace: rule.needs.includes('place'),
    needsTime: rule.needs.includes('time'),
    placeKind: rule.placeKind,
  }
}

/** Which of the five elements a matter of this subject and type cannot do without. */
export function ruleFor(elements: Elements, subject: string | null, type: string): Elements['rules'][number] {
  return elements.rules.find(({ when }) => {
    if (when?.type && !when.type.includes(type)) return false
    return !when?.subject || when.subject.some(prefix => isUnderSubject(subject, prefix))
  })!
}

/** Whether what is told lies outside everybody's door, and how far it reaches; null where it is nobody else's business. */
export function sharedReach(
  { shared }: Elements,
  { subject, type }: { subject: string | null; type: string },
): 'place' | 'building' | null {
  if (!shared.types.includes(type)) return null
  const isWithin = (prefixes: readonly string[]) => prefixes.some(prefix => isUnderSubject(subject, prefix))
  if (isWithin(shared.building)) return 'building'
  return isWithin(shared.place) ? 'place' : null
}

function isTelling(matter: Matter): boolean {
  const length = [...matter.words.replace(/[\s\p{P}]/gu, '')].length
  return length >= TELLING || matter.subject.confidence > 0.8
}
