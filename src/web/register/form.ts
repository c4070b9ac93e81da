import type { Draft } from '../../registration/facts.ts'
import { fenOfWan, wanOfFen } from '../../registration/money.ts'

type Role = keyof Draft['roles']

/** What people type, as they type it; the draft is worked out of it. */
export interface Form {
  people: Draft['people']
  tradeName: string
  industry: string
  scope: string[]
  permits: Record<string, string>
  /** 万元. */
  capital: string
  /** 万元 by person; empty: no shareholder. */
  amounts: Record<string, string>
  /** By when all is paid. */
  by: string
  roles: Draft['roles']
  hasNoSupervisor: boolean
  /** Has anybody chosen roles? Until then they follow from who is there. */
  areRolesChosen: boolean
  address: Draft['address']
  signatures: Draft['signatures']
}

const NOBODY: Draft['roles'] = {
  legalRepresentative: '',
  director: '',
  manager: '',
  supervisor: '',
  finance: '',
  contact: '',
}
export const ROLE_NAMES = Object.keys(NOBODY) as Role[]

export function emptyPerson(id: string): Draft['people'][number] {
  return { id, name: '', idNumber: '', address: '', validUntil: '', phone: '' }
}

export function emptyForm(): Form {
  return {
    people: [emptyPerson('p1')],
    tradeName: '',
    industry: '',
    scope: [],
    permits: {},
    capital: '',
    amounts: {},
    by: '',
    roles: { ...NOBODY },
    hasNoSupervisor: false,
    areRolesChosen: false,
    address: { street: '', detail: '', right: '' },
    signatures: {},
  }
}

/** The draft that a form says. What is no amount is nothing yet. */
export function draftOf(form: Form): Draft {
  const capitalFen = fenOfWan(form.capital) ?? 0
  const { roles, hasNoSupervisor } = form.areRolesChosen ? form : usualRoles(form)
  return {
    people: form.people.map(person => ({ ...person, idNumber: person.idNumber.replace(/\s/g, '') })),
    tradeName: form.tradeName,
    industry: form.industry,
    form: '有限公司',
    scope: form.scope,
    permits: form.permits,
    capitalFen,
    shares: sharesOf(form, capitalFen),
    roles,
    hasNoSupervisor,
    address: form.address,
    signatures: form.signatures,
  }
}

/** Whoever is alone puts in everything. */
function sharesOf({ people, amounts, by }: Form, capitalFen: number): Draft['shares'] {
  const [first] = people
  if (people.length === 1 && !amounts[first!.id])
    return capitalFen > 0 ? [{ person: first!.id, fen: capitalFen, by, way: 'money' }] : []
  return people
    .filter(({ id }) => amounts[id])
    .map(({ id }) => ({ person: id, fen: fenOfWan(amounts[id]!) ?? 0, by, way: 'money' as const }))
}

/** The first does everything, the second watches; alone there is nobody to watch. */
export function usualRoles({ people }: Pick<Form, 'people'>): Pick<Draft, 'roles' | 'hasNoSupervisor'> {
  const [first, second] = people
  const roles = { ...NOBODY }
  for (const role of ROLE_NAMES) roles[role] = first?.id ?? ''
  roles.supervisor = second?.id ?? ''
  return { roles, hasNoSupervisor: second === undefined }
}

/** The form of a draft that was kept. */
export function formOf(draft: Draft): Form {
  const amounts: Record<string, string> = {}
  // Whoever is alone puts in the capital, whatever that becomes.
  for (const { person, fen } of draft.people.length > 1 ? draft.shares : []) amounts[person] = wanOfFen(fen)
  const hasRoles = ROLE_NAMES.some(role => draft.roles[role] !== '')
  return {
    people: draft.people.length > 0 ? draft.people : [emptyPerson('p1')],
    tradeName: draft.tradeName,
    industry: draft.industry,
    scope: draft.scope,
    permits: draft.permits,
    capital: draft.capitalFen > 0 ? wanOfFen(draft.capitalFen) : '',
    amounts,
    by: draft.shares[0]?.by ?? '',
    roles: draft.roles,
    hasNoSupervisor: draft.hasNoSupervisor,
    areRolesChosen: hasRoles,
    address: draft.address,
    signatures: draft.signatures,
  }
}
