import type { Judgement, SaidPlace } from '../language/understanding.ts'

/** Something that reads differently in each language; resolved by the renderer. */
export type Param =
  | string
  | number
  | null
  | { is: 'department' | 'subject' | 'stage' | 'type' | 'intent' | 'service'; id: string }
  | { is: 'due'; at: string }
  | { is: 'text'; key: string; params?: Params }
  /** A text that content holds in Chinese and English. */
  | { is: 'both'; zh: string; en: string }
  | { is: 'list'; items: Param[]; separator?: string }
export type Params = Record<string, Param>

/** A tap that may answer. `label` is a reply key or a param that stands for itself. */
export interface ChoiceRef {
  id: string
  label: Param
  means?: 'affirm' | 'deny'
}

/** One thing to say: a key with its values, never a wording. */
export interface Reply {
  key: string
  params: Params
  choices: ChoiceRef[]
  /** Ids of cases to show as cards; `queryCodes` by case id only when just filed. */
  cases: { caseId: string; queryCode?: string }[]
  expects: 'text' | 'phone' | 'code' | 'nothing'
}

const JOINER =
  /^(?:[^:：,，。]{0,12}[:：]\s*)?(?:\d{1,2}[、.．)）](?!\d)|[一二三四五六](?:[、.．]|是)|[①②③④⑤⑥]|第[一二三四五六][,，、是]|第[一二三四五六][个個件点點][,，、是]?|其[一二三四五六][,，]|另外|(?:还有|還有)(?!人|[很好不]|几|幾|一些)|再有|再就是|顺便|順便|此外|对了|對了|(?:also|besides|and)\b)[,，、:：\s]*/iu

/** The caller's words as they are quoted: without the comma at which a message was parted, and without what only joined the parts. */
export function quotable(words: string): string {
  const said = words.trim().replace(/[,，、;；]+$/u, '')
  return said.replace(JOINER, '') || said
}

export function reply(
  key: string,
  params: Params = {},
  rest: Partial<Omit<Reply, 'key' | 'params'>> = {},
): Reply {
  return { key, params, choices: [], cases: [], expects: 'nothing', ...rest }
}

/** One matter while it is being filed; what is still `undefined` has not been asked, `null` was asked and not told. */
export interface MatterDraft {
  /** The caller's own words, never edited. */
  words: string
  subject: string | null
  subjectCandidates: Judgement['candidates']
  evidence: Judgement['evidence']
  /** A choice among candidates makes the subject certain; `none` means none of them. */
  subjectChoice?: string
  type: string
  place?: string | null
  street?: string | null
  community?: string | null
  at?: [number, number] | null
  /** Which spot that is to everybody; see `SaidPlace`. */
  spot?: SaidPlace['spot'] | null
  time?: string | null
  /** What must be asked before it can be filed, by `intents/elements.yaml`. */
  needsPlace: boolean
  needsTime: boolean
  needsDetail: boolean
  /** How the place is asked for: `place`, `employer`, `school` … */
  placeKind: string
  detail?: string | null
  /** What the person hopes for, and the matter in short, as an agent wrote them; worked out from the words without. */
  wanted?: string | null
  summary?: string
  /** What others told of the same, for the question whether to join them; null: nothing, or not theirs to know. */
  neighbours?: Neighbours | null
  /** The answer to it; null: passed over. */
  joining?: 'join' | 'own' | 'different' | null
}

/** The open case of others that a matter may join, with what its teller is told of it. */
export interface Neighbours {
  caseId: string
  /** What the search went by. */
  key: string
  params: Params
}
