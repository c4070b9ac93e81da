import { applyEvent, type Case, foldCase } from '../../src/cases/case.ts'
import { type Actor, type CaseEvent, chain } from '../../src/cases/case-event.ts'
import type { FiledInput } from '../../src/cases/case-inputs.ts'
import { caseNumber } from '../../src/cases/case-number.ts'
import { type CaseCommand, type CasePolicy, decide, decideFiling } from '../../src/cases/decide.ts'
import { CLOCK_KINDS, serviceLevelsSchema } from '../../src/clocks/service-levels.ts'
import { WorkingCalendar } from '../../src/clocks/working-calendar.ts'
import type { Conversation, TranscriptEntry } from '../../src/conversation/message.ts'
import { newId, systemChance } from '../../src/kernel/ids.ts'
import type { Filing } from '../../src/usecases/ports.ts'

/** Every clock five working days, warned at 50 and 80 percent, office hours from nine to five, no holidays. */
export const samplePolicy: CasePolicy = {
  calendar: new WorkingCalendar({ version: 'sample-1', years: {} }, [{ from: 9 * 60, to: 17 * 60 }]),
  levels: serviceLevelsSchema.parse({
    grades: [{ id: 'normal', name: '一般', en: 'normal', handleWithin: '5wd' }],
    gradeRules: [],
    profiles: [
      {
        id: 'general',
        name: '通用',
        en: 'general',
        clocks: Object.fromEntries(CLOCK_KINDS.map(kind => [kind, { limit: '5wd' }])),
        warnAt: [50, 80],
        extensions: { times: 2 },
      },
    ],
    reopenWithin: '14d',
    badRating: { within: '5wd' },
    reviewWithin: '180d',
    superviseWithin: '20wd',
  }),
}

/** A Tuesday, ten in the morning in Shenyang. */
export const SAMPLE_TIME = new Date('2026-11-24T02:00:00Z')

const LINE: Actor = { role: 'line', id: 'line' }
let sequence = 0

/** A matter about a broken street lamp, in the middle of what the line hears. */
export function sampleMatter(changes: Partial<FiledInput> = {}): FiledInput {
  sequence += 1
  return {
    number: caseNumber('2026-11-24', sequence),
    jurisdiction: 'shenfu',
    channel: 'web',
    family: null,
    words: '人民路3号楼道灯坏了好几天，晚上黑得看不见，老人摔了一跤',
    summary: '人民路3号楼道灯损坏',
    type: 'help',
    subject: 'urban/lighting/street-lamp',
    subjectCandidates: [{ label: 'urban/lighting/street-lamp', confidence: 0.9137 }],
    evidence: [{ feature: '灯', weight: 1.25 }],
    elements: {
      time: '好几天',
      place: '人民路3号',
      street: '李石街道',
      community: null,
      at: null,
      wanted: null,
    },
    grade: 'normal',
    profile: 'general',
    isEmergency: false,
    isConfidential: false,
    neighbourKey: null,
    ...changes,
  }
}

/** A case with its events so far. */
export interface SampleCase {
  case: Case
  events: CaseEvent[]
}

/** Filed, accepted and dispatched at once, as the line does it. */
export function fileSample(
  changes: Partial<FiledInput> = {},
  lead = 'housing',
  at = SAMPLE_TIME,
): SampleCase {
  const id = newId(at, systemChance)
  const filed = chain(
    id,
    null,
    decideFiling(sampleMatter(changes), { role: 'resident', id: 'r1' }, at, samplePolicy),
  )
  let sample: SampleCase = { case: foldCase([filed]), events: [filed] }
  sample = act(sample, { action: 'accept', actor: LINE, at })
  return act(sample, {
    action: 'dispatch',
    actor: LINE,
    at,
    input: { lead, coHandlers: [], reason: { by: 'duty', clause: '3.2', subject: 'urban/lighting' } },
  })
}

/** The case after one more action; `events` holds all of them. */
export function act(sample: SampleCase, command: CaseCommand): SampleCase {
  const event = chain(sample.case.id, sample.events.at(-1)!, decide(sample.case, command, samplePolicy))
  return { case: applyEvent(sample.case, event), events: [...sample.events, event] }
}

export function sampleFiling(changes: Partial<Filing> = {}): Filing {
  return {
    person: { name: '王秀兰', phone: '13800138000', channel: 'web', channelUserId: 'user-1' },
    queryCode: 'K7MPQ2',
    conversationId: null,
    ...changes,
  }
}

export function sampleConversation(changes: Partial<Conversation> = {}): Conversation {
  return {
    id: newId(new Date(), systemChance),
    channel: 'web',
    userId: 'user-1',
    locale: 'zh-Hans',
    state: { flow: 'file-matter', slots: { place: '人民路3号' } },
    lastSeq: 2,
    version: 1,
    createdAt: SAMPLE_TIME,
    changedAt: SAMPLE_TIME,
    ...changes,
  }
}

/** What a resident said and the line's answer: two entries from `firstSeq` on. */
export function sampleTurn(
  conversationId: string,
  firstSeq: number,
  externalId: string | null,
): TranscriptEntry[] {
  const base = { conversationId, at: SAMPLE_TIME }
  return [
    {
      ...base,
      seq: firstSeq,
      id: newId(new Date(), systemChance),
      from: 'resident',
      replyTo: null,
      externalId,
      body: { text: '路灯坏了', clientData: { clientActivityID: 'a1' }, attachments: [] },
    },
    {
      ...base,
      seq: firstSeq + 1,
      id: newId(new Date(), systemChance),
      from: 'line',
      replyTo: firstSeq,
      externalId: null,
      body: { key: 'file-matter.ask-place', text: '在哪里？', choices: [], cards: [], expects: 'text' },
    },
  ]
}
