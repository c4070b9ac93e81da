import { describe, expect, test } from 'vitest'
import { STATES } from '../../../src/cases/case-state.ts'
import { HOUR, MINUTE } from '../../../src/kernel/clock.ts'
import { LOCALES } from '../../../src/language/understanding.ts'
import { filePublicRequest, type PublicSubmission } from '../../../src/usecases/file-public-request.ts'
import { publicRequests } from '../../../src/usecases/public-requests.ts'
import { serviceCodeOf, subjectOfService } from '../../../src/usecases/public-services.ts'
import { FIELD_PROBLEMS } from '../../../src/usecases/refuse-field.ts'
import type { TestLine } from '../../support/test-line.ts'
import {
  accountOf,
  act,
  type Desk,
  fileOne,
  joinOne,
  storedCase,
  useTestLine,
} from '../../support/use-test-line.ts'

const lines = useTestLine()

const LIGHT = 'urban-construction_municipal-facilities_street-light'
const submission = (changes: Partial<PublicSubmission> = {}): PublicSubmission => ({
  client: 'app',
  serviceCode: LIGHT,
  attributes: {},
  at: null,
  address: '人民路3号',
  addressId: null,
  description: '路灯不亮了',
  personName: null,
  phone: null,
  account: null,
  device: null,
  mediaUrl: null,
  ...changes,
})
const everything = {
  ids: null,
  serviceCodes: null,
  status: null,
  from: null,
  to: null,
  page: 1,
  pageSize: 1000,
}
const list = (line: TestLine) => publicRequests(line).list(everything, 'zh-Hans')
const numbers = async (line: TestLine) => (await list(line)).map(({ id }) => id)

/** What nobody may learn of, in lists, by number, in updates. */
async function expectHidden(line: TestLine, number: string) {
  const open = publicRequests(line)
  const onlyIt = { ...everything, ids: [number] }
  expect(await numbers(line)).not.toContain(number)
  expect(await open.list(onlyIt, 'zh-Hans')).toEqual([])
  expect(await open.updates(onlyIt, 'zh-Hans')).toEqual([])
  await expect(open.show(number, { client: null, locale: 'zh-Hans' })).rejects.toMatchObject({
    code: 'case-not-found',
  })
}

describe('what the public never learns of', () => {
  test.each<[what: string, file: (desk: Desk) => Promise<string>]>([
    ['a report', async desk => (await fileOne(desk, { type: 'report' })).case.number],
    [
      'what was told in confidence',
      async desk => (await fileOne(desk, { words: '路灯不亮了，别透露是我说的' })).case.number,
    ],
    ['a danger', async desk => (await fileOne(desk, {}, 'fire')).case.number],
    [
      'what its teller took back',
      async desk => {
        const { case: filed } = await fileOne(desk)
        await act(desk.line, accountOf('agent'), filed.id, 'withdraw')
        return filed.number
      },
    ],
    [
      'what turned out to be a report',
      async desk => {
        const { case: filed } = await fileOne(desk)
        await act(desk.line, accountOf('agent'), filed.id, 'correct', { type: 'report' })
        return filed.number
      },
    ],
  ])('%s', async (_what, file) => {
    const desk = lines.fresh()
    const { case: seen } = await fileOne(desk)
    const number = await file(desk)
    expect(await numbers(desk.line)).toEqual([seen.number])
    await expectHidden(desk.line, number)
  })

  test('how many reports there are: their service lists nothing, not what has no subject either', async () => {
    const desk = lines.fresh()
    const { case: unsure } = await fileOne(desk, { subject: null, subjectCandidates: [] })
    await fileOne(desk, { type: 'report' })
    const of = async (...serviceCodes: string[]) => {
      const shown = await publicRequests(desk.line).list({ ...everything, serviceCodes }, 'zh-Hans')
      return shown.map(({ id, serviceCode }) => [id, serviceCode])
    }
    expect(await of('report')).toEqual([])
    expect(await of('other')).toEqual([[unsure.number, 'other']])
    expect(await of('report', 'other')).toEqual([[unsure.number, 'other']])
  })

  test('whatever another city has', async () => {
    const [here, there] = [lines.fresh(), lines.fresh()]
    const { case: filed } = await fileOne(there)
    await expectHidden(here.line, filed.number)
  })

  test('the words, the name, the phone, the flat and the query code', async () => {
    const desk = lines.fresh()
    const words = '锦绣花园3栋2单元501的王大力把路灯砸了，我是李梅，电话13900139000'
    const { case: filed } = await fileOne(desk, { words, place: '锦绣花园3栋2单元501王大力家' })
    const open = publicRequests(desk.line)
    for (const locale of LOCALES) {
      const told = JSON.stringify([
        await open.list(everything, locale),
        await open.updates(everything, locale),
        await open.show(filed.number, { client: null, locale }),
      ])
      expect(told).toContain(filed.number)
      expect(told).not.toMatch(/王大力|李梅|王秀兰|139001|138001|501|2单元|砸/)
      expect(told).not.toContain(desk.record.queryCodes.get(filed.id)!)
    }
  })
})

