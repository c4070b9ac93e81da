import type { Limit } from '../clocks/limit.ts'
import type { SharedDocument } from '../guidance/bundle-checklist.ts'
import type { NeededDocument } from '../guidance/checklist.ts'
import type { Answers } from '../guidance/condition.ts'
import type { Item, ItemAdvice, ItemFee, ItemQuestion, ItemStep } from '../guidance/item.ts'
import type { GuideDocument, GuideView } from '../guidance/told-guide.ts'
import type { Locale } from '../language/understanding.ts'
import { appliedById, codeOfGuide, type Guide, guideFor, openQuestionOf } from './guide.ts'
import type { Line } from './line.ts'

/** What one person needs, in their language. @throws AppError `guide-not-found` */
export function viewGuide(line: Line, id: string, given: Answers, locale: Locale): GuideView {
  const guide = guideFor(line, id, given)
  const words = new GuideWords(line, locale)
  return guide.is === 'item' ? words.ofItem(guide) : words.ofBundle(guide)
}

type Named = { name: string; en: string }

class GuideWords {
  readonly #line: Line
  readonly #locale: Locale

  constructor(line: Line, locale: Locale) {
    this.#line = line
    this.#locale = locale
  }

  ofItem({ item, checklist }: Extract<Guide, { is: 'item' }>): GuideView {
    const { answers, documents, steps, advice, stop } = checklist
    return {
      ...this.#frame({ is: 'item', item, checklist }, answers),
      name: this.#name(item),
      about: '',
      answered: this.#answered(item.questions, answers, ''),
      stop: stop && this.#stop(stop),
      documents: documents.map(each => this.#document(each, item.questions)),
      gained: [],
      facts: this.#factsOf(item, checklist.fees),
      steps: steps.map(step => this.#step(item, step)),
      conditions: item.conditions.map(each => this.#text(each)),
      advice: advice.map(each => this.#text(each)),
      often: item.often.map(({ question, answer, en, answerEn }) => ({
        question: this.#both(question, en),
        answer: this.#both(answer, answerEn),
      })),
    }
  }

  ofBundle({ bundle, checklist }: Extract<Guide, { is: 'bundle' }>): GuideView {
    const { steps, documents, gained, workingDays } = checklist
    const answers = this.#bundleAnswers(checklist)
    const nameOf = (id: string) => this.#name(steps.find(({ item }) => item.id === id)!.item)
    const forItems = ({ items, kind }: SharedDocument) => {
      if (items.length < 2 && kind.source !== 'generated') return []
      const key = items.length < 2 ? 'for-item' : 'for-items'
      return [this.#say(key, { items: items.map(nameOf).join(this.#say('list')) })]
    }
    const fees = steps.flatMap(({ checklist: each }) => each.fees)
    return {
      ...this.#frame({ is: 'bundle', bundle, checklist }, answers),
      name: this.#name(bundle),
      about: this.#both(bundle.about, bundle.aboutEn),
      answered: [
        ...this.#answered(bundle.questions, answers, ''),
        ...steps.flatMap(({ item }) => this.#answered(item.questions, answers, `${item.id}.`)),
      ],
      stop: null,
      documents: documents.map(each => {
        const { notes, ...document } = this.#document(each, [])
        return { ...document, notes: [...notes, ...forItems(each)] }
      }),
      gained: gained.map(({ kind }) => this.#name(kind)),
      facts: [
        this.#fact('total', this.#say('working-days', { count: workingDays })),
        this.#fact('fee', this.#fees(fees)),
      ],
      steps: steps.map(({ item, checklist: own, after }) => ({
        name: this.#name(item),
        notes: [
          this.#limit(item.promisedLimit),
          ...(after.length > 0
            ? [this.#say('after', { items: after.map(nameOf).join(this.#say('list')) })]
            : []),
          ...(own.stop ? [this.#text(own.stop)] : []),
        ],
        item: item.id,
      })),
      conditions: [],
      advice: steps.flatMap(({ checklist: own }) => own.advice.map(each => this.#text(each))),
      often: [],
    }
  }

  #frame(
    guide: Guide,
    answers: Answers,
  ): Pick<GuideView, 'id' | 'is' | 'question' | 'answers' | 'isOnline' | 'code'> {
    const open = openQuestionOf(guide)
    const id = guide.is === 'item' ? guide.item.id : guide.bundle.id
    return {
      id,
      is: guide.is,
      question: open && {
        key: open.key,
        ask: this.#both(open.question.ask, open.question.en),
        choices: open.question.choices.map(choice => ({ id: choice.id, name: this.#name(choice) })),
      },
      answers: { ...answers },
      isOnline: guide.is === 'item' && guide.item.channels.includes('online'),
      code: codeOfGuide(this.#line, id, answers),
    }
  }

  /** The bundle's own answers and those of its items that it asked for itself. */
  #bundleAnswers({ answers, steps }: Extract<Guide, { is: 'bundle' }>['checklist']): Answers {
    return Object.fromEntries([
      ...Object.entries(answers),
      ...steps.flatMap(step =>
        Object.entries(step.own).map(([key, choice]) => [`${step.item.id}.${key}`, choice]),
      ),
    ])
  }

  #document(
    { kind, copies, form, exempt, because, note }: NeededDocument,
    questions: readonly ItemQuestion[],
  ): GuideDocument {
    const issuer = kind.issuer ? this.#both(kind.issuer, kind.issuerEn ?? kind.issuer) : null
    const why = this.#answered(questions, because, '').map(({ ask, choice }) =>
      this.#say('because', { ask, choice }),
    )
    const source =
      kind.source === 'department' && issuer
        ? this.#say('source.department', { issuer })
        : this.#say(`source.${kind.source === 'generated' ? 'generated' : 'applicant'}`)
    return {
      id: kind.id,
      name: this.#name(kind),
      notes: [
        `${source}${this.#say('between')}${this.#say(`form.${form}`, { copies })}`,
        ...(note ? [this.#both(note.zh, note.en)] : []),
        ...why,
      ],
      exempt: exempt && this.#say(`exempt.${exempt}`),
    }
  }

  #answered(
    questions: readonly ItemQuestion[],
    answers: Answers,
    prefix: string,
  ): { key: string; ask: string; choice: string }[] {
    return questions.flatMap(({ id, ask, en, choices }) => {
      const choice = choices.find(each => each.id === answers[prefix + id])
      return choice ? [{ key: prefix + id, ask: this.#both(ask, en), choice: this.#name(choice) }] : []
    })
  }

  #factsOf(item: Item, fees: readonly ItemFee[]): GuideView['facts'] {
    const { promisedLimit, statutoryLimit, places, channels, result, basis, department, kind, category } =
      item
    const { catalogue } = this.#line.content
    const list = (texts: readonly string[]) => texts.join(this.#say('list'))
    const where = catalogue.places
      .filter(({ id }) => places.includes(id))
      .map(each =>
        this.#say('place', { address: this.#both(each.address, each.addressEn), name: this.#name(each) }),
      )
    const limits = { promised: this.#limit(promisedLimit), statutory: this.#limit(statutoryLimit) }
    const group = catalogue.categories.find(({ id }) => id === category)!
    const valid = result.validYears ? this.#say('valid', { years: result.validYears }) : ''
    return [
      this.#fact('limit', this.#say('limits', limits)),
      this.#fact('fee', this.#fees(fees)),
      this.#fact('where', list(where)),
      this.#fact('channels', list(channels.map(each => this.#say(`channel.${each}`)))),
      this.#fact(
        'who',
        list(item.applicants.map(each => this.#say(`applicant.${each}`))) +
          this.#say(item.byAgent ? 'by-agent' : 'in-person'),
      ),
      this.#fact('result', `${this.#both(result.name, result.en)}${valid}`),
      this.#fact('department', this.#line.names.department(department, this.#locale)),
      this.#fact(
        'kind',
        `${this.#say(`kind.${kind}`)}${this.#say('between')}${this.#name(group)}${this.#say('between')}${item.code}`,
      ),
      this.#fact('basis', basis),
    ]
  }

  #fees(fees: readonly ItemFee[]): string {
    if (fees.length === 0) return this.#say('free')
    return fees
      .map(({ name, en, yuan, how, howEn }) => {
        const amount = yuan === undefined ? this.#both(how!, howEn!) : this.#say('yuan', { yuan })
        return this.#say('fee', { name: this.#both(name, en), amount })
      })
      .join(this.#say('list'))
  }

  #step(item: Item, step: ItemStep): GuideView['steps'][number] {
    const post = this.#line.content.authority.posts.find(({ id }) => id === step.by)!
    const department = this.#line.names.department(step.department ?? item.department, this.#locale)
    const name = step.name ? this.#both(step.name, step.en ?? step.name) : this.#say(`act.${step.act}`)
    return {
      name,
      notes: [this.#limit(step.limit), this.#say('by', { department, post: this.#name(post) })],
      item: null,
    }
  }

  #stop({ text, en, see }: ItemAdvice): GuideView['stop'] {
    const other = see === undefined ? null : appliedById(this.#line, see)
    const named = other && (other.is === 'item' ? other.item : other.bundle)
    return { text: this.#both(text, en), see: named && { id: named.id, name: this.#name(named) } }
  }

  #fact(name: string, value: string): { name: string; value: string } {
    return { name: this.#say(`fact.${name}`), value }
  }

  #limit({ amount, unit }: Limit): string {
    return this.#line.content.texts.of(this.#locale, `limit.${unit}`, { amount })
  }

  #name({ name, en }: Named): string {
    return this.#both(name, en)
  }

  #text({ text, en }: { text: string; en: string }): string {
    return this.#both(text, en)
  }

  #both(zh: string, en: string): string {
    return this.#line.names.text({ zh, en }, this.#locale)
  }

  #say(key: string, params: Record<string, string | number> = {}): string {
    return this.#line.content.texts.of(this.#locale, `guide.${key}`, params)
  }
}
