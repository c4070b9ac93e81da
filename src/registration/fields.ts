import { companyName } from './check-name.ts'
import { scopeText } from './check-scope.ts'
import { chineseDate } from './chinese-date.ts'
import { type Draft, type Holder, personOf, ROLES, shareholdersOf } from './facts.ts'
import { amountInWords, wanOfFen } from './money.ts'
import { basisPoints, percentText } from './percent.ts'
import type { Registry } from './rules.ts'
import type { Field, Fields } from './told-registration.ts'

const RIGHTS = { own: '自有', rented: '租赁', lent: '无偿使用', '': '' }
const WAYS = { money: '货币', other: '非货币财产' }

/** Every value of every paper with its source: the whole of what is generated, before any layout. */
export function fieldsOf(draft: Draft, registry: Registry, today: string): Fields {
  return {
    ...nameFields(draft, registry),
    ...moneyFields(draft),
    ...roleFields(draft),
    ...shareholderFields(draft),
    authority: { value: registry.authority, source: { is: 'content', from: ['authority'] } },
    today: { value: chineseDate(today), source: { is: 'clock', from: [] } },
  }
}

function nameFields(draft: Draft, registry: Registry): Fields {
  const { street, detail, right } = draft.address
  const streetName = registry.streets.get(street) ?? ''
  const hasName = draft.tradeName !== ''
  const hasPlace = streetName !== '' && detail !== ''
  return {
    companyName: {
      value: hasName ? companyName(draft, registry) : '',
      source: { is: 'computed', from: ['region', 'tradeName', 'industry', 'form'] },
    },
    tradeName: answer(draft.tradeName, 'tradeName'),
    scope: { value: scopeText(draft, registry), source: { is: 'computed', from: ['scope', 'scopeNote'] } },
    address: {
      value: hasPlace ? `${registry.region}${streetName}${detail}` : '',
      source: { is: 'computed', from: ['region', 'address.street', 'address.detail'] },
    },
    addressRight: answer(RIGHTS[right], 'address.right'),
  }
}

function moneyFields({ capitalFen, shares }: Draft): Fields {
  const whole = capitalFen > 0
  return {
    capital: answer(whole ? `${wanOfFen(capitalFen)}万元` : '', 'capital'),
    capitalInWords: {
      value: whole ? `人民币${amountInWords(capitalFen)}` : '',
      source: { is: 'computed', from: ['capital'] },
    },
    shareholderCount: {
      value: String(shares.length),
      source: { is: 'computed', from: ['shares'] },
    },
  }
}

function roleFields(draft: Draft): Fields {
  const entries = ROLES.flatMap(role => {
    const person = personOf(draft, draft.roles[role])
    const from = [`roles.${role}`, ...(person ? [`people.${person.id}.name`] : [])]
    return [
      [role, { value: person?.name ?? '', source: { is: 'computed', from } }],
      [`${role}IdNumber`, ofCard(person, 'idNumber')],
      [`${role}Address`, ofCard(person, 'address')],
      [`${role}Phone`, answer(person?.phone ?? '', `people.${person?.id ?? ''}.phone`)],
    ] as [string, Field][]
  })
  return Object.fromEntries(entries)
}

function shareholderFields(draft: Draft): Fields {
  const holders = shareholdersOf(draft)
  const points = basisPoints(holders.map(({ share }) => share.fen))
  const entries = holders.flatMap(({ share, person }, i) => {
    const path = `shares.${person.id}`
    const parts: Record<string, Field> = {
      name: ofCard(person, 'name'),
      idNumber: ofCard(person, 'idNumber'),
      address: ofCard(person, 'address'),
      amount: answer(share.fen > 0 ? `${wanOfFen(share.fen)}万元` : '', path),
      percent: {
        value: percentText(points[i]!),
        source: { is: 'computed', from: draft.shares.map(each => `shares.${each.person}`) },
      },
      by: answer(share.by === '' ? '' : `${chineseDate(share.by)}前`, `${path}.by`),
      way: answer(WAYS[share.way], `${path}.way`),
    }
    return Object.entries(parts).map(([key, field]) => [`shareholders.${i}.${key}`, field] as const)
  })
  return Object.fromEntries(entries)
}

function ofCard(person: Holder | undefined, part: 'name' | 'idNumber' | 'address'): Field {
  const value = person?.[part] ?? ''
  return {
    value: part === 'idNumber' ? value.toUpperCase() : value,
    source: { is: 'card', from: person ? [`people.${person.id}.${part}`] : [] },
  }
}

function answer(value: string, path: string): Field {
  return { value, source: { is: 'answer', from: [path] } }
}
