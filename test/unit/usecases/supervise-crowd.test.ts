import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../../src/kernel/clock.ts'
import { fileCase } from '../../../src/usecases/file-case.ts'
import { showDeskCase } from '../../../src/usecases/work-at-desk.ts'
import {
  accountOf,
  act,
  type Desk,
  fileOne,
  joinOne,
  open,
  sampleDraft,
  storedCase,
  useTestLine,
} from '../../support/use-test-line.ts'

const lines = useTestLine()

/** So many people say the same, a minute apart; ids in order. */
async function tell(desk: Desk, times: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < times; i++) {
    ids.push((await fileOne(desk)).case.id)
    desk.line.clock.advance(MINUTE)
  }
  return ids
}

const supervised = async (desk: Desk, ids: readonly string[]) => {
  const cases = await Promise.all(ids.map(id => storedCase(desk.line, id)))
  return cases.map(({ case: each }) => each.supervision?.cause ?? null)
}

describe('one matter at one place, again and again', () => {
  test('opens one order, on the first case that is still open', async () => {
    const desk = lines.fresh()
    const ids = await tell(desk, 4)
    await act(desk.line, accountOf('agent'), ids[0]!, 'withdraw')
    ids.push(...(await tell(desk, 1)))
    expect(await supervised(desk, ids)).toEqual([null, null, null, null, null])
    ids.push(...(await tell(desk, 2)))
    expect(await supervised(desk, ids)).toEqual([null, 'repeated-place', null, null, null, null, null])
  })

  test('ten people make it a hot issue', async () => {
    const desk = lines.fresh()
    const ids = await tell(desk, 10)
    const { case: first, events } = await storedCase(desk.line, ids[0]!)
    expect(first.supervision).toMatchObject({ level: 'notice', cause: 'hot-issue' })
    const view = { isPersonAsked: false, locale: 'en' as const }
    const shown = await showDeskCase(desk.line, accountOf('supervisor'), first.id, view)
    expect(shown.names.cause).toBe('Ten people with the same matter')
    expect(
      events.filter(event => event.type === 'supervision-ordered').map(event => event.data.level),
    ).toEqual(['order', 'notice'])
  })

  test('ten people who joined make it one, in whatever words they name the place', async () => {
    const desk = lines.fresh()
    const [lead] = await tell(desk, 1)
    for (let i = 2; i <= 10; i++) {
      const joined = await joinOne(desk, lead!, { place: `人民路三号，${i}单元门口` })
      expect((await storedCase(desk.line, joined.id)).case.supervision).toBeNull()
      desk.line.clock.advance(MINUTE)
    }
    expect((await storedCase(desk.line, lead!)).case.supervision).toMatchObject({ cause: 'hot-issue' })
  })

  test('one who tells it ten times is one person', async () => {
    const desk = lines.fresh()
    const conversation = await open(desk.line)
    const { channel, userId: channelUserId } = conversation
    const ids: string[] = []
    for (let i = 0; i < 10; i++) {
      const filed = await desk.line.store.transact(tx =>
        fileCase(desk.line, tx, {
          draft: sampleDraft(),
          person: { name: null, phone: null, channel, channelUserId },
          actor: { role: 'resident', id: channelUserId },
          conversationId: conversation.id,
          family: null,
          service: null,
        }),
      )
      ids.push(filed.case.id)
      desk.line.clock.advance(MINUTE)
    }
    expect((await supervised(desk, ids))[0]).toBe('repeated-place')
  })

  test('in one message, which is one transaction, is counted, too', async () => {
    const desk = lines.fresh()
    const conversation = await open(desk.line)
    const person = {
      name: null,
      phone: null,
      channel: conversation.channel,
      channelUserId: conversation.userId,
    }
    const request = {
      draft: sampleDraft(),
      person,
      actor: { role: 'resident', id: 'r' } as const,
      conversationId: null,
      family: null,
      service: null,
    }
    const ids = await desk.line.store.transact(async tx => {
      const filed: string[] = []
      for (let i = 0; i < 7; i++) filed.push((await fileCase(desk.line, tx, request)).case.id)
      return filed
    })
    expect((await supervised(desk, ids)).filter(Boolean)).toEqual(['repeated-place'])
  })

  test('elsewhere is another matter', async () => {
    const desk = lines.fresh()
    const ids = await tell(desk, 4)
    ids.push((await fileOne(desk, { place: '人民路30号' })).case.id)
    expect(await supervised(desk, ids)).toEqual([null, null, null, null, null])
  })
})
