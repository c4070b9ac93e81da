import type { Limit } from '../clocks/limit.ts'
import type { Bundle, BundlePart } from './bundle.ts'
import type { DocumentKind } from './catalogue.ts'
import { type Checklist, checklistFor, type NeededDocument } from './checklist.ts'
import { type Answers, applies } from './condition.ts'
import type { Item, ItemQuestion } from './item.ts'
import { readSituation } from './situation.ts'

/** An open question with the key under which its answer is given: `place`, or of a part `food-business.place`. */
export interface OpenQuestion {
  key: string
  question: ItemQuestion
}

/** One item of a bundle as this person has it. */
export interface BundleStep {
  item: Item
  checklist: Checklist
  /** Items of this situation that come first. */
  after: string[]
  /** 0 for what is begun at once, 1 for what waits for that, and so on. */
  wave: number
  /** Answers to the item's own questions that were asked for it, not those that the bundle knows. */
  own: Answers
}

/** A document with the items that ask for it. */
export interface SharedDocument extends NeededDocument {
  items: string[]
}

/** What one person needs for a bundle. */
export interface BundleChecklist {
  /** Answers to the bundle's own questions. */
  answers: Answers
  open: OpenQuestion | null
  /** In the order in which they can be done. */
  steps: BundleStep[]
  /** Each document once, with all items that ask for it; forms that are filled in for the person by item. */
  documents: SharedDocument[]
  /** Documents that an earlier item brings. */
  gained: SharedDocument[]
  /** Working days of the longest chain, counted by what is promised. */
  workingDays: number
}

export interface BundleParts {
  items: ReadonlyMap<string, Item>
  kinds: ReadonlyMap<string, DocumentKind>
}

/** The merged checklist for whoever answered so far; answers to a part's questions are keyed `<item>.<question>`. */
export function bundleChecklistFor(
  bundle: Bundle,
  given: Answers,
  { items, kinds }: BundleParts,
): BundleChecklist {
  const { answers, open } = readSituation(bundle.questions, given)
  const parts = bundle.items.filter(part => applies(part.when, answers))
  const steps = stepsOf(parts, part =>
    checklistFor(items.get(part.item)!, answersFor(part, answers, given), kinds),
  ).map(step => ({ ...step, item: items.get(step.id)! }))
  const first = steps.find(({ checklist }) => checklist.open !== null)
  const { documents, gained } = mergeDocuments(parts, steps)
  return {
    answers,
    open: open
      ? { key: open.id, question: open }
      : first
        ? { key: `${first.item.id}.${first.checklist.open!.id}`, question: first.checklist.open! }
        : null,
    steps: steps.map(({ item, checklist, after, wave, own }) => ({ item, checklist, after, wave, own })),
    documents,
    gained,
    workingDays: longestChain(steps),
  }
}

/** What is known for one part: what goes without saying, what the bundle was answered, what the part itself was. */
function answersFor(part: BundlePart, answers: Answers, given: Answers): Answers {
  const own = Object.entries(given).flatMap(([key, choice]) =>
    key.startsWith(`${part.item}.`) ? [[key.slice(part.item.length + 1), choice]] : [],
  )
  const same = Object.entries(part.same).flatMap(([question, key]) =>
    answers[key] === undefined ? [] : [[question, answers[key]]],
  )
  return Object.fromEntries([...own, ...same, ...Object.entries(part.given)])
}

interface Ordered {
  id: string
  checklist: Checklist
  after: string[]
  wave: number
  own: Answers
}

function stepsOf(parts: readonly BundlePart[], read: (part: BundlePart) => Checklist): Ordered[] {
  const here = new Set(parts.map(({ item }) => item))
  const waves = new Map<string, number>()
  const waveOf = (id: string): number => {
    const known = waves.get(id)
    if (known !== undefined) return known
    const before = parts.find(part => part.item === id)!.after.filter(each => here.has(each))
    const wave = before.length === 0 ? 0 : Math.max(...before.map(waveOf)) + 1
    waves.set(id, wave)
    return wave
  }
  const ordered = parts.map(part => {
    const checklist = read(part)
    return {
      id: part.item,
      checklist,
      after: part.after.filter(id => here.has(id)),
      wave: waveOf(part.item),
      own: Object.fromEntries(
        Object.entries(checklist.answers).filter(([id]) => !(id in part.given) && !(id in part.same)),
      ),
    }
  })
  return ordered.toSorted((a, b) => a.wave - b.wave)
}

function mergeDocuments(
  parts: readonly BundlePart[],
  steps: readonly Ordered[],
): { documents: SharedDocument[]; gained: SharedDocument[] } {
  const documents = new Map<string, SharedDocument>()
  const gained = new Map<string, SharedDocument>()
  const given = new Map(parts.flatMap(({ item, gives }) => gives.map(document => [document, item] as const)))
  for (const { id, checklist } of steps)
    for (const needed of checklist.documents) {
      const from = given.get(needed.kind.id)
      const target =
        from !== undefined && from !== id && steps.some(step => step.id === from) ? gained : documents
      // A form is filled in for each item by itself.
      const key = needed.kind.source === 'generated' ? `${needed.kind.id} ${id}` : needed.kind.id
      const known = target.get(key)
      target.set(key, known ? both(known, needed, id) : { ...needed, items: [id] })
    }
  return { documents: [...documents.values()], gained: [...gained.values()] }
}

/** One document for two items: it can be left at home only where both let it. */
function both(known: SharedDocument, needed: NeededDocument, item: string): SharedDocument {
  return {
    ...known,
    copies: Math.max(known.copies, needed.copies),
    exempt: known.exempt && needed.exempt ? known.exempt : null,
    items: [...known.items, item],
  }
}

function longestChain(steps: readonly (Ordered & { item: Item })[]): number {
  const ends = new Map<string, number>()
  for (const { id, item, after } of steps) {
    const begin = Math.max(0, ...after.map(each => ends.get(each) ?? 0))
    ends.set(id, begin + workingDaysOf(item.promisedLimit))
  }
  return Math.ceil(Math.max(0, ...ends.values()) - 1e-9)
}

/** A limit in working days of eight hours; five of seven calendar days are worked. */
function workingDaysOf({ amount, unit }: Limit): number {
  return amount * { min: 1 / 480, h: 1 / 8, d: 5 / 7, wd: 1 }[unit]
}
