import type { Token } from '../segment.ts'
import { stopWords } from '../stop-words.ts'
import type { SaidPlace } from '../understanding.ts'

/** What the ending of a name says about the place. */
export type NamedKind = 'street' | 'community' | 'road' | 'landmark'

const SUFFIXES: [kind: NamedKind, words: string[]][] = [
  ['street', ['街道', '镇', '乡']],
  ['community', ['社区', '村', '屯', '村委会', '居委会']],
  [
    'road',
    [
      '大道',
      '大街',
      '中路',
      '东路',
      '西路',
      '南路',
      '北路',
      '路',
      '街',
      '巷',
      '胡同',
      '东街',
      '西街',
      '南街',
      '北街',
      '中街',
      '国道',
      '省道',
      '高速',
    ],
  ],
  [
    'landmark',
    '小区 花园 家园 公寓 新村 苑 嘉园 佳苑 花苑 新城 名城 庄园 山庄 公馆 府 广场 大厦 大楼 商城 商场 超市 市场 菜市场 农贸市场 学校 小学 中学 高中 大学 学院 幼儿园 医院 卫生院 公园 车站 火车站 地铁站 客运站 宾馆 酒店 饭店 体育馆 图书馆 大桥 桥 工地 工业园 产业园 科技园 加油站'.split(
      ' ',
    ),
  ],
]

/** What of a name says not only where something is but also what it is about. */
export const TELLING_ENDINGS: readonly string[] =
  '菜市场 农贸市场 市场 超市 商场 学校 小学 中学 高中 大学 学院 幼儿园 卫生院 医院 公园 火车站 地铁站 客运站 车站 宾馆 酒店 饭店 体育馆 图书馆 加油站 工地'.split(
    ' ',
  )

/** What stands at a road or in a village without a name of its own. */
const GENERIC =
  '菜市场 农贸市场 早市 夜市 市场 超市 商场 小学 中学 学校 幼儿园 医院 卫生院 卫生室 公园 广场 公交站 地铁站 车站 加油站 停车场 工地 村委会 居委会 社区 银行 药店 饭店 桥'.split(
    ' ',
  )
export const GENERIC_PATTERN: string = GENERIC.join('|')

/** A landmark that is only of a kind: 工地, 饭店. */
export function hasNoName(landmark: string): boolean {
  return GENERIC.includes(landmark)
}

/** May somebody live there: a compound, a village, a building; no school, no whole road? */
export function mayHoldHomes({
  landmark,
  community,
  detail,
}: Pick<SaidPlace, 'landmark' | 'community' | 'detail'>): boolean {
  if (landmark) return !TELLING_ENDINGS.some(ending => landmark.endsWith(ending))
  return community !== undefined || detail !== undefined
}

const KIND_OF_SUFFIX = new Map(SUFFIXES.flatMap(([kind, words]) => words.map(word => [word, kind] as const)))
const LONGEST_SUFFIX = 4

/** Not every 路 is a place: what stands before the ending makes no name. */
const NO_NAMES = new Set(
  `走 修 过 问 让 堵 通 断 占 铺 挖 扫 上 下 马 道 公 铁 电 网 线 思 水 半 一 两 条 这条 那条 一条 段 这段 那段 主 辅 土 柏油 水泥 沥青 乡村 农村 山 小 大 出 回家 回头 盲 陆
  逛 步行 商业 老 新 本 我 我们 咱 咱们 你们 他们 全 各 每 某 该 农 乡 城中 小区 住宅 老旧 高档 封闭 无物业 多个 几个 所有 附近 周边 旁边 对面 门口 这个 那个 哪个 一个 整个 自己 隔壁 楼下 沿 沿街 临
  业主 居民 社区 学生 孩子 公立 私立 民办 公办 重点 普通 市 区 县 省 人民 政 官 大型 露天 早 夜 二手 劳务 人才 房地产 楼 菜 建筑 施工 在建 三甲 私人 生活 购物 连锁 建设 开发 美食 风情 步行街 立交 过街 天 高架 人行 跨河 独木 期间 假期 节假日 春节 国庆 五一 十一 周末 平时 时候 晚上 早上 白天 夜里 有的 有个`
    .split(/\s+/u)
    .filter(Boolean),
)
/** Before a road or a square these are names all the same. */
const NAMES_OF_ROADS = new Set(['人民', '建设', '开发'])
const VERBS = new Set(
  `改成 改为 改到 换成 应该 其实 地址 住 住在 位于 坐落 地处 家住 在 到 去 来 从 往 经过 路过 沿着 靠近 紧邻 临近 发生 反映 投诉 举报 看到 途经 开往 请问 属于 购买 买 租 就读 就读于 上班 位置 地址 地点 坐标 是 叫 出 进 修建`.split(
    /\s+/u,
  ),
)

/** A name found by its ending. */
export interface NamedPlace {
  start: number
  end: number
  kind: NamedKind
  name: string
}

