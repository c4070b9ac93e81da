import { createHash } from 'node:crypto'
import { canonical } from '../cases/case-event.ts'
import { localDateOf } from '../clocks/working-calendar.ts'
import { checkDraft } from '../registration/check-draft.ts'
import { companyName } from '../registration/check-name.ts'
import { signersOf } from '../registration/check-people.ts'
import { findEntries } from '../registration/check-scope.ts'
import type { Draft } from '../registration/facts.ts'
import { fieldsOf } from '../registration/fields.ts'
import { neededTemplates, writePaper } from '../registration/paper.ts'
import type { RegistrationView } from '../registration/told-registration.ts'
import type { Line } from './line.ts'

/**
 * Checks a draft and generates what has changed.
 * @param have stamps of papers that the asker has: those that are still the same are not sent again
 */
export function viewRegistration(line: Line, draft: Draft, have: readonly string[]): RegistrationView {
  const { registration } = line.content
  const { today, version, fields, papers } = writeRegistration(line, draft)
  return {
    version,
    companyName: draft.tradeName === '' ? '' : companyName(draft, registration),
    problems: checkDraft(draft, registration, { today, version }),
    fields,
    papers: papers.filter(({ stamp }) => !have.includes(stamp)),
    stamps: papers.map(({ id, title, stamp }) => ({ id, title, stamp })),
    signers: signersOf(draft).map(({ id, name }) => ({ id, name })),
  }
}

/** Fields and papers of a draft as of today in the city. */
export function writeRegistration(line: Line, draft: Draft) {
  const { registration } = line.content
  const today = localDateOf(line.clock.now())
  const fields = fieldsOf(draft, registration, today)
  const papers = neededTemplates(registration.documents, draft).map(template => {
    const paper = writePaper(template, draft, fields)
    return { ...paper, stamp: stampOf(paper) }
  })
  return { today, version: versionOf(draft), fields, papers }
}

/** Of everything said, without what was drawn below it. */
export function versionOf({ signatures: _drawn, ...facts }: Draft): string {
  return stampOf(facts)
}

const STAMP_LETTERS = 22

function stampOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64url').slice(0, STAMP_LETTERS)
}

/** How many entries are offered for what was said. */
const MOST_ENTRIES = 8

/** Standard entries that everyday words may mean. */
export function findScope({ content }: Line, words: string) {
  return findEntries(words, content.registration).slice(0, MOST_ENTRIES)
}

/** What is there to choose from before anything is said. */
export function registrationChoices({ content, clock }: Line) {
  const { region, streets, scope, contributionYears } = content.registration
  return {
    region,
    streets: [...streets].map(([id, name]) => ({ id, name })),
    scope,
    contributionYears,
    today: localDateOf(clock.now()),
  }
}
