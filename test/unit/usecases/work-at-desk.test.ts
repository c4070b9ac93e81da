import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../../src/kernel/clock.ts'
import type { Account } from '../../../src/usecases/ports.ts'
import { actAtDesk, listDeskCases, showDeskCase } from '../../../src/usecases/work-at-desk.ts'
import { overlay, type TestLine } from '../../support/test-line.ts'
import { accountOf, act, type Desk, fileOne, storedCase, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()
const view = { isPersonAsked: false, locale: 'zh-Hans' as const }
const REPORT = {
  type: 'report',
  subject: 'party-government/cadre-conduct/petty-extortion',
  words: '街道干部吃拿卡要，不给红包就不办事',
}

/** Remembers looks instead of writing them; the account here is not stored. */
function withLooks(line: TestLine): { line: TestLine; looks: string[] } {
  const looks: string[] = []
  const accounts = overlay(line.store.accounts, {
    async recordLook(accountId, caseId) {
      looks.push(`${accountId} ${caseId}`)
    },
  })
  return { line: { ...line, store: overlay(line.store, { accounts }) }, looks }
}

describe('what a case shows', () => {
  test('where it came from, by name', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const shown = async (locale: 'zh-Hans' | 'zh-Hant' | 'en') =>
      (await showDeskCase(desk.line, accountOf('agent'), filed.id, { ...view, locale })).names.channel
    expect(await Promise.all([shown('zh-Hans'), shown('zh-Hant'), shown('en')])).toEqual([
      '网页',
      '網頁',
      'Web page',
    ])
  })

  test('whether the line or a person chose the department, and how its clocks ended', async () => {
    const desk = lines.fresh()
    const { line } = desk
    const { case: filed } = await fileOne(desk)
    const handler = accountOf('handler', filed.dispatch!.lead)
    const look = () => showDeskCase(line, accountOf('arbiter'), filed.id, view)
    const outcome = async (kind: string) => (await look()).clocks.find(clock => clock.kind === kind)?.outcome
    expect((await look()).reasons.isByPerson).toBe(false)
    await act(line, handler, filed.id, 'return', { clause: 'JW-01' }, '不归我们管')
    expect([await outcome('sign'), await outcome('handle')]).toEqual(['superseded', null])
    await act(line, accountOf('arbiter'), filed.id, 'arbitrate', { lead: 'education' }, '按职责')
    expect((await look()).reasons.isByPerson).toBe(true)
    expect(await outcome('arbitration')).toBe('in-time')
  })
})