describe('where it is', () => {
  const place = {
    place: '锦绣花园3栋2单元501',
    street: 'lishi',
    at: [123.757123, 41.822456] as [number, number],
  }

  test('what lies outside everybody’s door: the spot, to a hundred metres', async () => {
    const desk = lines.fresh()
    await fileOne(desk, place)
    const [shown] = await list(desk.line)
    expect(shown).toMatchObject({ address: '李石街道锦绣花园', addressId: 'lishi', at: [123.757, 41.822] })
  })

  test('what concerns a building: the building', async () => {
    const desk = lines.fresh()
    await fileOne(desk, { ...place, subject: 'urban-construction/property-service/elevator' })
    const [shown] = await list(desk.line)
    expect(shown!.address).toBe('李石街道锦绣花园3号楼')
  })

  test('what concerns one person: the street and its middle', async () => {
    const desk = lines.fresh()
    await fileOne(desk, { ...place, subject: 'civil-affairs/social-assistance/minimum-living' })
    const [shown] = await list(desk.line)
    expect(shown).toMatchObject({ address: '李石街道', addressId: 'lishi', at: [123.76, 41.82] })
  })

  test('where the street is not known either: nothing', async () => {
    const desk = lines.fresh()
    await fileOne(desk, { place: '王大力家门口', subject: 'civil-affairs/social-assistance/minimum-living' })
    expect((await list(desk.line))[0]).toMatchObject({ address: null, addressId: null, at: null })
  })

  test('when the place was put right, the old point is not shown', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk, place)
    await act(desk.line, accountOf('agent'), filed.id, 'correct', { place: '和平路8号' })
    const [shown] = await list(desk.line)
    expect(shown).toMatchObject({ address: '李石街道和平路8号', at: [123.76, 41.82] })
  })
})

describe('the program that filed it', () => {
  test('gets back what it sent; another program does not', async () => {
    const { line } = lines.fresh()
    const at: [number, number] = [123.757123, 41.822456]
    const { id } = await filePublicRequest(line, submission({ at, phone: '13800138000' }), 'zh-Hans')
    const show = (client: string | null) => publicRequests(line).show(id!, { client, locale: 'zh-Hans' })
    expect(await show('app')).toMatchObject({ description: '路灯不亮了', address: '人民路3号', at })
    expect(JSON.stringify(await show('app'))).not.toContain('13800138000')
    for (const other of ['other', 'ap', null])
      expect(await show(other)).toMatchObject({
        description: '求助：城乡建设 / 市政设施 / 路灯',
        at: [123.757, 41.822],
      })
  })

  test('sees its emergencies and what was told in confidence, never a report', async () => {
    const { line, record } = lines.fresh()
    const show = (id: string) => publicRequests(line).show(id, { client: 'app', locale: 'zh-Hans' })
    const danger = await filePublicRequest(line, submission({ description: '楼里着火了' }), 'zh-Hans')
    expect(await show(danger.id!)).toMatchObject({ isOpen: true, description: '楼里着火了' })
    await expectHidden(line, danger.id!)
    const report = await filePublicRequest(line, submission({ serviceCode: 'report' }), 'zh-Hans')
    expect([report.id, report.notice]).toEqual([null, '举报已受理，严格保密，不在本接口公开。'])
    const { case: filed } = await storedCase(line, record.caseIds.at(-1)!)
    expect(filed).toMatchObject({ type: 'report', isConfidential: true })
    await expect(show(filed.number)).rejects.toMatchObject({ code: 'case-not-found' })
    await expect(publicRequests(line).resolveToken(filed.id)).rejects.toMatchObject({
      code: 'case-not-found',
    })
  })

  test('sees nothing of what residents told the line themselves', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const shown = await publicRequests(desk.line).show(filed.number, { client: 'app', locale: 'zh-Hans' })
    expect(shown.description).not.toContain('不亮')
    await expect(publicRequests(desk.line).resolveToken(filed.id)).rejects.toMatchObject({
      code: 'case-not-found',
    })
  })
})

