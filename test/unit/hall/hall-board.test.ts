import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupOfWords, type Hall, hallSchema, wayTo } from '../../../src/hall/hall.ts'
import { HallBoard } from '../../../src/hall/hall-board.ts'
import { mayReturn, type Ticket } from '../../../src/hall/ticket.ts'

const TEN = new Date('2026-11-24T02:00:00Z')
const minutesAfter = (minutes: number) => new Date(TEN.getTime() + minutes * 60_000)
const window = (id: string, groups: string[]) => ({
  id,
  place: 'hall-medical',
  groups,
  floor: 'ground',
  at: { x: 10, y: 10, width: 50, height: 30 },
  front: [30, 60],
  way: [[50, 60]],
  breaks: [{ from: '11:30', to: '12:15' }],
})
const hall: Hall = hallSchema.parse({
  name: '大厅',
  en: 'Hall',
  where: { at: [123, 41], walkMetres: 500 },
  hours: { from: '08:30', to: '16:30' },
  nearlyBefore: 3,
  recall: { calls: 2, returnMinutes: 30 },
  credits: { elderly: 15, transferred: 60, returned: 5, appointment: 60 },
  absentMinutes: 1.5,
  groups: [
    { id: 'medical', name: '医保', en: 'Medical', prefix: 'B', usualMinutes: 5, words: ['报销'] },
    { id: 'deeds', name: '不动产', en: 'Deeds', prefix: 'C', usualMinutes: 12, words: ['房产证', '证'] },
  ],
  windows: [window('1', ['medical']), window('2', ['medical', 'deeds'])],
  floors: [
    { id: 'ground', name: '1楼', en: 'Ground', width: 100, height: 100, entrance: [50, 99], shapes: [] },
  ],
})

let made = 0
function ticket(changes: Partial<Ticket> = {}): Ticket {
  made++
  return {
    id: `t${String(made).padStart(4, '0')}`,
    label: `B${made}`,
    group: 'medical',
    state: 'waiting',
    window: null,
    onlyWindow: null,
    takenAt: minutesAfter(-20 + made / 100),
    calledAt: null,
    finishedAt: null,
    creditMinutes: 0,
    calls: 0,
    ...changes,
  }
}
const board = (tickets: readonly Ticket[], openWindows = ['1', '2'], now = TEN) =>
  new HallBoard(hall, { now, tickets, openWindows })

describe('where somebody stands', () => {
  it('is behind all whom a window that serves them calls before', () => {
    const [deed, medical, mine] = [ticket({ group: 'deeds' }), ticket(), ticket()]
    expect(board([deed, medical, mine]).standing(mine)).toMatchObject({ before: 2 })
    expect(board([deed, medical, mine], ['1']).standing(mine)).toMatchObject({ before: 1 })
  })

  it('has no minutes while nobody sits at a window for it, and is told all the same', () => {
    const [first, mine] = [ticket({ group: 'deeds' }), ticket({ group: 'deeds' })]
    expect(board([first, mine], ['1']).standing(mine)).toEqual({ before: 1, wait: null })
  })

  it('goes on after the break of the only window', () => {
    const mine = ticket({ takenAt: minutesAfter(100) })
    const { wait } = board([mine], ['1'], minutesAfter(100)).standing(mine)
    expect(wait!.to).toBeGreaterThanOrEqual(35)
  })

  it('of whoever was sent to a window is behind those of that window alone', () => {
    const others = [ticket(), ticket()]
    const sent = ticket({ onlyWindow: '2' })
    expect(board([...others, sent], ['1']).standing(sent).wait).toBeNull()
    expect(board([...others, sent]).standing(sent).wait).not.toBeNull()
  })

  it('gets no worse when others who wait are served', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 25 }), fc.nat(), (kinds, pick) => {
        const tickets = kinds.map(isDeed => ticket({ group: isDeed ? 'deeds' : 'medical' }))
        const mine = tickets[pick % tickets.length]!
        const { before } = board(tickets).standing(mine)
        for (const gone of tickets.filter(each => each !== mine))
          expect(board(tickets.filter(each => each !== gone)).standing(mine).before).toBeLessThanOrEqual(
            before,
          )
        expect(before).toBeLessThan(tickets.length)
      }),
    )
  })
})

describe('the hall', () => {
  it.each([
    ['取个号办医保', 'medical'],
    ['我要报销', 'medical'],
    ['办房产证', 'deeds'],
    ['deeds please', 'deeds'],
    ['理发', undefined],
  ])('%s is for %s', (said, group) => {
    expect(groupOfWords(hall, said)?.id).toBe(group)
  })

  it('draws the way from the entrance over its corners to the window', () => {
    expect(wayTo(hall, hall.windows[0]!)).toEqual([
      [50, 99],
      [50, 60],
      [30, 60],
    ])
  })

  it('lets a missed number come back for as long as it says', () => {
    const missed = ticket({ state: 'missed', finishedAt: TEN })
    expect(mayReturn(missed, minutesAfter(30), 30)).toBe(true)
    expect(mayReturn(missed, minutesAfter(31), 30)).toBe(false)
    expect(mayReturn(ticket(), TEN, 30)).toBe(false)
  })
})
