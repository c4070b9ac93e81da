import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXAMPLES } from '../../src/adapters/http/enterprise/examples.ts'
import { type EnterpriseProgram, enterpriseProgram } from '../support/enterprise-client.ts'
import { holder, keptFiles } from '../support/sample-application.ts'
import { act, type Desk, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const lines = useTestLine()
let desk: Desk
let running: WiredDesk
let program: EnterpriseProgram
beforeAll(async () => {
  desk = lines.fresh()
  running = await startWiredDesk(desk.line, undefined, { documents: keptFiles })
  program = await enterpriseProgram(running)
})
afterAll(() => running.stop())

const wanted = (file: string, externalId: string) => {
  const request = EXAMPLES.applyForItem!.request as { documents: { document: string }[] }
  const documents = request.documents.map(each => ({ ...each, files: [file] }))
  return { ...request, documents, externalId }
}

describe('applications of an enterprise', () => {
  test('are filed with documents, once under one id, and tell each step and the certificate', async () => {
    const kept = await program.send('/files', EXAMPLES.keepFile!.request)
    expect(kept.json).toEqual({ file: 'kept.jpg' })
    const body = wanted(kept.json.file, 'PO-1')
    const { status, json: filed } = await program.send('/applications', body)
    expect(status).toBe(200)
    expect(filed).toMatchObject({ item: { id: 'fireworks-retail' }, externalId: 'PO-1', decision: null })
    expect((await program.send('/applications', body)).json.number).toBe(filed.number)
    expect((await program.send('/applications', { ...body, place: '别处' })).json.code).toBe(
      'external-id-taken',
    )

    const { line } = desk
    const id = (await line.store.transact(tx => tx.caseByNumber(filed.number)))!.case.id
    const all = holder('emergency-management', 'clerk', 'inspector', 'approver')
    await act(line, all, id, 'sign')
    await act(line, all, id, 'pass-step')
    await act(line, all, id, 'pass-step')
    await act(line, all, id, 'decide-application', { outcome: 'approved', text: '符合条件' })
    await act(line, all, id, 'pass-step')
    const { json: shown } = await program.send(`/applications/${filed.number}`)
    expect(shown.steps.every(({ state }: { state: string }) => state === 'done')).toBe(true)
    expect(shown).toMatchObject({
      decision: { outcome: 'approved', text: '符合条件' },
      certificate: { number: `SF-0168-${filed.number}`, validUntil: '2027-11-23' },
    })
    const { json: page } = await program.send('/applications')
    expect(page.rows.map(({ number }: { number: string }) => number)).toEqual([filed.number])
  })

  test('what is missing is told at once; what is no application of theirs is not there', async () => {
    const { status, json } = await program.send('/applications', {
      item: 'fireworks-retail',
      name: '王工',
      phone: '13800138000',
    })
    expect([status, json.code]).toEqual([400, 'application-incomplete'])
    for (const name of ['身份证', '经营场所证明', '安全方案和应急预案']) expect(json.detail).toContain(name)
    expect((await program.send('/applications/261124999999')).status).toBe(404)
  })
})