describe('who sees what', () => {
  test.each<[string, Account, boolean]>([
    ['the lead department', accountOf('handler', 'urban-management'), true],
    ['another department', accountOf('handler', 'education'), false],
    ['a handler without a department', accountOf('handler', null), false],
    ['an agent of the centre', accountOf('agent'), true],
    ['an arbiter', accountOf('arbiter'), true],
    ['a supervisor', accountOf('supervisor'), true],
    ['an administrator', accountOf('admin'), true],
  ])('an ordinary case: %s', async (_, account, isSeen) => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const shown = showDeskCase(desk.line, account, filed.id, view)
    if (isSeen) expect((await shown).case.id).toBe(filed.id)
    else await expect(shown).rejects.toThrow('case-not-found')
  })

  test.each<[string, Account, boolean]>([
    ['the department that may', accountOf('handler', 'discipline-inspection'), true],
    ['an agent', accountOf('agent'), false],
    ['a supervisor', accountOf('supervisor'), true],
    ['another department', accountOf('handler', 'urban-management'), false],
  ])('a confidential case: %s', async (_, account, isSeen) => {
    const desk = lines.fresh()
    const { line, looks } = withLooks(desk.line)
    const { case: filed } = await fileOne(desk, REPORT)
    expect(filed.isConfidential).toBe(true)
    const shown = showDeskCase(line, account, filed.id, view)
    if (isSeen) expect((await shown).case.id).toBe(filed.id)
    else await expect(shown).rejects.toThrow('case-not-found')
    expect(looks).toEqual(isSeen ? [`${account.id} ${filed.id}`] : [])
  })

  describe('a report that belongs to a department which receives no reports itself', () => {
    const WORDS =
      '我叫王秀兰，电话一三八零零一三八零零零，身份证21010219800101123X。人民路3号门口的路灯是施工队偷电弄坏的，我要举报'
    const handler = accountOf('handler', 'urban-management')
    const fileReport = (desk: Desk) => fileOne(desk, { type: 'report', words: WORDS })

    test('is found, opened and worked by the department that is to handle it', async () => {
      const desk = lines.fresh()
      const { line, looks } = withLooks(desk.line)
      const { case: filed } = await fileReport(desk)
      expect([filed.isConfidential, filed.dispatch?.lead]).toEqual([true, 'urban-management'])
      const { rows } = await listDeskCases(line, handler, { sort: 'newest', limit: 100 }, 'zh-Hans')
      expect(rows.map(row => row.id)).toContain(filed.id)
      expect((await showDeskCase(line, handler, filed.id, view)).actions).toContain('sign')
      expect(looks).toEqual([`${handler.id} ${filed.id}`])
      await act(line, handler, filed.id, 'sign')
      expect((await storedCase(line, filed.id)).case.state).toBe('handling')
    })

    test('shows what happened and where, the number to reach the reporter through, and not who they are', async () => {
      const desk = lines.fresh()
      const { line } = withLooks(desk.line)
      const { case: filed, conversation } = await fileReport(desk)
      const shown = await showDeskCase(line, handler, filed.id, view)
      expect(shown.case.words).toMatch(/路灯是施工队偷电弄坏的/)
      expect(shown.case.elements.place).toBe('人民路3号')
      expect(shown.case.number).toBe(filed.number)
      expect(shown.person).toEqual({
        name: null,
        phone: null,
        channel: 'web-chat',
        isMasked: true,
        relay: line.content.city.line.phone,
      })
      const { rows } = await listDeskCases(line, handler, { sort: 'newest', limit: 100 }, 'zh-Hans')
      const all = JSON.stringify([shown, rows])
      for (const told of ['王秀兰', '一三八零零', '13800138000', '21010219800101123', conversation.userId])
        expect(all).not.toContain(told)
    })

    test('its person is not to be had, and nobody else of a department sees it', async () => {
      const desk = lines.fresh()
      const { line, looks } = withLooks(desk.line)
      const { case: filed } = await fileReport(desk)
      const asked = { ...view, isPersonAsked: true }
      await expect(showDeskCase(line, handler, filed.id, asked)).rejects.toThrow('action-forbidden')
      for (const other of [accountOf('handler', 'education'), accountOf('agent')])
        await expect(showDeskCase(line, other, filed.id, view)).rejects.toThrow('case-not-found')
      expect(looks).toEqual([])
    })

    test('who is trusted with reports sees all of it', async () => {
      const desk = lines.fresh()
      const { line } = withLooks(desk.line)
      const { case: filed } = await fileReport(desk)
      const shown = await showDeskCase(line, accountOf('supervisor'), filed.id, {
        ...view,
        isPersonAsked: true,
      })
      expect([shown.case.words, shown.person?.name]).toEqual([WORDS, '王秀兰'])
    })

    test('a department that gives part of the work sees it as the lead does; one that gave it back no more', async () => {
      const desk = lines.fresh()
      const { line } = withLooks(desk.line)
      const { case: filed } = await fileReport(desk)
      await act(line, handler, filed.id, 'return', { clause: 'ZJ-07' }, '不归我们')
      const lead = 'housing-construction'
      await act(
        line,
        accountOf('arbiter'),
        filed.id,
        'arbitrate',
        { lead, coHandlers: ['education'] },
        '裁定',
      )
      await expect(showDeskCase(line, handler, filed.id, view)).rejects.toThrow('case-not-found')
      for (const department of [lead, 'education']) {
        const shown = await showDeskCase(line, accountOf('handler', department), filed.id, view)
        expect(shown.person?.name).toBeNull()
      }
    })
  })

  test('a list holds only the own department and nothing confidential', async () => {
    const desk = lines.fresh()
    const { case: lamp } = await fileOne(desk)
    const { case: report } = await fileOne(desk, REPORT)
    const filter = { sort: 'newest' as const, limit: 100 }
    const idsFor = async (account: Account) =>
      (await listDeskCases(desk.line, account, filter, 'zh-Hans')).rows.map(row => row.id)
    expect(await idsFor(accountOf('agent'))).toContain(lamp.id)
    expect(await idsFor(accountOf('agent'))).not.toContain(report.id)
    expect(await idsFor(accountOf('supervisor'))).toContain(report.id)
    expect(await idsFor(accountOf('handler', 'urban-management'))).toContain(lamp.id)
    expect(await idsFor(accountOf('handler', 'education'))).not.toContain(lamp.id)
    await expect(idsFor(accountOf('handler', null))).rejects.toThrow('action-forbidden')
  })

  test('a list by light goes by the light of now', async () => {
    const desk = lines.fresh()
    const { case: lamp } = await fileOne(desk)
    const account = accountOf('handler', 'urban-management')
    const lightOfLamp = async () => {
      const shown: string[] = []
      for (const light of ['green', 'yellow', 'red'] as const) {
        const filter = { sort: 'newest', limit: 200, light } as const
        const { rows } = await listDeskCases(desk.line, account, filter, 'zh-Hans')
        for (const row of rows) expect(row.light).toBe(light)
        if (rows.some(({ id }) => id === lamp.id)) shown.push(light)
      }
      return shown
    }
    expect(await lightOfLamp()).toEqual(['green'])
    desk.line.clock.set(new Date(lamp.clocks.handle!.dueAt.getTime() - MINUTE))
    expect(await lightOfLamp()).toEqual(['yellow'])
    desk.line.clock.advance(2 * MINUTE)
    expect(await lightOfLamp()).toEqual(['red'])
  })

  test('phone and name are masked until they are asked for, and asking is recorded', async () => {
    const desk = lines.fresh()
    const { line, looks } = withLooks(desk.line)
    const { case: filed } = await fileOne(desk)
    const account = accountOf('handler', 'urban-management')
    const masked = await showDeskCase(line, account, filed.id, view)
    expect(masked.person).toMatchObject({ name: '王＊', phone: '138****00', isMasked: true })
    expect(looks).toEqual([])
    const asked = await showDeskCase(line, account, filed.id, { ...view, isPersonAsked: true })
    expect(asked.person).toMatchObject({ name: '王秀兰', phone: '13800138000', isMasked: false })
    expect(looks).toEqual([`${account.id} ${filed.id}`])
  })
})

