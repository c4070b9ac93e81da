import type { Platform } from './catalogue.ts'

/** A document as it is told to the person. */
export interface GuideDocument {
  id: string
  name: string
  /** Where it comes from, how many, and why it is asked for. */
  notes: string[]
  /** Why it can stay at home, or null. */
  exempt: string | null
}

/** A guide in words, for a page, a chat or paper. */
export interface GuideView {
  id: string
  is: 'item' | 'bundle'
  name: string
  about: string
  question: { key: string; ask: string; choices: { id: string; name: string }[] } | null
  answered: { key: string; ask: string; choice: string }[]
  answers: Record<string, string>
  stop: { text: string; see: { id: string; name: string } | null } | null
  documents: GuideDocument[]
  /** What comes along the way, from an earlier item. */
  gained: string[]
  /** Limit, fee, place and so on. */
  facts: { name: string; value: string }[]
  /** Of an item its steps, of a bundle its items in order. */
  steps: { name: string; notes: string[]; item: string | null }[]
  conditions: string[]
  advice: string[]
  often: { question: string; answer: string }[]
  /** An item that can be applied for from afar. */
  isOnline: boolean
  /** Brings these answers back: for the link and the printed page. */
  code: string
}

/** An item or a bundle in a list. */
export interface GuideEntry {
  id: string
  is: 'item' | 'bundle'
  name: string
  /** What a bundle is about, or the category of an item. */
  about: string
}

/** All that one can apply for, as it is shown to whoever has not said what they look for. */
export interface GuideIndex {
  popular: GuideEntry[]
  bundles: GuideEntry[]
  platforms: { id: Platform; categories: { id: string; name: string; items: GuideEntry[] }[] }[]
}