describe('sent again', () => {
  test('within an hour it is the same case, however many come at once', async () => {
    const { line, record } = lines.fresh()
    const one = submission({ device: 'phone-1' })
    const answers = await Promise.all([1, 2, 3, 4].map(() => filePublicRequest(line, one, 'zh-Hans')))
    line.clock.advance(HOUR - MINUTE)
    answers.push(await filePublicRequest(line, one, 'zh-Hans'))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(record.caseIds).toHaveLength(1)
  })

  test.each<[what: string, changes: Partial<PublicSubmission>]>([
    ['from another device', { device: 'phone-2' }],
    ['by another program', { client: 'other' }],
    ['in other words', { description: '路灯还是不亮' }],
    ['of another place', { address: '建设路5号' }],
  ])('%s it is another', async (_what, changes) => {
    const { line, record } = lines.fresh()
    const one = submission({ device: 'phone-1' })
    await filePublicRequest(line, one, 'zh-Hans')
    await filePublicRequest(line, { ...one, ...changes }, 'zh-Hans')
    expect(record.caseIds).toHaveLength(2)
  })

  test('an hour later it is told anew', async () => {
    const { line, record } = lines.fresh()
    await filePublicRequest(line, submission(), 'zh-Hans')
    line.clock.advance(HOUR + MINUTE)
    await filePublicRequest(line, submission(), 'zh-Hans')
    expect(record.caseIds).toHaveLength(2)
  })

  test('people without account and device are not one person', async () => {
    const { line, record } = lines.fresh()
    for (const description of ['路灯不亮了', '路灯一闪一闪'])
      await filePublicRequest(line, submission({ description }), 'zh-Hans')
    const people = await line.store.transact(tx => Promise.all(record.caseIds.map(id => tx.personOf(id))))
    expect(new Set(people.map(person => person!.channelUserId)).size).toBe(2)
  })
})

describe('danger', () => {
  test('that is named is filed as an emergency, and the notice says whom to call', async () => {
    const { line, record } = lines.fresh()
    const { notice } = await filePublicRequest(line, submission({ description: '楼里着火了' }), 'en')
    expect(notice).toMatch(/call 119 \(fire\) now.*answers by/)
    const { case: filed } = await storedCase(line, record.caseIds[0]!)
    expect(filed).toMatchObject({
      isEmergency: true,
      dispatch: { reason: { by: 'danger', service: 'fire' } },
    })
  })

  test('that is only sensed gets the number, and sends nobody', async () => {
    const { line, record } = lines.fresh()
    const dangers = [{ kind: 'missing-person', service: 'police', cue: '没找着', isSensed: true }]
    const sensing: TestLine = {
      ...line,
      understander: { understand: (text, at) => ({ ...line.understander.understand(text, at), dangers }) },
    }
    const { notice } = await filePublicRequest(sensing, submission(), 'zh-Hans')
    expect(notice).toMatch(/请立即拨打110.*答复/)
    const { case: filed } = await storedCase(line, record.caseIds[0]!)
    expect(filed).toMatchObject({ isEmergency: false, subject: subjectOfService(line, LIGHT) })
  })
})