describe('acting at the desk', () => {
  const handler = accountOf('handler', 'urban-management')

  test('a return cites a clause of another department, which is then suggested', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const giveBack = (clause: string) => act(desk.line, handler, filed.id, 'return', { clause }, '不归我们')
    await expect(giveBack('CG-02')).rejects.toThrow('action-invalid')
    await expect(giveBack('XX-99')).rejects.toThrow('action-invalid')
    await giveBack('ZJ-07')
    const { case: returned, events } = await storedCase(desk.line, filed.id)
    expect(returned.state).toBe('returned')
    expect(events.at(-1)!.data).toMatchObject({ suggested: 'housing-construction' })
  })

  test('who decided on an older version is told so, and nothing is written', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    await act(desk.line, handler, filed.id, 'sign')
    const stale = { action: 'sign', input: {}, reason: null, expectedVersion: filed.version }
    const { at } = (await storedCase(desk.line, filed.id)).events.at(-1)!
    await expect(actAtDesk(desk.line, handler, filed.id, stale)).rejects.toMatchObject({
      code: 'version-conflict',
      details: {
        version: filed.version + 1,
        state: 'handling',
        changes: [{ type: 'signed', at: at.toISOString(), role: 'handler' }],
      },
    })
    expect((await storedCase(desk.line, filed.id)).case.version).toBe(filed.version + 1)
  })

  test('two handlers at once: one signs, the other is told', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const sign = { action: 'sign', input: {}, reason: null, expectedVersion: filed.version }
    const outcomes = await Promise.allSettled([
      actAtDesk(desk.line, handler, filed.id, sign),
      actAtDesk(desk.line, handler, filed.id, sign),
    ])
    expect(outcomes.map(outcome => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('what is not offered, an unknown department and another department are refused', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    await expect(act(desk.line, handler, filed.id, 'breach')).rejects.toThrow('action-invalid')
    await expect(act(desk.line, handler, filed.id, 'toString')).rejects.toThrow('action-invalid')
    await expect(
      act(desk.line, accountOf('agent'), filed.id, 'add-co-handler', { department: 'moon', task: '看看' }),
    ).rejects.toThrow('department-not-found')
    await expect(act(desk.line, accountOf('handler', 'education'), filed.id, 'sign')).rejects.toThrow(
      'case-not-found',
    )
  })

  test('an administrator may stand in for a role; nobody else may', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const as = { role: 'handler' as const, department: 'urban-management' }
    const sign = { action: 'sign', input: {}, reason: null, expectedVersion: filed.version, as }
    const note = { ...sign, action: 'note', input: { text: '看过' } }
    // An agent may note, but not as somebody else.
    await expect(actAtDesk(desk.line, accountOf('agent'), filed.id, note)).rejects.toThrow('action-forbidden')
    await actAtDesk(desk.line, accountOf('admin'), filed.id, sign)
    const { case: signed, events } = await storedCase(desk.line, filed.id)
    expect(signed.state).toBe('handling')
    expect(events.at(-1)!.actor).toEqual({
      role: 'handler',
      id: 'test-admin',
      department: 'urban-management',
    })
  })

  test('a handler cannot act for another department by naming it', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const as = { role: 'handler' as const, department: 'education' }
    const sign = { action: 'sign', input: {}, reason: null, expectedVersion: filed.version, as }
    await actAtDesk(desk.line, handler, filed.id, sign)
    const { events } = await storedCase(desk.line, filed.id)
    expect(events.at(-1)!.actor.department).toBe('urban-management')
  })
})
