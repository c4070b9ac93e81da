import type { Understanding } from '../language/understanding.ts'
import { FILING } from './frame-filling.ts'
import { type ConversationState, topFrame } from './state.ts'

/** What people do with a matter while it is being filed, after "不" or "don't": none of it is the name of a place. */
const HAN =
  /^(?:(?:那|就|先|也|都|还是|我们|我|咱们|咱|俺|这个?事儿?|这件事|算了吧?|取消吧?|不用了|改主意了)[,，。、\s]*)*(?:不(?:想|要|打算)?|别)(?:再)?(?:提交|送出|发送|报|上报|登记|投诉|举报|检举|反映|申诉|弄|办|填)(?:这个|它)?(?<ends>了)?[吧啊呀啦呢]?[。.!！~\s]*$/u
const LATIN =
  /^(?:(?:no|ok|okay|sorry|actually|please|never mind|nevermind|forget it|i(?:'ve| have)? changed my mind)[,.;!\s]+)*(?:(?:do not|don't|let's not|i (?:do not|don't) want to|i'd rather not|i would rather not) (?:send|submit|file|report|register)(?: (?:it|this|that|anything))?(?: (?:any ?more|now|after all))?|cancel (?:it|this|that))[.!\s]*$/u
/** "先不送出", without a "了": for now it is not to be. */
const FOR_NOW = /(?:先|还是)[^,，。]*$/u

/**
 * "不提交了", "不投诉了", "don't send it" while a matter is being filed: it is given up, whatever is asked just then. With nothing
 * being filed the same words may mean a case that was filed before.
 */
export function isGivenUp(state: ConversationState, { normalised }: Understanding): boolean {
  if (topFrame(state)?.flow !== FILING) return false
  const text = normalised.trim().toLowerCase().replaceAll('’', "'")
  if (LATIN.test(text)) return true
  const said = HAN.exec(text)
  return said !== null && (said.groups?.ends !== undefined || FOR_NOW.test(text))
}
