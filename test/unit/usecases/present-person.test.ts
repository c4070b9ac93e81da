import { expect, test } from 'vitest'
import { presentPerson } from '../../../src/usecases/present-person.ts'

const person = { name: '王工', phone: '13800138000', channel: 'enterprise', channelUserId: '1' }

test('a company is named, whom to ask there is masked until it is asked for', () => {
  const ofCompany = { ...person, organisation: '沈抚机床有限公司' }
  expect(presentPerson(ofCompany, false)).toMatchObject({
    name: '沈抚机床有限公司 · 王＊',
    phone: '138****00',
    isMasked: true,
  })
  expect(presentPerson({ ...ofCompany, name: null }, false)?.name).toBe('沈抚机床有限公司')
  expect(presentPerson(ofCompany, true)?.name).toBe('沈抚机床有限公司 · 王工')
  expect(presentPerson(person, false)?.name).toBe('王＊')
  expect(presentPerson({ ...person, name: null }, false)?.name).toBeNull()
})
