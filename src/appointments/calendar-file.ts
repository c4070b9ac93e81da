/** What a calendar shows of an appointment. */
export interface CalendarEntry {
  /** The same for the same appointment, so that a changed one replaces it. */
  uid: string
  startsAt: Date
  endsAt: Date
  madeAt: Date
  title: string
  place: string
  text: string
}

/** China keeps one offset all year; RFC 5545, 3.6.5 wants it told in full. */
const ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:Asia/Shanghai',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0800',
  'TZOFFSETTO:+0800',
  'TZNAME:CST',
  'END:STANDARD',
  'END:VTIMEZONE',
]
const OFFSET_MS = 8 * 3_600_000
const MOST_OCTETS = 75

/** An iCalendar file (RFC 5545) with one event and an alarm an hour before. */
export function writeCalendar(entry: CalendarEntry): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Yihao//Appointments//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...ZONE,
    'BEGIN:VEVENT',
    `UID:${entry.uid}`,
    `DTSTAMP:${basic(entry.madeAt)}Z`,
    `DTSTART;TZID=Asia/Shanghai:${local(entry.startsAt)}`,
    `DTEND;TZID=Asia/Shanghai:${local(entry.endsAt)}`,
    `SUMMARY:${escapeText(entry.title)}`,
    `LOCATION:${escapeText(entry.place)}`,
    `DESCRIPTION:${escapeText(entry.text)}`,
    'STATUS:CONFIRMED',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escapeText(entry.title)}`,
    'TRIGGER:-PT1H',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return lines.map(line => `${fold(line)}\r\n`).join('')
}

function basic(at: Date): string {
  return at.toISOString().slice(0, 19).replace(/[-:]/g, '')
}

function local(at: Date): string {
  return basic(new Date(at.getTime() + OFFSET_MS))
}

/** RFC 5545, 3.3.11. */
function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')
}

/** RFC 5545, 3.1: no line longer than 75 octets, and none cut inside a character. */
function fold(line: string): string {
  const bytes = new TextEncoder()
  let folded = ''
  let octets = 0
  for (const character of line) {
    const size = bytes.encode(character).length
    if (octets + size > MOST_OCTETS) {
      folded += '\r\n '
      octets = 1
    }
    folded += character
    octets += size
  }
  return folded
}
