import { createHash } from 'node:crypto'
import { AppError } from '../kernel/errors.ts'
import { CODE_LETTERS, newId } from '../kernel/ids.ts'
import { checkDraft } from '../registration/check-draft.ts'
import { type Draft, personOf } from '../registration/facts.ts'
import type { Fields } from '../registration/told-registration.ts'
import { actOnCase } from './act-on-case.ts'
import { draftSubmission } from './draft-submission.ts'
import { fileCase } from './file-case.ts'
import type { Line } from './line.ts'
import { type Printers, printRegistration } from './print-registration.ts'
import { tryAgainOnConflict } from './try-again.ts'
import { writeRegistration } from './view-registration.ts'

/** What whoever hands in is told once. */
export interface HandedIn {
  number: string
  queryCode: string
}

/** Where the files go, and how they are made. */
export interface HandInParts {
  printers: Printers
  /** @returns its stored name */
  saveFile(bytes: Uint8Array): Promise<string>
}

const CODE_LENGTH = 8
/** The page of residents: where they follow it. */
const CHANNEL = 'web-chat'

/**
 * Files a whole draft with its papers, once for each key: repeated, the answer is the same and nothing is filed twice.
 * @throws AppError `registration-incomplete` with every problem
 */
export async function handInRegistration(
  line: Line,
  draft: Draft,
  key: string,
  parts: HandInParts,
): Promise<HandedIn> {
  const { today, version, fields } = writeRegistration(line, draft)
  const problems = checkDraft(draft, line.content.registration, { today, version })
  const stops = problems.filter(({ weight }) => weight === 'stop')
  if (stops.length > 0)
    throw new AppError('registration-incomplete', { count: stops.length, problems: stops })
  const accountId = `registration/${line.content.city.jurisdiction}`
  const request = createHash('sha256').update(version).digest('hex')
  const queryCode = codeOf(line, `${key} ${version}`)
  return line.lock.run(`${accountId}/${key}`, async () => {
    const known = await line.store.answers.find(accountId, key)
    if (known && known.request !== request) throw new AppError('idempotency-mismatch')
    if (known) return { ...(known.body as Pick<HandedIn, 'number'>), queryCode }
    const files = await printRegistration(line, draft, parts.printers, ['pdf'])
    const attachments = await Promise.all(files.map(({ bytes }) => parts.saveFile(bytes)))
    const kept = { accountId, key, request }
    return { number: await record(line, draft, { fields, attachments, queryCode, kept }), queryCode }
  })
}

interface Filed {
  fields: Fields
  attachments: string[]
  queryCode: string
  kept: { accountId: string; key: string; request: string }
}

async function record(
  line: Line,
  draft: Draft,
  { fields, attachments, queryCode, kept }: Filed,
): Promise<string> {
  const channelUserId = `registration-${newId(line.clock.now(), line.chance)}`
  const actor = { role: 'resident' as const, id: line.pseudonym(CHANNEL, channelUserId) }
  const contact = personOf(draft, draft.roles.contact)!
  const { matter } = draftSubmission(line, {
    words: wordsOf(line, fields),
    subject: line.content.registration.subject,
    type: 'help',
    time: null,
    at: null,
    street: { id: draft.address.street, field: 'address.street' },
    address: [draft.address.detail],
  })
  const filed = await tryAgainOnConflict(line, () =>
    line.store.transact(async tx => {
      const { case: current } = await fileCase(line, tx, {
        draft: matter,
        person: { name: contact.name, phone: contact.phone, channel: CHANNEL, channelUserId },
        actor,
        conversationId: null,
        family: null,
        service: null,
        queryCode,
      })
      const input = { text: line.content.texts.of('zh-Hans', 'registration.files'), attachments }
      const done = actOnCase(line, tx, current, { action: 'add-information', actor, input })
      tx.keepAnswer({ ...kept, body: { number: current.number }, at: line.clock.now() })
      return done.case
    }),
  )
  line.bus.publish([{ topic: 'case', caseId: filed.id, version: filed.version }])
  return filed.number
}

/** What stands on the licence stands in the case; who the people are stands only in its files. */
function wordsOf({ content }: Line, fields: Fields): string {
  const value = (name: string) => fields[name]?.value ?? ''
  return content.texts.of('zh-Hans', 'registration.filed', {
    name: value('companyName'),
    capital: value('capital'),
    scope: value('scope'),
  })
}

/** The secret of a case that is told the same again when the request is repeated. */
function codeOf(line: Line, about: string): string {
  const letters = [...line.pseudonym('registration-code', about)].slice(0, CODE_LENGTH)
  return letters.map(letter => CODE_LETTERS[letter.charCodeAt(0) % CODE_LETTERS.length]).join('')
}
