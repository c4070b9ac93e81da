import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/kernel/errors.ts'
import { applyOnPage } from '../../../src/usecases/apply-on-page.ts'
import { certificateCode, concludedOf, verifyCertificate } from '../../../src/usecases/certificate.ts'
import { lookUpCase } from '../../../src/usecases/look-up-case.ts'
import { openApplicationFile } from '../../../src/usecases/open-application-file.ts'
import { listDeskCases, showDeskCase } from '../../../src/usecases/work-at-desk.ts'
import { applyFor, fireworks, holder, keptFiles, restaurant } from '../../support/sample-application.ts'
import type { TestLine } from '../../support/test-line.ts'
import { accountOf, act, storedCase, useTestLine } from '../../support/use-test-line.ts'

const home = useTestLine()
const clerk = holder('emergency-management', 'clerk')
const inspector = holder('emergency-management', 'inspector')
const approver = holder('emergency-management', 'approver')

/** What was refused, with its details. */
async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  )
  if (!(error instanceof AppError)) throw new Error(`not refused: ${error}`)
  return error
}

const list = { sort: 'due', limit: 50 } as const

/** The same line, where fireworks are looked at by another department. */
function withVisitBy(line: TestLine, department: string): TestLine {
  const { content } = line
  const { items, authority } = content
  const visited = items.map(item =>
    item.id === 'fireworks-retail'
      ? { ...item, steps: item.steps.map(step => (step.act === 'visit' ? { ...step, department } : step)) }
      : item,
  )
  const grant = {
    department,
    post: 'inspector',
    acts: ['visit' as const],
    items: ['fireworks-retail'],
    upTo: {},
    basis: '示例',
  }
  const grants = [...authority.grants, grant]
  return { ...line, content: { ...content, items: visited, authority: { ...authority, grants } } }
}

async function idOf(line: TestLine, number: string): Promise<string> {
  return (await line.store.transact(tx => tx.caseByNumber(number)))!.case.id
}

/** Signed, accepted and looked at: the decision is due. */
async function atDecision(line: TestLine): Promise<{ id: string; number: string; queryCode: string }> {
  const { card } = await applyFor(line, 'fireworks-retail', fireworks(), '人民路3号')
  const id = await idOf(line, card.number)
  await act(line, clerk, id, 'sign')
  await act(line, clerk, id, 'pass-step', { step: 0 })
  await act(line, inspector, id, 'pass-step', { step: 1, text: '通道畅通' })
  return { id, number: card.number, queryCode: card.queryCode! }
}

describe('applying for an item', () => {
  it('everything that is missing or wrong is told at once, by name', async () => {
    const { line } = home.fresh()
    const given = fireworks({ documents: [], phone: '12', identityNumber: '110105194912310021' })
    const error = await refusal(applyFor(line, 'fireworks-retail', given))
    expect(error.code).toBe('application-incomplete')
    expect(error.details.count).toBe(5)
    for (const name of ['身份证', '经营场所证明', '手机号', '身份证号'])
      expect.soft(error.details.list).toContain(`“${name}”`)
    // What can be looked up, and what the line makes itself, is not asked for.
    expect(error.details.list).not.toContain('申请表')
    const fields = (error.details.problems as { field: string }[]).map(({ field }) => field)
    expect(fields).toEqual([
      'documents.id-card',
      'documents.premises-proof',
      'documents.safety-plan',
      'identityNumber',
      'phone',
    ])
  })

  it('a file that is gone is named; whoever may not apply is told why and what else', async () => {
    const { line } = home.fresh()
    const gone = fireworks()
    gone.documents = [{ ...gone.documents[0]!, files: ['lost.jpg'] }, ...gone.documents.slice(1)]
    const { details } = await refusal(applyFor(line, 'fireworks-retail', gone))
    expect(details.problems).toMatchObject([{ field: 'documents.id-card', because: 'file-gone' }])
    const packed = fireworks({ answers: { trade: 'packed', licence: 'yes' }, documents: [] })
    const stopped = await refusal(applyFor(line, 'food-business', packed))
    expect(stopped).toMatchObject({ code: 'application-stopped', details: { see: 'packed-food-record' } })
  })

  it('goes to the department of its item at once, with number, code, promise and steps', async () => {
    const { line } = home.fresh()
    const { card } = await applyFor(line, 'fireworks-retail', fireworks())
    expect(card).toMatchObject({ department: 'emergency-management', title: '烟花爆竹零售许可' })
    expect(card.queryCode).toMatch(/^[2-9A-Z]{8}$/)
    expect(card.dueText).not.toBe('')
    expect(card.stages.map(({ name, state }) => [name, state])).toEqual([
      ['提交申请', 'done'],
      ['受理', 'now'],
      ['现场核查', 'ahead'],
      ['决定', 'ahead'],
      ['制证发证', 'ahead'],
      ['办结', 'ahead'],
    ])
    const { case: filed } = await storedCase(line, await idOf(line, card.number))
    expect(filed).toMatchObject({ type: 'application', state: 'dispatched' })
    expect(filed.dispatch!.reason).toEqual({ by: 'item', item: 'fireworks-retail' })
  })

  it('nobody else learns of it where requests are public', async () => {
    const { line } = home.fresh()
    await applyFor(line, 'fireworks-retail', fireworks())
    const { jurisdiction } = line.content.city
    expect(await line.store.publicCases.list({ jurisdiction, limit: 10, offset: 0 })).toEqual([])
  })

  it('a draft that is sent again is the same application with the same code', async () => {
    const { line, record } = home.fresh()
    const request = {
      item: 'fireworks-retail',
      given: fireworks(),
      place: null,
      draft: 'sent-again-and-again',
      locale: 'zh-Hans' as const,
    }
    const send = () => applyOnPage(line, request, keptFiles)
    const all = await Promise.all([send(), send(), send()])
    expect(new Set(all.map(({ card }) => `${card.number} ${card.queryCode}`)).size).toBe(1)
    expect(record.caseIds).toHaveLength(1)
  })
})

