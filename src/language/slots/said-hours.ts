import { NUMBER, numberOf } from './chinese-numbers.ts'

/** A part of the day in hours from midnight; beyond 24 it runs into the next day. */
export interface SaidPart {
  end: number
  from: number
  to: number
}

/** A clock time in minutes from midnight. */
export interface SaidClock {
  end: number
  minutes: number
  /** 多, 左右, 几: give or take. */
  isRough: boolean
}

const PARTS: [words: string[], from: number, to: number][] = [
  [['后半夜', '下半夜', '凌晨', '拂晓'], 0, 5],
  [['大清早', '一大早', '清早', '清晨', '早晨', '早上', '大早上', '早间', '早高峰', '早'], 5, 9],
  [['上午', '头午', '上半天'], 8, 12],
  [['大中午', '中午', '晌午', '正午', '午间', '午休'], 11, 14],
  [['下午', '午后', '过晌', '下半天'], 12, 18],
  [['傍晚', '黄昏', '下晚儿', '晚高峰'], 17, 19],
  [['前半夜', '上半夜'], 20, 24],
  [['大半夜', '半夜', '深夜', '深更半夜', '三更半夜', '午夜', '夜里', '夜间', '黑夜', '夜'], 22, 29],
  [['大晚上', '晚上', '晚间', '当晚', '晚'], 18, 24],
]

const PART_WORDS = new Map(
  PARTS.flatMap(([words, from, to]) => words.map(word => [word, { from, to }] as const)),
)
const PART = alternatives([...PART_WORDS.keys()].filter(word => word.length > 1))
/** 早 and 晚 alone count only where the caller knows that a time goes on: 昨晚, 今早. */
const SHORT_PART = alternatives([...PART_WORDS.keys()])

function alternatives(words: string[]): RegExp {
  return new RegExp([...words].sort((a, b) => b.length - a.length).join('|'), 'uy')
}

/** Reads a part of the day that starts at `at`; one-character words only when `isContinued`. */
export function readPart(
  text: string,
  at: number,
  { isContinued }: { isContinued: boolean },
): SaidPart | undefined {
  const pattern = isContinued ? SHORT_PART : PART
  pattern.lastIndex = at
  const word = pattern.exec(text)?.[0]
  return word === undefined ? undefined : { end: at + word.length, ...PART_WORDS.get(word)! }
}

const COLON_CLOCK = /([01]?\d|2[0-4])[::]([0-5]\d)(?:[::][0-5]\d)?(?!\d)/uy
const POINT_CLOCK = new RegExp(
  `(${NUMBER})(?:点钟?|时)(?:(半)|([一三])刻|(${NUMBER})分?|(多|来钟|左右|许))?(?:左右|许|钟)?`,
  'uy',
)

/** Reads a clock time at `at`; `part` decides between morning and evening. */
export function readClock(text: string, at: number, part: SaidPart | undefined): SaidClock | undefined {
  COLON_CLOCK.lastIndex = at
  const colon = COLON_CLOCK.exec(text)
  if (colon) return clock(at + colon[0].length, Number(colon[1]), Number(colon[2]), part, false)
  POINT_CLOCK.lastIndex = at
  const point = POINT_CLOCK.exec(text)
  if (!point || isNoClock(text, at, point[0])) return undefined
  const hour = numberOf(point[1]!)
  if (!(hour >= 0 && hour <= 24)) return undefined
  const written = point[4] === undefined ? 0 : numberOf(point[4])
  const minutes = point[2] ? 30 : point[3] ? numberOf(point[3]) * 15 : written < 60 ? written : 0
  return clock(at + point[0].length, hour, minutes, part, point[5] !== undefined || /左右|许/u.test(point[0]))
}

/** 一点 is mostly "a little", 三点建议 are three remarks, 两时 is nothing. */
function isNoClock(text: string, at: number, said: string): boolean {
  const before = text.charAt(at - 1)
  if (/[\d.]/u.test(before)) return true
  const after = text.slice(at + said.length, at + said.length + 2)
  if (/^[一两二三几四五]点$/u.test(said)) {
    if (/^(?:建议|意见|诉求|问题|要求|理由|疑问|希望|原因|质疑|事实|说明)/u.test(after)) return true
    if (said === '一点' && /[有早快慢大小多好点了没差这那]/u.test(before)) return true
    if (said === '一点' && !/^[半钟多左到就]/u.test(after)) return true
  }
  return /^\d+时$/u.test(said) && /^[候效]/u.test(after)
}

function clock(
  end: number,
  hour: number,
  minute: number,
  part: SaidPart | undefined,
  isRough: boolean,
): SaidClock {
  return { end, minutes: hourOfDay(hour, part) * 60 + minute, isRough }
}

function hourOfDay(hour: number, part: SaidPart | undefined): number {
  if (!part || hour > 12) return hour
  const isNight = part.from === 22
  if (isNight) return hour >= 6 && hour < 12 ? hour + 12 : hour === 12 ? 24 : hour + 24
  if (part.from === 0) return hour === 12 ? 0 : hour
  if (part.from === 18 && hour === 12) return 24
  if (part.from >= 11 && hour < 10) return hour + 12
  if (part.from >= 17 && hour < 12) return hour + 12
  return hour
}