/** Does the token at `index` end a place name (人民 + 路, 和平路, 锦绣 + 花园)? */
export function readNamed(tokens: readonly Token[], index: number): NamedPlace | undefined {
  const token = tokens[index]!
  const whole = KIND_OF_SUFFIX.get(token.text)
  if (whole !== undefined) return withNameBefore(tokens, index, whole)
  for (let length = Math.min(LONGEST_SUFFIX, token.text.length - 1); length >= 1; length--) {
    const kind = KIND_OF_SUFFIX.get(token.text.slice(-length))
    if (kind === undefined) continue
    const name = token.text.slice(0, -length)
    if (isName(name, token.text.slice(-length), kind)) {
      return { start: token.start, end: token.start + token.text.length, kind, name: token.text }
    }
    return undefined
  }
  return undefined
}

/** One word of two or more characters before the ending, or up to three single ones in a row. */
function withNameBefore(tokens: readonly Token[], index: number, kind: NamedKind): NamedPlace | undefined {
  const suffix = tokens[index]!
  let first = index
  while (first > 0 && index - first < 3) {
    const before = tokens[first - 1]!
    if (!isNamePart(before.text)) break
    first--
    if (before.text.length >= 2) {
      // 沈抚第一小学: what is numbered has its name before.
      if (NUMBERED.test(before.text)) continue
      if (index - first === 1 && before.text.length === 2 && isShortModifier(tokens[first - 1]?.text)) first--
      break
    }
  }
  const name = tokens
    .slice(first, index)
    .map(token => token.text)
    .join('')
  if (!isName(name, suffix.text, kind)) return undefined
  const start = tokens[first]!.start
  return { start, end: suffix.start + suffix.text.length, kind, name: name + suffix.text }
}

/** What may stand before the name of an estate: nobody begins it with them. */
const OWNERS = new Set('我 我们 俺 俺们 咱 咱们 我家 咱家 俺家 家 就 和 与'.split(' '))
const NO_ESTATES = new Set(
  `物业 电梯 楼道 暖气 供暖 停水 停电 漏水 开发商 尤其 特别 包括 其中 一共 目前 现在 最近 刚才 今天 昨天 前天 每天 天天 昨晚 今晚 今早 早上 晚上 上午 下午 中午 半夜 夜里 凌晨 上周 本周
  楼上 楼下 对面 隔壁 旁边 后面 前面 门口 附近 那栋 这栋 整栋 后楼 前楼 单元 楼栋 高层 期 区`.split(/\s+/u),
)
/** Words that tell of a trouble are no name: 停水3号楼. */
const TROUBLE = /[停坏断漏堵塌修吵臭脏乱灭丢偷缺了没不]/u
const LONGEST_ESTATE = 6

/** Before a building stands the name of its estate, whatever it ends in (翰林府邸3号楼), when it begins a clause or follows 住, 在, 投诉 … */
export function readEstate(
  tokens: readonly Token[],
  building: number,
  from: number,
): Pick<NamedPlace, 'start' | 'end' | 'name'> | undefined {
  let first = building
  while (first > 0 && tokens[first - 1]!.start >= from && isEstatePart(tokens[first - 1]!.text)) first--
  const before = tokens[first - 1]
  const isBegun =
    !before ||
    before.start < from ||
    /^[\s\p{P}]+$/u.test(before.text) ||
    VERBS.has(before.text) ||
    OWNERS.has(before.text)
  const name = tokens
    .slice(first, building)
    .map(token => token.text)
    .join('')
  if (!isBegun || name.length < 2 || name.length > LONGEST_ESTATE || TROUBLE.test(name)) return undefined
  return { start: tokens[first]!.start, end: tokens[building]!.start, name }
}

function isEstatePart(word: string): boolean {
  return isNamePart(word) && !OWNERS.has(word) && !NO_ESTATES.has(word)
}

const NUMBERED = /^第[一二三四五六七八九十百]+$/u

function isNamePart(word: string): boolean {
  if (NUMBERED.test(word)) return true
  return (
    /^[\u4e00-\u9fff]+$/u.test(word) &&
    !stopWords.has(word) &&
    !VERBS.has(word) &&
    (NAMES_OF_ROADS.has(word) || !NO_NAMES.has(word))
  )
}

function isShortModifier(word: string | undefined): boolean {
  return word !== undefined && /^[东西南北新]$/u.test(word)
}

function isName(name: string, suffix: string, kind: NamedKind): boolean {
  if (name.length < 2 || name.length > 8) return false
  if (!/^[\u4e00-\u9fff\da-z]+$/u.test(name)) return false
  const isRoad = kind === 'road' || (name === '人民' && /广场|公园|医院/u.test(suffix))
  if (NO_NAMES.has(name) && !(isRoad && NAMES_OF_ROADS.has(name))) return false
  return !VERBS.has(name) && (NUMBERED.test(name) || !stopWords.has(name))
}
