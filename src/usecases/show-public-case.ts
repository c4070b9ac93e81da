import { type Case, promiseOf, stageOf } from '../cases/case.ts'
import { isFinal } from '../cases/case-state.ts'
import { sharedReach } from '../conversation/elements.ts'
import type { Coordinates } from '../language/coordinate-systems.ts'
import { toTraditional } from '../language/to-traditional.ts'
import type { Locale } from '../language/understanding.ts'
import { leadOf } from './case-card.ts'
import type { Line } from './line.ts'
import type { PublicCase } from './public-case-ports.ts'
import { serviceCodeOf } from './public-services.ts'
import { sayDue } from './say-due.ts'

/** A case as anybody may see it. */
export interface PublicRequest {
  id: string
  isOpen: boolean
  /** Where it stands, in words. */
  statusNotes: string
  serviceCode: string
  serviceName: string
  description: string
  agency: string | null
  /** What is promised, in words; null when nothing is owed. */
  notice: string | null
  requestedAt: Date
  updatedAt: Date
  expectedAt: Date | null
  address: string | null
  /** Id of the street. */
  addressId: string | null
  /** WGS-84. */
  at: Coordinates | null
  stage: string
  stageName: string
  type: string
  typeName: string
}

/**
 * What anybody may see. The description is made from what the case was classed as, never from the teller's words: no program can be
 * sure that no name, no flat and no quarrel stands in them. The place is told only where it lies outside everybody's door,
 * and coarse; of what concerns one person only the street is told.
 */
export function publicRequest(line: Line, current: PublicCase, locale: Locale): PublicRequest {
  const { names, content } = line
  const serviceName = nameOf(line, current.subject, locale)
  const typeName = content.texts.of(locale, `type.${current.type}`)
  const agency = agencyOf(line, current, locale)
  const description = content.texts.of(locale, 'open311.description', {
    type: typeName,
    subject: current.subject ? names.subjectPath(current.subject, locale) : serviceName,
  })
  return {
    id: current.number,
    isOpen: !isFinal(current.state),
    statusNotes: content.texts.of(locale, `open311.status.${current.state}`),
    serviceCode: serviceCodeOf(current.subject),
    serviceName,
    description,
    agency,
    notice: current.dueAt && agency ? promise(line, agency, current.dueAt, locale) : null,
    requestedAt: current.filedAt,
    updatedAt: current.changedAt,
    expectedAt: current.dueAt,
    ...coarsePlace(line, current, locale),
    stage: current.stage,
    stageName: content.texts.of(locale, `stage.${current.stage}`),
    type: current.type,
    typeName,
  }
}

/** The same for the program that filed it: its own words and place come back to it, and nothing that it did not send. */
export function ownRequest(line: Line, current: Case, locale: Locale): PublicRequest {
  const promised = isFinal(current.state) ? null : promiseOf(current)
  const shown = publicRequest(
    line,
    {
      ...current,
      stage: stageOf(current),
      place: current.elements.place,
      street: current.elements.street,
      lead: current.dispatch?.lead ?? null,
      at: current.elements.at,
      dueAt: promised?.dueAt ?? null,
    },
    locale,
  )
  const { place, at } = current.elements
  return { ...shown, description: current.words, address: place, at }
}

/** Who answers by when, in the words of every channel. */
export function promise(line: Line, department: string, dueAt: Date, locale: Locale): string {
  const { texts } = line.content
  return texts.of(locale, 'open311.promise', { department, due: sayDue(dueAt, locale, texts) })
}

function nameOf({ names, content }: Line, subject: string | null, locale: Locale): string {
  return subject ? names.subject(subject, locale) : content.texts.of(locale, 'open311.other')
}

/** Null while others have it: it is handled with theirs. */
function agencyOf(line: Line, { lead, state }: PublicCase, locale: Locale): string | null {
  if (lead === null && (state === 'joined' || state === 'merged')) return null
  return line.names.department(lead ?? leadOf(line, { dispatch: null }), locale)
}

/** Decimals of a degree: about 100 m, and about 1 km. */
const [NEAR, FAR] = [3, 2]

function coarsePlace(
  line: Line,
  current: PublicCase,
  locale: Locale,
): Pick<PublicRequest, 'address' | 'addressId' | 'at'> {
  const street = line.content.places.streets.find(({ id }) => id === current.street)
  const streetName = street ? line.names.text({ zh: street.name, en: street.en }, locale) : null
  const reach = sharedReach(line.content.elements, current)
  const centre = street ? rounded(street.centre, FAR) : null
  if (reach === null) return { address: streetName, addressId: street?.id ?? null, at: centre }
  const spot = current.place === null ? null : spotName(line, current.place, reach, locale)
  const address = [streetName, spot].filter(part => part !== null).join(locale === 'en' ? ', ' : '')
  return {
    address: address || null,
    addressId: street?.id ?? null,
    at: current.at ? rounded(current.at, NEAR) : centre,
  }
}

/** What the city's places know of a place in somebody's words: never more of the words than that. */
function spotName(line: Line, place: string, reach: 'place' | 'building', locale: Locale): string | null {
  const [said] = line.understander.understand(place, { now: line.clock.now() }).places
  if (!said) return null
  const where = said.spot?.key ?? said.road
  if (!where) return null
  const building = reach === 'building' && said.spot?.building ? `${said.spot.building}号楼` : ''
  return locale === 'zh-Hant' ? toTraditional(where + building) : where + building
}

function rounded([longitude, latitude]: Coordinates, decimals: number): Coordinates {
  return [Number(longitude.toFixed(decimals)), Number(latitude.toFixed(decimals))]
}
