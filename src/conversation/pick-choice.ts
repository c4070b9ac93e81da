import type { Understanding } from '../language/understanding.ts'
import { isSure } from './hearing.ts'
import type { ChoiceRef } from './reply.ts'

/** The choice that a message picks: by its title, by its number ("2", "第二个"), or by a plain yes or no. */
export function pickChoice(
  said: Understanding,
  choices: readonly ChoiceRef[],
  titleOf: (choice: ChoiceRef) => string,
): ChoiceRef | null {
  const spoken = plain(said.text)
  const byTitle = choices.find(choice => plain(titleOf(choice)) === spoken || choice.id === said.text.trim())
  if (byTitle) return byTitle
  const ordinal = /^(?:第)?([1-9一二两三四五])(?:个|条|项|件)?$/u.exec(spoken)?.[1]
  if (ordinal)
    return choices[('一二三四五'.indexOf(ordinal.replace('两', '二')) + 1 || Number(ordinal)) - 1] ?? null
  // "没有危险" to "现在就有危险吗".
  const yesOrNo = said.intent.label === 'all-clear' ? 'deny' : said.intent.label
  return (
    choices.find(choice => endsWithTitle(spoken, plain(titleOf(choice)))) ??
    partOfOne(spoken, choices, titleOf) ??
    choices.find(
      choice => choice.means !== undefined && choice.means === (yesOrNo ?? bluntAnswer(said, spoken)),
    ) ??
    null
  )
}

/** "撤销" for "确定撤销": a part of one title and of no other. */
function partOfOne(
  spoken: string,
  choices: readonly ChoiceRef[],
  titleOf: (choice: ChoiceRef) => string,
): ChoiceRef | null {
  if ([...spoken].length < 2) return null
  const holding = choices.filter(choice => plain(titleOf(choice)).includes(spoken))
  return holding.length === 1 ? holding[0]! : null
}

const BLUNT_NO = /^(?:没|沒|不|无|無|否|哪有|从来没|從來沒|no|nope|nobody)/u
const BLUNT_YES = /^(?:有|是|对|對|嗯|来过|來過|yes|yeah)/u
/** "不知道" and "没听懂" answer nothing. */
const NO_ANSWER = /^(?:不|没|沒)(?:太)?(?:知道|清楚|确定|確定|懂|明白|记得|記得|听|聽|看)/u
const LONGEST_BLUNT = 10

/** "没有！谁也没来": a yes or no in people's own words, when it is short and nothing else. */
function bluntAnswer(said: Understanding, spoken: string): 'affirm' | 'deny' | null {
  if ([...spoken].length > LONGEST_BLUNT || NO_ANSWER.test(spoken) || said.matters.some(isSure)) return null
  return BLUNT_NO.test(spoken) ? 'deny' : BLUNT_YES.test(spoken) ? 'affirm' : null
}

/** "没说清楚，登记，要部门答复" ends with a choice; "不要分别登记" does not take it. */
function endsWithTitle(spoken: string, title: string): boolean {
  const before = spoken.slice(0, -title.length)
  return title.length >= 4 && spoken.endsWith(title) && !/(?:不|不要|不想|别|沒|没|not|dont)$/u.test(before)
}

/** Letters and digits only, as people say a title. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}]/gu, '')
}
