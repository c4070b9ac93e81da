import type { Normalised } from '../normalise.ts'
import type { SaidPhone, SaidReference } from '../understanding.ts'

// Between the digits of a number people put a space, a dash or a dot; never more than two of these in a row.
const GAP = '[ \\-.·]{0,2}'
const MOBILE = new RegExp(`(?<![\\d])(?:\\+?86${GAP})?(1[3-9](?:${GAP}[\\dxX*]){9})(?![\\dxX*])`, 'gu')
const LANDLINE = new RegExp(`(?<![\\d])\\(?(0\\d{2,3})\\)?${GAP}([2-8]\\d{2,3}${GAP}\\d{4})(?![\\d])`, 'gu')
const SPOKEN_MOBILE =
  /(?<![零〇一二三四五六七八九幺两])[一幺1][三四五六七八九](?:[ ,，、-]?[零〇一二三四五六七八九幺两]){9}(?![零〇一二三四五六七八九幺两])/gu
const CASE_NUMBER = /(?<![\dxX*])\d(?:[ -]?\d){11}(?![\d])/gu
const QUERY_CODE =
  /(?<![a-z0-9])(?:[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{8}|[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{4}[ -][23456789ABCDEFGHJKMNPQRSTUVWXYZ]{4})(?![a-z0-9])/giu
const SPOKEN_DIGITS = '零一二三四五六七八九'

/** Phone numbers: mobile and landline, with spaces or dashes, spelled in characters, or partly masked. */
export function findPhones(normalised: Normalised): SaidPhone[] {
  const { text } = normalised
  const found: (SaidPhone & { at: number })[] = []
  const add = (match: RegExpExecArray, number: string) => {
    const span = normalised.toOriginal({ start: match.index, end: match.index + match[0].length })
    found.push({ ...span, text: normalised.original.slice(span.start, span.end), number, at: match.index })
  }
  for (const match of text.matchAll(MOBILE))
    add(match, match[1]!.replace(/[ \-.·]/gu, '').replace(/[xX]/g, '*'))
  for (const match of text.matchAll(LANDLINE)) add(match, `${match[1]}${match[2]!.replace(/[ \-.·]/gu, '')}`)
  for (const match of text.matchAll(SPOKEN_MOBILE)) add(match, digitsOf(match[0]))
  return found.sort((a, b) => a.at - b.at).map(({ at: _, ...phone }) => phone)
}

function digitsOf(spoken: string): string {
  let digits = ''
  for (const char of spoken.replaceAll('〇', '零').replaceAll('幺', '一').replaceAll('两', '二')) {
    const digit = SPOKEN_DIGITS.indexOf(char)
    if (digit >= 0) digits += digit
    else if (/\d/.test(char)) digits += char
  }
  return digits
}

/** Case numbers (12 digits) and query codes (8 characters of an alphabet without 0, 1, I, L, O). */
export function findReferences(normalised: Normalised): SaidReference[] {
  const found: SaidReference[] = []
  for (const match of normalised.text.matchAll(CASE_NUMBER)) {
    found.push({ ...spanIn(normalised, match), caseNumber: match[0].replace(/[ -]/g, '') })
  }
  for (const match of normalised.text.matchAll(QUERY_CODE)) {
    const code = match[0].replace(/[ -]/g, '').toUpperCase()
    // A code mixes letters and digits in nearly all cases; a plain word or date of eight characters is none.
    if (!isLikelyCode(code, match[0])) continue
    found.push({ ...spanIn(normalised, match), queryCode: code })
  }
  return found.sort((a, b) => a.start - b.start)
}

/** Eight digits may be a date or a landline, eight letters in lower case are a word. */
function isLikelyCode(code: string, said: string): boolean {
  if (/^\d+$/.test(code)) return false
  if (/\d/.test(code)) return true
  return said === said.toUpperCase() && !said.includes(' ')
}

function spanIn(normalised: Normalised, match: RegExpExecArray) {
  return normalised.toOriginal({ start: match.index, end: match.index + match[0].length })
}

const SURNAMES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤关佟那隋曲柳邢齐温季鲁葛康安裴洪冷单'
const SURNAME_ONLY = new RegExp(
  `(?:(?:免贵|我)姓(欧阳|上官|司马|诸葛|[${SURNAMES}])|(?<![\\u4e00-\\u9fff])姓(欧阳|上官|司马|诸葛|[${SURNAMES}])(?![\\u4e00-\\u9fff]))`,
  'u',
)
const OWN_NAME = new RegExp(
  `(?:我(?:的名字)?(?:叫|是)|我名字叫|我的?姓名(?:是|叫)?|本人(?:叫|姓名)?|姓名[:： ]?|名字[:： ]?|联系人[:： ]?)[:： ]?((?:欧阳|上官|司马|诸葛|[${SURNAMES}])[\\u4e00-\\u9fff·]{1,2})(?=$|[，。,.;；!！?？:： \\n、(（]|是|在|住|家(?!园|属|苑|乡|具)|今年|男|女|电话|手机|，)`,
  'u',
)
const ENGLISH_NAME = /\b(?:my name is|i am called|name:)\s+([A-Z][a-z]+(?: [A-Z][a-z]+){0,2})/iu
// What looks like surname and name behind "我是" but is a role.
const NO_NAMES =
  /^(?:高中|高层|安置|方便|万一|金融|石油|关于|单位|单亲|江边|白领|马路|田里|武警|龙头|高龄|于是|任何|何时|程序|余下|成都|洪水|安全|向你|向您|单身|史上)/u

/** A name the person gives as their own. */
export function findPersonName({ text }: Normalised): string | undefined {
  const full = OWN_NAME.exec(text)?.[1]
  if (full && !NO_NAMES.test(full)) return full
  const surname = SURNAME_ONLY.exec(text)
  return surname?.[1] ?? surname?.[2] ?? ENGLISH_NAME.exec(text)?.[1]
}