describe('approval', () => {
  it('who has no authority is told why and who has', async () => {
    const { line } = home.fresh()
    const { id } = await atDecision(line)
    const approve = { outcome: 'approved', text: '符合条件' }
    const error = await refusal(act(line, clerk, id, 'decide-application', approve))
    expect(error.code).toBe('no-authority')
    expect(error.details).toEqual({
      because: '您的岗位没有办“烟花爆竹零售许可”的“决定”这个权限。',
      who: '有权办的是：应急管理局的首席审批员、应急管理局的分管负责人。',
    })
    const view = await showDeskCase(line, approver, id, { isPersonAsked: false, locale: 'zh-Hans' })
    expect(view.application!.now).toMatchObject({ isOwn: true, isDecision: true })
    await act(line, approver, id, 'decide-application', approve)
    const { case: decided, events } = await storedCase(line, id)
    expect(decided.decision).toMatchObject({ by: approver.login, post: 'approver' })
    expect(events.at(-1)!.data).toMatchObject({ basis: '沈抚示范区权责清单（示例）' })
  })

  it('a limit of the authority is told with the amount; whoever is above it decides', async () => {
    const { line } = home.fresh()
    const { card } = await applyFor(line, 'food-business', restaurant())
    const id = await idOf(line, card.number)
    const of = (post: string) => holder('market-supervision', post)
    await act(line, of('clerk'), id, 'sign')
    await act(line, of('clerk'), id, 'pass-step')
    await act(line, of('inspector'), id, 'pass-step')
    const approve = { outcome: 'approved', text: '符合条件' }
    const { details } = await refusal(act(line, of('approver'), id, 'decide-application', approve))
    expect(details).toEqual({
      because:
        '您的岗位办“食品经营许可”的“决定”，只到经营面积 3000 平方米为止；这一件是经营面积 3200.5 平方米。',
      who: '有权办的是：市场监督管理局的分管负责人。',
    })
    await act(line, of('head'), id, 'decide-application', approve)
  })

  it('approved, it ends with its last step: a certificate with a number, a code and an end', async () => {
    const { line, record } = home.fresh()
    const { id, number, queryCode } = await atDecision(line)
    await act(line, approver, id, 'decide-application', { outcome: 'approved', text: '符合条件' })
    await act(line, clerk, id, 'pass-step', {})
    const { case: ended } = await storedCase(line, id)
    expect(ended).toMatchObject({ state: 'replied', conclusion: { certificate: `SF-0168-${number}` } })
    // One year from 24 November 2026, the last day included.
    expect(ended.conclusion!.validUntil).toBe('2027-11-23')
    expect(record.jobs.filter(({ data }) => data.event === 'concluded').map(({ name }) => name)).toContain(
      'notify-resident',
    )
    const { card, history } = await lookUpCase(line, { number, queryCode, locale: 'zh-Hans' })
    expect(card).toMatchObject({ certificate: { outcome: 'approved' }, statusText: '已批准。符合条件' })
    expect(history.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['受理办完了', '现场核查办完了', '决定：批准 · 符合条件', '制证发证办完了']),
    )
    // What an inspector noted is the offices' business.
    expect(JSON.stringify(history)).not.toContain('通道畅通')
  })

  it('the certificate is verified by number and code, its holder masked; later it is expired', async () => {
    const { line } = home.fresh()
    const { id } = await atDecision(line)
    await act(line, approver, id, 'decide-application', { outcome: 'approved', text: '符合条件' })
    await act(line, clerk, id, 'pass-step', {})
    const { case: ended } = await storedCase(line, id)
    const number = ended.conclusion!.certificate
    const code = certificateCode(line, number)
    const verify = (given: { number: string; code: string }) => verifyCertificate(line, given, 'zh-Hans')
    const known = await verify({ number: number.toLowerCase(), code: ` ${code.toLowerCase()} ` })
    expect(known).toEqual({
      number,
      state: 'valid',
      outcome: 'approved',
      item: '烟花爆竹零售许可',
      title: '烟花爆竹零售许可证',
      holder: '王＊＊',
      department: '应急管理局',
      issuedOn: '2026-11-24',
      validUntil: '2027-11-23',
    })
    for (const wrong of [`${code.slice(0, -1)}?`, '', certificateCode(line, `${number}-2`)])
      expect((await refusal(verify({ number, code: wrong }))).code).toBe('certificate-not-found')
    line.clock.set('2027-11-23T12:00:00Z')
    expect((await verify({ number, code })).state).toBe('valid')
    line.clock.set('2027-11-23T17:00:00Z')
    expect((await verify({ number, code })).state).toBe('expired')
  })

  it('refused, it ends at once, with its reason and the way to appeal', async () => {
    const { line } = home.fresh()
    const { id, number, queryCode } = await atDecision(line)
    await act(line, approver, id, 'decide-application', { outcome: 'refused', text: '场所不符合要求' })
    const { card } = await lookUpCase(line, { number, queryCode, locale: 'zh-Hans' })
    expect(card.statusText).toContain('场所不符合要求')
    expect(card.statusText).toContain('行政复议')
    expect(card.stages.map(({ name }) => name)).toEqual(['提交申请', '受理', '现场核查', '决定', '不予批准'])
    const { case: ended } = await storedCase(line, id)
    const concluded = await line.store.transact(tx => concludedOf(tx, ended))
    expect(concluded.conclusion).toMatchObject({ outcome: 'refused', validUntil: null })
  })

  it('a department with a step finds it in its list and opens it and its documents; others do not', async () => {
    const { line } = home.fresh()
    const { id } = await atDecision(line)
    const stranger = holder('education', 'approver')
    await expect(
      showDeskCase(line, stranger, id, { isPersonAsked: false, locale: 'zh-Hans' }),
    ).rejects.toMatchObject({ code: 'case-not-found' })
    const open = (who: typeof clerk, file: string) =>
      openApplicationFile(line, who, { caseId: id, file }, keptFiles)
    expect(await open(clerk, 'kept-a.jpg')).toHaveLength(1)
    await expect(open(stranger, 'kept-a.jpg')).rejects.toMatchObject({ code: 'case-not-found' })
    await expect(open(clerk, 'kept-of-others.jpg')).rejects.toMatchObject({ code: 'file-not-found' })
  })

  it('a department that has only a step finds it in its list and does its step', async () => {
    const { line } = home.fresh()
    const shared = withVisitBy(line, 'health')
    const { card } = await applyFor(shared, 'fireworks-retail', fireworks())
    const id = await idOf(shared, card.number)
    await act(shared, clerk, id, 'sign')
    await act(shared, clerk, id, 'pass-step')
    const other = holder('health', 'inspector')
    const { rows } = await listDeskCases(shared, other, list, 'zh-Hans')
    expect(rows.map(row => row.id)).toContain(id)
    expect((await refusal(act(shared, inspector, id, 'pass-step'))).details.who).toBe(
      '有权办的是：卫生健康局的现场核查员。',
    )
    await act(shared, other, id, 'pass-step')
    expect((await storedCase(shared, id)).case.stepsPassed).toHaveLength(2)
  })

  it('correction is asked for as of any case: the clocks stand, the applicant answers', async () => {
    const { line } = home.fresh()
    const { id } = await atDecision(line)
    const inspectorsLead = clerk
    await act(line, inspectorsLead, id, 'ask-resident', { text: '请补一张平面图' })
    const view = await showDeskCase(line, clerk, id, { isPersonAsked: false, locale: 'zh-Hans' })
    expect(
      view.clocks
        .filter(({ isPaused }) => isPaused)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['handle', 'step'])
    await act(line, accountOf('agent'), id, 'resident-answer', { text: '给您' })
    await act(line, approver, id, 'decide-application', { outcome: 'approved', text: '补齐了' })
  })
})