describe('what is left open', () => {
  test('the subject is read from the words, and without words from the service', async () => {
    const { line, record } = lines.fresh()
    await filePublicRequest(
      line,
      submission({ serviceCode: 'other', description: '小区停暖气了，屋里冷' }),
      'en',
    )
    await filePublicRequest(line, submission({ description: null }), 'en')
    const [read, chosen] = await Promise.all(record.caseIds.map(id => storedCase(line, id)))
    expect(read!.case.subject).toMatch(/^urban-construction\/utilities\/heating/)
    expect(chosen!.case).toMatchObject({ words: '路灯：人民路3号', subject: subjectOfService(line, LIGHT) })
  })

  test('several matters in one request stay one case, which a person reads', async () => {
    const { line, record } = lines.fresh()
    const description = '人民路3号半夜施工太吵了，楼道灯也坏了'
    await filePublicRequest(line, submission({ serviceCode: 'other', description }), 'zh-Hans')
    expect(record.caseIds).toHaveLength(1)
    const { case: filed } = await storedCase(line, record.caseIds[0]!)
    expect([filed.words, filed.subject, filed.dispatch]).toEqual([description, null, null])
  })

  test('a point alone lies in the street of what is nearest', async () => {
    const { line, record } = lines.fresh()
    await filePublicRequest(line, submission({ address: null, at: [123.7901, 41.7502] }), 'zh-Hans')
    const { case: filed } = await storedCase(line, record.caseIds[0]!)
    expect(filed.elements).toMatchObject({ street: 'lagu', place: '拉古街道 41.75020, 123.79010' })
  })

  test('a place in the words serves when only a point is sent', async () => {
    const { line, record } = lines.fresh()
    const told = submission({ address: null, at: [123.757, 41.822], description: '人民路3号路灯不亮了' })
    await filePublicRequest(line, told, 'zh-Hans')
    const { case: filed } = await storedCase(line, record.caseIds[0]!)
    expect(filed.elements).toMatchObject({ place: '人民路3号', at: [123.757, 41.822] })
  })
})

test('who joined others shows what is handled with theirs and promises nothing of its own', async () => {
  const desk = lines.fresh()
  const { case: first } = await fileOne(desk)
  const joined = await joinOne(desk, first.id)
  const shown = (await list(desk.line)).find(({ id }) => id === joined.number)!
  expect(shown).toMatchObject({ isOpen: true, agency: null, notice: null, expectedAt: null })
  expect(shown.statusNotes).toBe('与他人反映的同一件事一并办理。')
})

test('a list shows each case as it is now, though it remembers what it showed', async () => {
  const desk = lines.fresh()
  const { case: filed } = await fileOne(desk)
  const open = publicRequests(desk.line)
  const notes = async () => (await open.list(everything, 'en')).map(({ statusNotes }) => statusNotes)
  expect(await notes()).toEqual(['Sent to the department, to be signed for.'])
  desk.line.clock.advance(MINUTE)
  await act(desk.line, accountOf('handler', 'urban-management'), filed.id, 'sign')
  expect(await notes()).toEqual(['Being worked on.'])
  expect((await open.list(everything, 'zh-Hans'))[0]!.statusNotes).toBe('正在办理。')
})

test('every subject has a code that leads back to it', () => {
  const { line } = lines.fresh()
  for (const { id } of line.content.subjects.leaves)
    expect(subjectOfService(line, serviceCodeOf(id))).toBe(id)
  expect(subjectOfService(line, serviceCodeOf(null))).toBeNull()
  expect(subjectOfService(line, 'urban-construction_no-such')).toBeUndefined()
})

test('there are words for every state and every problem, in every language', () => {
  const { texts } = lines.fresh().line.content
  const keys = [
    ...STATES.map(state => `open311.status.${state}`),
    ...FIELD_PROBLEMS.map(problem => `open311.error.${problem}`),
  ]
  expect(LOCALES.flatMap(locale => keys.filter(key => !texts.has(locale, key)))).toEqual([])
})
