import { draftMatter, placeAnswer, placeOf } from '../conversation/elements.ts'
import type { MatterDraft } from '../conversation/reply.ts'
import type { Coordinates } from '../language/coordinate-systems.ts'
import { nearestPlace } from '../language/slots/nearest-place.ts'
import type { Locale, Matter, Understanding } from '../language/understanding.ts'
import type { Line } from './line.ts'
import { refuseFields } from './refuse-field.ts'

/** A matter as a program submits it; what it leaves open (null) is read from the words. */
export interface Submission {
  words: string
  /** Full id of a subject. */
  subject: string | null
  type: string | null
  time: string | null
  /** WGS-84, and what the program calls the field of it. */
  at: { point: Coordinates; field: string } | null
  street: { id: string; field: string } | null
  /** In the teller's words, from the wider to the nearer. */
  address: readonly string[]
}

type EmergencyService = 'police' | 'fire' | 'medical' | 'gas' | 'traffic'

/** A matter read from a submission, with the service that answers for the danger in it. */
export interface SubmittedDraft {
  matter: MatterDraft
  service: EmergencyService | null
  /** Whom to call: also where the danger is only sensed. Nobody can be asked here, and silence sends nobody. */
  toCall: EmergencyService | null
}

/** A point farther than this from every place that is known lies in another city. */
const SERVED_KILOMETRES = 25

/**
 * What the program says stands; the rest is read from the words. Nobody can be asked, so what is not sure stays open.
 * @throws AppError `body-invalid` with problems for a place that is not here
 */
export function draftSubmission(line: Line, submission: Submission): SubmittedDraft {
  const { words, subject } = submission
  const said = line.understander.understand(words, { now: line.clock.now() })
  const read = draftMatter(wholeMatter(said, words), line.content.elements)
  const matter: MatterDraft = {
    ...read,
    ...placedBy(line, submission, read),
    ...(subject === null
      ? {}
      : { subject, subjectCandidates: [{ label: subject, confidence: 1 }], evidence: [] }),
    // What is told in confidence stays so, whatever a program calls it.
    type: read.type === 'report' ? 'report' : (submission.type ?? read.type),
    time: submission.time ?? read.time ?? null,
  }
  const [danger] = said.dangers
  const toCall = (danger?.service as EmergencyService | undefined) ?? null
  return { matter, service: danger?.isSensed ? null : toCall, toCall }
}

/** In danger whom to call, in one sentence; null without danger. */
export function sayDanger(line: Line, toCall: SubmittedDraft['toCall'], locale: Locale): string | null {
  const { texts, city } = line.content
  if (toCall === null) return null
  const service = texts.of(locale, `service.${toCall}`, { number: city.emergency[toCall] })
  return texts.of(locale, 'open311.danger', { service })
}

/** One submission is one case, however many matters stand in it; what it is about is then open, unless all are about the same. */
export function wholeMatter(said: Understanding, words: string): Matter {
  const [first, ...others] = said.matters
  const isOne = others.every(({ subject }) => subject.label === first!.subject.label)
  return {
    ...first!,
    words,
    subject: isOne ? first!.subject : { ...first!.subject, label: null },
    places: said.places,
    times: said.times,
  }
}

type Placed = ReturnType<typeof placeAnswer>

/** The address as the line reads places everywhere; a point lies in the street of what is nearest to it. */
function placedBy(line: Line, submission: Submission, read: MatterDraft): Placed {
  const street = streetOf(line, submission.street)
  const address = [street?.name, ...submission.address].filter(Boolean).join(' ')
  const said = address
    ? placeAnswer(line.understander.understand(address, { now: line.clock.now() }))
    : { place: null, street: null, community: null, spot: null, at: null, ...placeOf(read) }
  const placed = { ...said, street: street?.id ?? said.street ?? null }
  if (!submission.at) return placed
  const { point: at, field } = submission.at
  const near = nearestPlace(line.content.places, at)
  if (near && near.kilometres > SERVED_KILOMETRES) throw refuseFields([{ field, because: 'outside' }])
  const point = `${at[1].toFixed(5)}, ${at[0].toFixed(5)}`
  return {
    ...placed,
    place: placed.place ?? (near ? `${near.place.street.name} ${point}` : point),
    street: placed.street ?? near?.place.street.id ?? null,
    at,
  }
}

function streetOf({ content }: Line, asked: Submission['street']) {
  if (asked === null) return null
  const street = content.places.streets.find(each => each.id === asked.id)
  if (!street) throw refuseFields([{ field: asked.field, because: 'unknown' }])
  return street
}
