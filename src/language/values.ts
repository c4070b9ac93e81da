import type { Normalised } from './normalise.ts'
import type { Reading } from './reader.ts'
import type { Token } from './segment.ts'
import { findPersonName, findPhones, findReferences } from './slots/contacts.ts'
import { TELLING_ENDINGS } from './slots/place-words.ts'
import type { PlaceFinder } from './slots/places.ts'
import type { SaidPhone, SaidPlace, SaidReference, SaidTime, Span } from './understanding.ts'

/** Values that a text gives: answers to "where", "who", "which number". Offsets into the original text. */
export interface Values {
  places: SaidPlace[]
  phones: SaidPhone[]
  references: SaidReference[]
  personName?: string
}

/** Finds the values of a text. */
export function findValues(reading: Reading, findPlaces: PlaceFinder): Values {
  const { normalised } = reading
  const places = findPlaces(reading)
  const name = findPersonName(normalised)
  // 我是康宁家园业主: what names a place is nobody's name.
  const personName = name !== undefined && places.some(({ text }) => text.startsWith(name)) ? undefined : name
  return {
    places,
    phones: findPhones(normalised),
    references: findReferences(normalised),
    ...(personName === undefined ? {} : { personName }),
  }
}

/** A text's words as classifiers see them: 锦绣花园 says where, and must not speak for the subject of compounds. */
export interface SeenWords {
  /** Without the values; of a school or hospital its kind remains. */
  topical: Token[]
  /** With a mark in place of each value: that one was told matters, not which. */
  pragmatic: Token[]
}

/** Private characters, which a normalised text never holds; one per kind of value. */
const MARKS = { place: '\ue000', phone: '\ue001', reference: '\ue002', name: '\ue003' } as const

interface ValueSpan extends Span {
  mark: string
  /** The words say what it is about, too: what happens in a school, not what happens at its gate. */
  isTelling: boolean
}

/** Hides the values from the classifiers. */
export function hideValues({ normalised, tokens }: Reading, values: Values): SeenWords {
  const spans = valueSpans(normalised, values)
  if (spans.length === 0) return { topical: tokens, pragmatic: tokens }
  const topical: Token[] = []
  const pragmatic: Token[] = []
  let marked: ValueSpan | undefined
  for (const token of tokens) {
    const span = spanAround(token, normalised, spans)
    if (!span) {
      topical.push(token)
      pragmatic.push(token)
      continue
    }
    if (span !== marked) dropLabel(topical)
    const ending = span.isTelling ? tellingEnding(token) : undefined
    if (ending) topical.push(ending)
    if (span !== marked) pragmatic.push({ text: span.mark, start: token.start })
    marked = span
  }
  return { topical, pragmatic }
}

const INSIDE = /里面|院内|楼[上下]/u
const LABELS = new Set(
  '电话 手机 手机号 号码 电话号码 手机号码 联系 联系人 联系方式 联系电话 地址 住址 地点 位置 姓名 名字 姓 叫 单号 工单 工单号 编号 查询码 phone mobile number address name call'.split(
    ' ',
  ),
)

/** In "我的电话是138…" the telephone is no subject either. */
function dropLabel(words: Token[]): void {
  let last = words.length - 1
  while (
    last >= 0 &&
    last >= words.length - 3 &&
    !/[\p{L}\p{N}]/u.test(words[last]!.text.replace(/^[是为]$/u, ''))
  )
    last--
  while (last >= 0 && LABELS.has(words[last]!.text)) words.length = last--
}

function valueSpans(normalised: Normalised, { places, phones, references, personName }: Values): ValueSpan[] {
  const as =
    (mark: string) =>
    ({ start, end, relation }: Span & { relation?: string }) => ({
      start,
      end,
      mark,
      isTelling: mark === MARKS.place && (relation === undefined || INSIDE.test(relation)),
    })
  const named = personName === undefined ? [] : [spanOfName(normalised, personName)]
  return [
    ...places.map(as(MARKS.place)),
    ...phones.map(as(MARKS.phone)),
    ...references.map(as(MARKS.reference)),
    ...named.map(as(MARKS.name)),
  ]
}

function spanOfName(normalised: Normalised, name: string): Span {
  const start = Math.max(0, normalised.text.indexOf(name))
  return normalised.toOriginal({ start, end: start + name.length })
}

function spanAround(
  token: Token,
  normalised: Normalised,
  spans: readonly ValueSpan[],
): ValueSpan | undefined {
  const { start, end } = normalised.toOriginal({ start: token.start, end: token.start + token.text.length })
  return spans.find(span => span.start < end && start < span.end)
}

function tellingEnding({ text, start }: Token): Token | undefined {
  const ending = TELLING_ENDINGS.find(word => text.endsWith(word))
  return ending === undefined ? undefined : { text: ending, start: start + text.length - ending.length }
}

const GLUE = new Set(
  `我 我姓 我叫 我们 我家 家 咱 咱家 俺家 住 住在 家住 在 是 的 就 就是 于 位于 到 从 地址 地点 位置 住址 电话 手机 手机号 号码 电话号码 手机号码 联系 联系人 联系方式 联系电话 姓 姓名 名字 叫 本人 免贵 打 打给
  这 这个 这里 这儿 那 那个 那里 那儿 了 呢 啊 吧 呀 哦 嗯 大概 大约 差不多 左右 应该 好像 可能 时间 发生 时候 和 与 及 还有 再 里 里面 上 下 边 处 号 路 有 一个 单号 工单 工单号 编号 查询码 码
  先生 女士 小姐 师傅 i my me is am at in on near the it its live lives phone mobile number address name call called from to and of this that was since case code`.split(
    /\s+/u,
  ),
)
const READABLE = /[\p{L}\p{N}]/u

/** Does the text do nothing but give values ("人民路3号", "13800138000", "昨天半夜")? Then it answers a question and is no matter. */
export function isBareValue(
  { normalised }: Reading,
  { pragmatic }: SeenWords,
  times: readonly SaidTime[],
): boolean {
  let hasValue = times.length > 0
  for (const token of pragmatic) {
    if (token.text >= MARKS.place && token.text <= MARKS.name) hasValue = true
    else if (READABLE.test(token.text) && !GLUE.has(token.text) && !isWithin(token, normalised, times))
      return false
  }
  return hasValue
}

function isWithin(token: Token, normalised: Normalised, times: readonly SaidTime[]): boolean {
  const { start, end } = normalised.toOriginal({ start: token.start, end: token.start + token.text.length })
  return times.some(time => time.start <= start && end <= time.end)
}

/** Is this token a mark in place of a value? */
export function isMark({ text }: Token): boolean {
  return text >= MARKS.place && text <= MARKS.name
}
