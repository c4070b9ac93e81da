import { describe, expect, test } from 'vitest'
import { promiseOf } from '../../../src/cases/case.ts'
import { findBrokenLink } from '../../../src/cases/case-event.ts'
import { isCaseNumber } from '../../../src/cases/case-number.ts'
import type { MatterDraft } from '../../../src/conversation/reply.ts'
import { leadOf } from '../../../src/usecases/case-card.ts'
import { fileCase, planFiling, promisedBy } from '../../../src/usecases/file-case.ts'
import { sampleDraft, storedCase, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()
const person = { name: '王秀兰', phone: '13800138000', channel: 'web-chat', channelUserId: 'u1' }

const draft = sampleDraft

describe('filing a case', () => {
  test.each([
    ['a utility', draft({ subject: 'urban-construction/utilities/heating-cold' }), null],
    ['a complaint', draft({ subject: 'environment/noise/construction-night', type: 'complaint' }), null],
    [
      'a consultation',
      draft({ subject: 'civil-affairs/elderly-care/elderly-allowance', type: 'consultation' }),
      null,
    ],
    ['a report', draft({ subject: 'party-government/cadre-conduct/petty-extortion', type: 'report' }), null],
    ['nobody knows what', draft({ subject: null, subjectCandidates: [] }), null],
    ['an emergency', draft({ subject: null, subjectCandidates: [] }), 'fire'],
    ['an unknown type, taken as help', draft({ type: 'grumble' }), null],
  ])('%s: what is planned is what is recorded', async (_, matter, service) => {
    const { line } = lines.fresh()
    const request = { draft: matter, person, family: null, service }
    const plan = planFiling(line, request)
    const { case: filed, queryCode } = await line.store.transact(tx =>
      fileCase(line, tx, { ...request, actor: { role: 'resident', id: 'r' }, conversationId: null }),
    )
    const { case: stored, events } = await storedCase(line, filed.id)
    expect(promiseOf(stored)!.dueAt).toEqual(promisedBy(line, plan))
    expect(leadOf(line, stored)).toBe(plan.route.isCertain ? plan.route.lead : line.content.routing.dutyDesk)
    expect(stored).toMatchObject(plan.filed)
    expect(findBrokenLink(events)).toBeNull()
    expect(isCaseNumber(stored.number)).toBe(true)
    expect(queryCode).toMatch(/^[2-9A-HJKMNP-Z]{8}$/)
  })

  test('reports are confidential, and so is what the caller asks to be', () => {
    const { line } = lines.fresh()
    const isConfidential = (matter: MatterDraft) =>
      planFiling(line, { draft: matter, person, family: null, service: null }).filed.isConfidential
    expect(isConfidential(draft({ type: 'report' }))).toBe(true)
    expect(isConfidential(draft({ words: '楼下棋牌室太吵，别透露是我说的' }))).toBe(true)
    expect(isConfidential(draft())).toBe(false)
  })

  test('a report about a village official goes to the discipline inspection, also when nobody knows what it is about', () => {
    const { line } = lines.fresh()
    const words = '村支书把低保都给了自己家亲戚'
    for (const subject of [null, 'civil-affairs/social-assistance/minimum-living', draft().subject]) {
      const matter = draft({ words, subject, type: 'report' })
      const { route } = planFiling(line, { draft: matter, person, family: null, service: null })
      expect([route.lead, route.coHandlers]).toEqual(['discipline-inspection', []])
    }
  })

  test('the summary that lists show holds no phone; the words stay as they were said', () => {
    const { line } = lines.fresh()
    const words = '路灯不亮了，我的电话是13800138000，快来修'
    const { filed } = planFiling(line, { draft: draft({ words }), person, family: null, service: null })
    expect(filed.summary).toBe('路灯不亮了，快来修')
    expect(filed.words).toBe(words)
  })
})
