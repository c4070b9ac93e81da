const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const PLACES = ['', '拾', '佰', '仟']
const GROUPS = ['', '万', '亿', '万亿']

/** `70` or `70.5` (万元, thousands marked or not) in 分; null when it is no amount or finer than a 分. */
export function fenOfWan(text: string): number | null {
  const match = /^(\d{1,7})(?:[.．](\d{1,6}))?$/.exec(text.trim().replace(/[,，\s]/g, ''))
  if (!match) return null
  const [, whole = '', part = ''] = match
  return Number(whole) * 1_000_000 + Number(part.padEnd(6, '0'))
}

/** 分 as 万元 without needless zeros: `70`, `70.5`. */
export function wanOfFen(fen: number): string {
  const part = String(fen % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return `${Math.floor(fen / 1_000_000)}${part === '' ? '' : `.${part}`}`
}

/**
 * The amount in the characters in which it cannot be altered (大写金额, 支付结算办法 annex 1): `壹佰万元整`, `壹拾万零伍佰元伍角整`.
 * @param fen whole 分, not negative
 */
export function amountInWords(fen: number): string {
  const yuan = Math.floor(fen / 100)
  const jiao = Math.floor((fen % 100) / 10)
  const rest = fen % 10
  const head = yuan === 0 && fen > 0 ? '' : `${wholeInWords(yuan)}元`
  if (jiao === 0 && rest === 0) return `${head}整`
  if (rest === 0) return `${head}${DIGITS[jiao]}角整`
  const middle = jiao > 0 ? `${DIGITS[jiao]}角` : head === '' ? '' : '零'
  return `${head}${middle}${DIGITS[rest]}分`
}

function wholeInWords(yuan: number): string {
  if (yuan === 0) return DIGITS[0]!
  const groups: number[] = []
  for (let left = yuan; left > 0; left = Math.floor(left / 10_000)) groups.unshift(left % 10_000)
  let words = ''
  let hasGap = false
  for (const [i, group] of groups.entries()) {
    if (group === 0) {
      hasGap = true
      continue
    }
    // A missing place between two groups is said once.
    if (words !== '' && (hasGap || group < 1000)) words += DIGITS[0]
    words += groupInWords(group) + GROUPS[groups.length - 1 - i]
    hasGap = false
  }
  return words
}

function groupInWords(group: number): string {
  const digits = [...String(group)].map(Number)
  return digits
    .map((digit, i) => (digit === 0 ? DIGITS[0] : `${DIGITS[digit]}${PLACES[digits.length - 1 - i]}`))
    .join('')
    .replace(/零+/g, '零')
    .replace(/零$/, '')
}
