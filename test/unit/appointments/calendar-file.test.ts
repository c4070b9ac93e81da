import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeCalendar } from '../../../src/appointments/calendar-file.ts'

const entry = {
  uid: 'b1@yihao',
  startsAt: new Date('2026-11-26T01:00:00Z'),
  endsAt: new Date('2026-11-26T01:30:00Z'),
  madeAt: new Date('2026-11-24T02:00:00Z'),
  title: '办理：身份证',
  place: '政务服务中心2楼',
  text: '要带：户口簿, 照片; 原件\n别忘了',
}
const unfold = (file: string) => file.replace(/\r\n /g, '')

describe('an appointment as a calendar file', () => {
  it('says when in the local time and escapes what has a meaning', () => {
    const file = unfold(writeCalendar(entry))
    expect(file).toContain('DTSTART;TZID=Asia/Shanghai:20261126T090000\r\n')
    expect(file).toContain('DTEND;TZID=Asia/Shanghai:20261126T093000\r\n')
    expect(file).toContain('DTSTAMP:20261124T020000Z\r\n')
    expect(file).toContain('DESCRIPTION:要带：户口簿\\, 照片\\; 原件\\n别忘了\r\n')
  })

  it('has no line above 75 octets, cuts no character, and reads back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), words => {
        const title = words.replace(/[\r\n\\;,]/g, ' ')
        const file = writeCalendar({ ...entry, title })
        for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
        expect(unfold(file)).toContain(`SUMMARY:${title}\r\n`)
      }),
    )
  })
})
