import { isIdentityNumber } from '../kernel/identity-number.ts'
import { type Draft, type Holder, ROLES, shareholdersOf } from './facts.ts'
import { type Problem, stop } from './problem.ts'

const MOBILE = /^1[3-9]\d{9}$/
const NAME = /^[\p{Script=Han}·A-Za-z .]{2,}$/u
const OF_AGE = 18

/** Each person's card: a number by GB 11643, a card that is still good; whoever has a role is of age. */
export function checkPeople(draft: Draft, today: string): Problem[] {
  if (draft.people.length === 0) return [stop('people', 'people-missing')]
  const officers = new Set(ROLES.map(role => draft.roles[role]))
  return draft.people.flatMap(person => [
    ...checkCard(person, today),
    ...checkTwice(draft, person),
    ...(officers.has(person.id) && isMinor(person, today)
      ? [stop(`people.${person.id}.idNumber`, 'officer-under-age', { name: person.name })]
      : []),
    ...(draft.roles.contact === person.id && !MOBILE.test(person.phone)
      ? [stop(`people.${person.id}.phone`, 'contact-phone-missing')]
      : []),
  ])
}

function checkCard({ id, name, idNumber, address, validUntil, phone }: Holder, today: string): Problem[] {
  const at = (part: string) => `people.${id}.${part}`
  const problems: Problem[] = []
  if (name === '') problems.push(stop(at('name'), 'person-name-missing'))
  else if (!NAME.test(name)) problems.push(stop(at('name'), 'person-name-odd'))
  if (idNumber === '') problems.push(stop(at('idNumber'), 'id-number-missing'))
  else if (!isIdentityNumber(idNumber.toUpperCase(), today))
    problems.push(stop(at('idNumber'), 'id-number-wrong'))
  if (address === '') problems.push(stop(at('address'), 'person-address-missing'))
  if (validUntil === '') problems.push(stop(at('validUntil'), 'valid-until-missing'))
  else if (validUntil !== 'long' && validUntil < today)
    problems.push(stop(at('validUntil'), 'card-expired', { date: validUntil }))
  if (phone !== '' && !MOBILE.test(phone)) problems.push(stop(at('phone'), 'phone-wrong'))
  return problems
}

function checkTwice({ people }: Draft, { id, idNumber }: Holder): Problem[] {
  const first = people.find(other => other.idNumber.toUpperCase() === idNumber.toUpperCase())
  return idNumber === '' || first?.id === id ? [] : [stop(`people.${id}.idNumber`, 'id-number-twice')]
}

/** By the date of birth in the number, which is no later than today. */
function isMinor({ idNumber }: Holder, today: string): boolean {
  if (!isIdentityNumber(idNumber.toUpperCase(), today)) return false
  return Number(today.replaceAll('-', '')) - Number(idNumber.slice(6, 14)) < OF_AGE * 10_000
}

/** Everybody who has to sign has signed what is on the screen now. */
export function checkSignatures(draft: Draft, version: string): Problem[] {
  return signersOf(draft).flatMap(({ id, name }) => {
    const signature = draft.signatures[id]
    if (!signature) return [stop(`signatures.${id}`, 'signature-missing', { name })]
    return signature.of === version ? [] : [stop(`signatures.${id}`, 'signature-outdated', { name })]
  })
}

/** Shareholders, and those whom they appoint. */
export function signersOf(draft: Draft): Holder[] {
  const { legalRepresentative, director, supervisor } = draft.roles
  const appointed = [legalRepresentative, director, draft.hasNoSupervisor ? '' : supervisor]
  const ids = new Set([...shareholdersOf(draft).map(({ person }) => person.id), ...appointed])
  return draft.people.filter(({ id }) => ids.has(id))
}
