import { describe, expect, test } from 'vitest'
import { findBrokenLink } from '../../../src/cases/case-event.ts'
import { hardCase } from '../../../src/cli/hard-case.ts'
import { playWalk } from '../../../src/cli/play-walk.ts'
import { useTestLine } from '../../support/use-test-line.ts'
import { at, shown } from '../clocks/shenfu.ts'

const lines = useTestLine()

describe('the hard case of npm run walk', () => {
  test('is returned, arbitrated, co-handled, extended over 国庆, reworked, supervised and closed', async () => {
    const printed: string[] = []
    const { case: ended, events } = await playWalk(lines.fresh().line, hardCase, text => printed.push(text))

    expect(ended).toMatchObject({
      state: 'closed',
      dispatch: { lead: 'housing-construction', reason: { by: 'ruling' } },
      returns: [{ department: 'urban-management', clause: 'ZJ-06' }],
      reworkCount: 2,
      dissatisfiedCount: 2,
      supervision: null,
      supervisionCauses: ['dissatisfied-twice'],
      followUp: { resolved: true, satisfied: 'satisfied' },
    })
    expect(ended.coHandlers.map(part => [part.department, part.finishedAt])).toEqual([
      ['urban-management', at('2026-09-24 11:00')],
      ['ecology-environment', at('2026-09-30 10:00')],
    ])

    // Each time that the promise to the resident moved: seven free days and two make-up workdays lie in between.
    const promises = events.flatMap(({ type, clocks }) => {
      const handle = clocks.find(clock => clock.kind === 'handle' && clock.stoppedAt === null)
      return handle?.pauses.every(pause => pause.to) ? [`${type}: ${shown(handle.dueAt)}`] : []
    })
    expect(promises).toEqual([
      'dispatched: 2026-10-09 17:00 Fri',
      'ruled: 2026-10-12 17:00 Mon',
      'resident-answered: 2026-10-13 17:00 Tue',
      'extension-approved: 2026-10-20 17:00 Tue',
      'reworked: 2026-10-23 17:00 Fri',
      'reworked: 2026-11-02 17:00 Mon',
    ])

    expect(events.filter(event => event.type === 'clock-breached')).toEqual([])
    const free = events.filter(
      event => event.at >= at('2026-10-01 00:00') && event.at < at('2026-10-08 00:00'),
    )
    expect(free, 'nothing rings on the holidays').toEqual([])
    expect(Object.values(ended.clocks).filter(clock => clock.stoppedAt === null)).toEqual([])
    expect(findBrokenLink(events)).toBeNull()
    expect(printed.join('\n')).toContain('办理中 ｜ 办理 10月20日周二 17:00止 绿灯')
    expect(printed.filter(text => text.includes('✗'))).toHaveLength(3)
  })
})
