import { createHash } from 'node:crypto'
import type { Conclusion } from '../cases/application.ts'
import type { Case } from '../cases/case.ts'
import { localDateOf } from '../clocks/working-calendar.ts'
import { AppError } from '../kernel/errors.ts'
import { codeOf } from '../kernel/ids.ts'
import { isSame } from '../kernel/same-secret.ts'
import type { Locale } from '../language/understanding.ts'
import { itemName, itemOf } from './application-words.ts'
import { leadOf } from './case-card.ts'
import type { Line } from './line.ts'
import type { Person, Transaction } from './ports.ts'

/** A case's number at the end of a certificate's, before which time it is. */
const CASE_IN_NUMBER = /-(\d{12})(?:-\d+)?$/
const CODE_LENGTH = 12

/** An application that has ended, with whose it is. */
export interface Concluded {
  case: Case
  conclusion: Conclusion
  person: Person | null
}

/** What anybody may know of a certificate or notice whose number and code they hold. */
export interface VerifiedCertificate {
  number: string
  /** `withdrawn`: it was decided anew since. */
  state: 'valid' | 'expired' | 'withdrawn'
  outcome: 'approved' | 'refused'
  item: string
  /** What it is: the result of the item, or a notice of refusal. */
  title: string
  holder: string
  department: string
  issuedOn: string
  validUntil: string | null
}

/**
 * Proves that a number is ours: a keyed hash of it, twelve letters to type. Kept nowhere; whoever has the database
 * and not the key cannot make one.
 */
export function certificateCode(line: Line, certificate: string): string {
  const digest = createHash('sha256').update(line.pseudonym('certificate', certificate)).digest()
  return codeOf(digest, CODE_LENGTH)
}

/**
 * What a certificate or notice says, for whoever has it before them; the holder is masked.
 * @throws AppError `certificate-not-found` when number and code do not belong together
 */
export async function verifyCertificate(
  line: Line,
  given: { number: string; code: string },
  locale: Locale,
): Promise<VerifiedCertificate> {
  const number = given.number.normalize('NFKC').trim().toUpperCase()
  const code = given.code.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()
  const caseNumber = CASE_IN_NUMBER.exec(number)?.[1]
  if (!caseNumber || !isSame(code, certificateCode(line, number))) throw new AppError('certificate-not-found')
  return line.store.transact(async tx => {
    const stored = await tx.caseByNumber(caseNumber)
    const event = stored?.events.find(({ data }) => (data as Partial<Conclusion>).certificate === number)
    if (!stored || !event) throw new AppError('certificate-not-found')
    const person = await tx.personOf(stored.case.id)
    const conclusion = { ...(event.data as Omit<Conclusion, 'at'>), at: event.at }
    return present(line, { case: stored.case, conclusion, person }, locale)
  })
}

/** An application that has ended, with whose it is. @throws AppError `certificate-not-found` while there is none */
export async function concludedOf(tx: Transaction, current: Case): Promise<Concluded> {
  const { conclusion } = current
  if (!conclusion) throw new AppError('certificate-not-found')
  return { case: current, conclusion, person: await tx.personOf(current.id) }
}

/** What it is called. */
export function certificateTitle(
  line: Line,
  { case: current, conclusion }: Concluded,
  locale: Locale,
): string {
  const result = itemOf(line, current.application!)?.result
  if (conclusion.outcome === 'refused' || !result) return line.content.texts.of(locale, 'certificate.refusal')
  return line.names.text({ zh: result.name, en: result.en }, locale)
}

function present(line: Line, concluded: Concluded, locale: Locale): VerifiedCertificate {
  const { case: current, conclusion, person } = concluded
  const { certificate, outcome, validUntil } = conclusion
  return {
    number: certificate,
    state: stateOf(concluded, localDateOf(line.clock.now())),
    outcome,
    item: itemName(line, current.application!, locale),
    title: certificateTitle(line, concluded, locale),
    holder: maskHolder(person),
    department: line.names.department(leadOf(line, current), locale),
    issuedOn: localDateOf(conclusion.at),
    validUntil,
  }
}

function stateOf({ case: current, conclusion }: Concluded, today: string): VerifiedCertificate['state'] {
  if (current.conclusion?.certificate !== conclusion.certificate) return 'withdrawn'
  return conclusion.validUntil !== null && conclusion.validUntil < today ? 'expired' : 'valid'
}

/** The first letter of a person; of an enterprise the place it begins with and its form at the end. */
function maskHolder(person: Person | null): string {
  const letters = [...(person?.organisation ?? person?.name ?? '')]
  if (!person?.organisation || letters.length <= 6) return `${letters[0] ?? ''}＊＊`
  return `${letters.slice(0, 2).join('')}＊＊${letters.slice(-4).join('')}`
}
