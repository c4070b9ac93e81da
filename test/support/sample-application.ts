import type { HandedIn } from '../../src/guidance/check-application.ts'
import { applyOnPage } from '../../src/usecases/apply-on-page.ts'
import type { KeptFiles } from '../../src/usecases/kept-files.ts'
import type { Account } from '../../src/usecases/ports.ts'
import type { TestLine } from './test-line.ts'

/** Files that are there when their name says so. */
export const keptFiles: KeptFiles = {
  save: async () => 'kept.jpg',
  read: async name => (name.startsWith('kept') ? new Uint8Array([1]) : null),
}

/** Everything for selling fireworks; the identity number is the one that the standard gives as its example. */
export function fireworks(changes: Partial<HandedIn> = {}): HandedIn {
  return {
    applicant: 'person',
    answers: {},
    documents: ['id-card', 'premises-proof', 'safety-plan'].map(document => ({
      document,
      files: ['kept-a.jpg'],
      isPromised: false,
    })),
    amounts: {},
    name: '王秀兰',
    phone: '138 0013 8000',
    identityNumber: '11010519491231002X',
    organisation: '',
    creditCode: '',
    ...changes,
  }
}

/** A large restaurant of an enterprise; the lease is promised. */
export function restaurant(changes: Partial<HandedIn> = {}): HandedIn {
  return fireworks({
    applicant: 'enterprise',
    answers: { trade: 'meals', place: 'rent', licence: 'yes' },
    documents: [
      { document: 'id-card', files: ['kept-a.jpg'], isPromised: false },
      { document: 'lease', files: [], isPromised: true },
      { document: 'equipment-layout', files: ['kept-b.pdf'], isPromised: false },
      { document: 'food-rules', files: ['kept-c.pdf'], isPromised: false },
    ],
    amounts: { 'floor-area': 3200.5 },
    identityNumber: '',
    organisation: '沈抚示范区好味道餐饮有限公司',
    creditCode: '91350100M000100Y43',
    ...changes,
  })
}

let drafts = 0

/** Applied for on the page, as stored. */
export async function applyFor(line: TestLine, item: string, given: HandedIn, place: string | null = null) {
  const draft = `draft-of-a-test-${drafts++}`
  return applyOnPage(line, { item, given, place, draft, locale: 'zh-Hans' }, keptFiles)
}

/** Somebody of a department with posts; not stored. */
export function holder(department: string, ...posts: string[]): Account {
  return {
    id: `00000000-0000-7000-8000-${String(posts.join().length).padStart(12, '0')}`,
    login: `${posts[0] ?? 'nobody'}-of-${department}`,
    displayName: posts.join(),
    role: 'handler',
    department,
    posts,
  }
}
