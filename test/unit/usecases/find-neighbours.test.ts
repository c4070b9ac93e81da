import { describe, expect, test } from 'vitest'
import type { MatterDraft } from '../../../src/conversation/reply.ts'
import { findNeighbours } from '../../../src/usecases/find-neighbours.ts'
import { fileOne, open, sampleDraft, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()
const SPOT = { spot: { key: '人民路3号' }, street: 'lishi' }
const LIGHT = 'urban-construction/municipal-facilities/street-light'
const PATH = 'urban-construction/municipal-facilities/pedestrian-facilities'

/** What a second caller's matter is offered after these were filed by others. */
async function offeredTo(draft: Partial<MatterDraft>, filed: Partial<MatterDraft>[]) {
  const desk = lines.fresh()
  const { line } = desk
  const ids: string[] = []
  for (const each of filed) ids.push((await fileOne(desk, { ...SPOT, ...each })).case.id)
  const conversation = await open(line)
  const matters = [sampleDraft({ ...SPOT, ...draft })]
  const { slots } = await line.store.transact(tx =>
    findNeighbours({ line, tx, conversation, locale: 'zh-Hans', cases: new Map(), news: [] }, { matters }),
  )
  const [looked] = slots!.matters as [MatterDraft]
  const { neighbours } = looked
  return neighbours ? { which: ids.indexOf(neighbours.caseId), count: neighbours.params.count } : null
}

describe('the same thing', () => {
  test('is the same leaf of the subject, whatever the words', async () => {
    expect(await offeredTo({ words: '黑灯瞎火的没法走道' }, [{}])).toEqual({ which: 0, count: 1 })
  })

  test('is another leaf only when it is told in much the same words', async () => {
    const words = '人民路3号门口路灯坏了，晚上太黑'
    expect(
      await offeredTo({ words, subject: PATH }, [{ words: '人民路3号门口的路灯坏了好几天，太黑了' }]),
    ).toEqual({
      which: 0,
      count: 1,
    })
    expect(await offeredTo({ words: '人民路3号门口盲道被车占了', subject: PATH }, [{}])).toBeNull()
  })

  test('of several, those of the same leaf come first, then what says more of the same; all of them are counted', async () => {
    const words = '人民路3号路灯一闪一闪的，晃眼睛'
    const filed = [
      { words: '人民路3号路灯杆歪了，要倒' },
      { words: '人民路3号路灯一闪一闪，晃得睡不着' },
      { words: '人民路3号路灯一闪一闪的，晃眼睛', subject: PATH },
    ]
    expect(await offeredTo({ words }, filed)).toEqual({ which: 1, count: 3 })
  })

  test('is not the same on another street that happens to be called alike', async () => {
    expect(await offeredTo({ street: 'wangjia' }, [{ street: 'lishi' }])).toBeNull()
    expect(await offeredTo({ street: null }, [{ street: 'lishi' }])).toEqual({ which: 0, count: 1 })
  })

  test('is not the same at another entrance of the building', async () => {
    expect(await offeredTo({ place: '人民路3号4单元' }, [{ place: '人民路3号2单元' }])).toBeNull()
    expect(await offeredTo({ place: '人民路3号' }, [{ place: '人民路3号2单元' }])).toEqual({
      which: 0,
      count: 1,
    })
  })

  test.each<[string, Partial<MatterDraft>]>([
    ['whose spot nobody knows', { spot: null }],
    ['that is unsure', { subject: null }],
    ['that is a question', { type: 'consultation' }],
    ['that is a report', { type: 'report' }],
    ['that must be kept secret', { words: '路灯坏了，别透露是我说的' }],
    ['that concerns one person', { subject: 'labour-security/wage-arrears/construction-workers' }],
    ['that needs a building and has none', { subject: 'urban-construction/property-service/elevator' }],
  ])('is not looked for in a matter %s, nor found there', async (_, matter) => {
    expect(await offeredTo(matter, [{}, { ...matter, subject: matter.subject ?? LIGHT }])).toBeNull()
    expect(
      await offeredTo({ ...matter, type: 'help', words: '路灯坏了', spot: SPOT.spot }, [matter]),
    ).toBeNull()
  })
})
