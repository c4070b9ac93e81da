import type { Locale, Understanding } from '../language/understanding.ts'
import { type Answer, valuesIn } from './acceptors.ts'
import { arbitrate, type Decision } from './arbitrate.ts'
import { isAnswered, mattersMeant, REOPENED } from './changing.ts'
import { holds } from './conditions.ts'
import { draftMatter, type Elements, placeAnswer, placeSlots, withSubject } from './elements.ts'
import type { AskStep, Flow, Repair, Step } from './flow.ts'
import { dangerParams, isBareWish, languageNamed } from './hearing.ts'
import {
  type ChoiceRef,
  type MatterDraft,
  type Param,
  type Params,
  quotable,
  type Reply,
  reply,
} from './reply.ts'
import { afterFilling, joinMatters, retold } from './slot-effects.ts'
import { type ConversationState, type Frame, freshState, type Slots, topFrame, valueAt } from './state.ts'

/** Content and pure functions that the engine works with. */
export interface EngineContext {
  flows: ReadonlyMap<string, Flow>
  repairs: ReadonlyMap<string, Repair>
  elements: Elements
  flowOfIntent: ReadonlyMap<string, string>
  repairOfIntent: ReadonlyMap<string, string>
  /** Title of a choice in the person's language: what a tap says. */
  titleOf(choice: ChoiceRef): string
  understand(text: string): Understanding
}

/** What happens to the conversation: the person says something, or a use case that a flow asked for has come out. */
export type EngineInput = { is: 'said'; said: Understanding } | { is: 'outcome'; outcome: Outcome }

/** How a use case came out: the name decides what the flow does next. */
export interface Outcome {
  name: string
  params?: Params
  cases?: Reply['cases']
  /** Merged into the frame; `null` in `clear` order: slots to forget, so that they are asked for again. */
  slots?: Slots
  clear?: string[]
  /** Remembered beyond the flow. */
  facts?: Slots
  /** What was interrupted is dealt with too: it is not taken up again. */
  settles?: boolean
}

/** A use case that the flow needs now; its outcome must be given to `step` before anything else. */
export interface Effect {
  name: string
  flow: string
  slots: Slots
}

export interface StepResult {
  state: ConversationState
  replies: Reply[]
  effect: Effect | null
  /** The person asked for another language. */
  locale: Locale | null
}

/** When it happened, said along with another answer. */
function timeIn(said: Understanding, frame: Frame, asked: AskStep, item: number): Slots {
  const isKnown = (frame.slots[asked.each!] as Slots[])[item]!.time !== undefined
  return said.times[0] && !isKnown ? { time: said.times[0].text } : {}
}

/** Questions about a question end here: an optional one is then passed over. */
const MOST_MISSES = 2
/** One step of a conversation. Pure: the same state, input and content give the same result. */
export function step(state: ConversationState, input: EngineInput, context: EngineContext): StepResult {
  const turn = new Turn(structuredClone(state), context)
  if (input.is === 'outcome') turn.takeOutcome(input.outcome)
  else turn.hear(input.said)
  return turn.result()
}

/** One turn's working copy of the state; lives only inside `step`. */
class Turn {
  readonly #context: EngineContext
  #state: ConversationState
  readonly #replies: Reply[] = []
  #effect: Effect | null = null
  #locale: Locale | null = null

  constructor(state: ConversationState, context: EngineContext) {
    this.#state = state
    this.#context = context
  }

  result(): StepResult {
    return { state: this.#state, replies: this.#replies, effect: this.#effect, locale: this.#locale }
  }

  hear(said: Understanding): void {
    this.#rememberFacts(valuesIn(said))
    const question = this.#openQuestion()
    const decision = arbitrate(this.#state, said, {
      ...this.#context,
      question: question && { step: question.step, choices: this.#choicesOf(question.step, question.item) },
      changeable: this.#changeable(),
    })
    if (decision.do !== 'clarify') this.#state.clarifying = null
    this.#state.isChoosingChange = false
    if (decision.do !== 'not-understood') this.#state.misses = 0
    this.#perform(decision, said)
  }

  takeOutcome(outcome: Outcome): void {
    const frame = topFrame(this.#state)!
    const current = this.#firstUnmet(frame)!
    const act = current.step as Step & { do: string; outcomes: Record<string, string> }
    frame.done[act.key] = outcome.name
    frame.slots = {
      ...frame.slots,
      ...(outcome.slots ?? {}),
      ...(outcome.params ? { params: outcome.params } : {}),
    }
    for (const slot of outcome.clear ?? []) delete frame.slots[slot]
    if (outcome.settles) this.#state.frames = [frame]
    this.#state.facts = { ...this.#state.facts, ...(outcome.facts ?? {}) }
    if (act.outcomes[outcome.name] !== 'silent') {
      this.#replies.push(
        reply(`${act.key}.${outcome.name}`, outcome.params ?? {}, { cases: outcome.cases ?? [] }),
      )
    }
    this.#advance()
  }

  #perform(decision: Decision, said: Understanding): void {
    switch (decision.do) {
      case 'answer':
        return this.#answer(decision.answer, said)
      case 'invalid':
        return this.#missed(said, '.invalid')
      case 'emergency':
        return this.#begin('emergency', said)
      case 'add-matter':
        return this.#addMatter(said)
      case 'begin':
        return this.#begin(
          decision.flow,
          decision.text === null ? said : this.#context.understand(decision.text),
        )
      case 'tell-more':
        return this.#tellMore(said)
      case 'change':
        return this.#forget(decision.step)
      case 'repair':
        return this.#repair(decision.repair, said)
      case 'clarify':
        return this.#clarify(decision.intents, said)
      case 'not-understood':
        return this.#missed(said, null)
    }
  }

  #answer(answer: Answer & { is: 'filled' | 'declined' }, said: Understanding | null): void {
    const { step: asked, item } = this.#openQuestion()!
    const frame = topFrame(this.#state)!
    const values = answer.is === 'filled' ? answer.slots : { [asked.ask]: null }
    if (asked.each)
      this.#fillItem(frame, asked, item!, said ? { ...timeIn(said, frame, asked, item!), ...values } : values)
    else this.#fillFrame(frame, asked, values)
    frame.slots = { ...(said && valuesIn(said)), ...frame.slots }
    frame.answered.push({ step: asked.key, item })
    this.#void(frame, asked.resets)
    this.#state.awaiting = null
    this.#afterAnswer(frame, asked)
  }

  #afterAnswer(frame: Frame, asked: AskStep): void {
    if (asked.ask === 'confirmed' && frame.slots.confirmed !== 'submit') {
      const wish = frame.slots.confirmed
      delete frame.slots.confirmed
      return this.#repair(wish === 'cancel' ? 'cancel' : 'change-answer', null)
    }
    this.#advance()
  }

  #fillFrame(frame: Frame, asked: AskStep, values: Slots): void {
    const filled = { ...frame.slots, ...values }
    frame.slots = afterFilling(filled, asked.ask, values[asked.ask], this.#context)
  }

  #fillItem(frame: Frame, asked: AskStep, item: number, values: Slots): void {
    const list = frame.slots[asked.each!] as Slots[]
    list[item] = afterFilling({ ...list[item], ...values }, asked.ask, values[asked.ask], this.#context)
    // One place said for the first of several matters is where the others are too, unless they say otherwise.
    if (asked.ask === 'place' && values.place) {
      for (const other of list)
        if (other.place === undefined && other.needsPlace) Object.assign(other, values)
    }
  }

  #addMatter(said: Understanding): void {
    const frame = topFrame(this.#state)!
    const drafts = said.matters.map(matter => draftMatter(matter, this.#context.elements))
    frame.slots.matters = [...((frame.slots.matters as MatterDraft[] | undefined) ?? []), ...drafts]
    frame.slots.split = 'apart'
    this.#void(frame, ['preview'])
    this.#replies.push(reply('repair.matter-added', { count: drafts.length }))
    this.#advance()
  }

  /** An unfinished filing is gone on with, so that nothing told before is lost. Is there one? */
  #takeUpFiling(): boolean {
    const { frames } = this.#state
    const unfinished = frames.find(frame => frame.flow === 'file-matter' && frame.slots.matters)
    if (!unfinished) return false
    this.#state.frames = [...frames.filter(frame => frame !== unfinished), unfinished]
    this.#state.awaiting = null
    return true
  }

  /** More of what is being filed: it joins the caller's words, and a place that was missing is kept. */
  #tellMore(said: Understanding): void {
    const frame = topFrame(this.#state)!
    const { awaiting } = this.#state
    const matters = (frame.slots.matters ?? []) as MatterDraft[]
    const item = awaiting?.item ?? matters.length - 1
    matters[item] = retold(matters[item]!, said.text.trim(), this.#context)
    frame.slots.matters = matters
    this.#placeUnplaced(matters, said)
    this.#void(frame, ['preview'])
    this.#say('noted')
    this.#advance()
  }

  #begin(flow: string, said: Understanding): void {
    // Whoever goes on to something else is done with a question that was only a courtesy.
    if (this.#openQuestion()?.step.lapses) this.#state.frames.pop()
    if (flow === 'file-matter' && this.#takeUpFiling()) {
      return isBareWish(said, this.#context.elements) ? this.#resume() : this.#addMatter(said)
    }
    const drafts = said.matters.map(matter => draftMatter(matter, this.#context.elements))
    const isBare = isBareWish(said, this.#context.elements)
    const slots: Slots = {
      ...this.#state.facts,
      ...valuesIn(said),
      said: said.text,
      isBare,
      unfinished: this.#unfinished(),
      ...(said.times[0] ? { time: said.times[0].text } : {}),
      ...(isBare && said.dangers.length === 0
        ? {}
        : { matters: flow === 'emergency' ? [joinMatters(drafts)] : drafts }),
    }
    if (said.dangers.length > 0) {
      slots.params = dangerParams(said)
      slots.service = said.dangers[0]!.service
    }
    // An emergency is told what to do before anything else is asked; what ran before is taken up again afterwards.
    this.#state.frames = [
      ...this.#state.frames.filter(frame => frame.flow !== flow),
      { flow, slots, done: {}, answered: [] },
    ]
    this.#state.awaiting = null
    this.#advance()
  }

  #forget(stepKey: string): void {
    const frame = topFrame(this.#state)!
    const asked = this.#flowOf(frame).steps.find(each => each.key === stepKey) as AskStep & { key: string }
    const targets = asked.each ? (frame.slots[asked.each] as Slots[]) : [frame.slots]
    for (const target of targets) {
      delete target[asked.ask]
      if (asked.each) Object.assign(target, REOPENED[asked.ask])
    }
    if (asked.ask === 'matters') delete frame.slots.split
    delete frame.slots.confirmed
    this.#void(frame, ['preview'])
    this.#advance()
  }

  #clarify(intents: string[], said: Understanding): void {
    this.#state.clarifying = { text: said.text, intents }
    const choices = intents.map((id): ChoiceRef => ({ id, label: { is: 'intent', id } }))
    this.#replies.push(reply('repair.clarify', {}, { choices, expects: 'text' }))
  }

  /** A place said before it was asked for is kept, and the open question asked again. */
  #takeNote(said: Understanding): boolean {
    const matters = (topFrame(this.#state)?.slots.matters ?? []) as MatterDraft[]
    if (!this.#placeUnplaced(matters, said)) return false
    this.#void(topFrame(this.#state)!, ['preview'])
    this.#say('noted')
    return true
  }

  #placeUnplaced(matters: MatterDraft[], said: Understanding): boolean {
    const unplaced = matters.filter(matter => !matter.place)
    if (said.places.length === 0 || unplaced.length === 0) return false
    for (const matter of unplaced) Object.assign(matter, placeAnswer(said))
    return true
  }

  /** The open question got no usable answer (or there was none open). */
  #missed(said: Understanding, suffix: string | null): void {
    const { awaiting } = this.#state
    if (suffix === null && this.#takeNote(said)) return this.#advance()
    this.#state.misses++
    const question = this.#openQuestion()
    if (awaiting && question) {
      awaiting.misses++
      // "好的" to "留个手机号吧": agreed, and the answer is still to come.
      if (said.intent.label === 'affirm' && awaiting.misses < MOST_MISSES && !suffix) return this.#askAgain()
      if (question.step.optional && awaiting.misses >= MOST_MISSES)
        return this.#answer({ is: 'declined' }, said)
      if (suffix) return void this.#ask(question.step, question.item, suffix)
    }
    const repair = this.#state.misses > MOST_MISSES ? 'still-not-understood' : 'not-understood'
    this.#repair(repair, said)
  }

  #repair(id: string, said: Understanding | null): void {
    const repairs: Record<string, () => void> = {
      cancel: () => this.#cancel(),
      restart: () => {
        this.#state = freshState(this.#state.facts)
        this.#say('restart')
      },
      'go-back': () => this.#goBack(),
      repeat: () => {
        this.#say(this.#openQuestion() ? 'repeat' : 'help')
        this.#askAgain()
      },
      'change-answer': () => this.#changeAnswer(said),
      'change-language': () => {
        this.#locale = languageNamed(said?.text ?? '')
        this.#say('change-language')
        this.#askAgain()
      },
    }
    const special = repairs[id]
    if (special) return special()
    this.#say(id)
    if (this.#context.repairs.get(id)?.asksAgain) this.#askAgain()
  }

  #cancel(): void {
    const question = this.#openQuestion()
    // What is done is done (an emergency is filed): only the question is given up.
    if (question?.step.optional && this.#hasActed()) return this.#answer({ is: 'declined' }, null)
    this.#state.frames.pop()
    this.#state.awaiting = null
    this.#say('cancel')
    this.#resume()
  }

  /** Did the running flow already do something that it told? */
  #hasActed(): boolean {
    const frame = topFrame(this.#state)!
    return this.#flowOf(frame).steps.some(
      each => 'do' in each && each.outcomes[frame.done[each.key] ?? ''] === 'said',
    )
  }

  #goBack(): void {
    const frame = topFrame(this.#state)
    const last = frame?.answered.pop()
    if (!frame || !last) {
      this.#say('nothing-to-go-back')
      return this.#askAgain()
    }
    const asked = this.#flowOf(frame).steps.find(each => each.key === last.step) as AskStep
    const target = asked.each ? (frame.slots[asked.each] as Slots[])[last.item!]! : frame.slots
    delete target[asked.ask]
    this.#void(frame, ['preview', ...asked.resets])
    this.#say('go-back')
    this.#advance()
  }

  #changeAnswer(said: Understanding | null): void {
    const frame = topFrame(this.#state)
    const matters = frame?.slots.matters as MatterDraft[] | undefined
    if (said && frame && this.#changedBy(said, frame, matters)) {
      this.#void(frame, ['preview'])
      this.#say('changed')
      return this.#advance()
    }
    if (this.#changeable().length === 0) return this.#repair('repeat', null)
    this.#state.isChoosingChange = true
    const choices = this.#changeable().map(
      ({ step: id, label }): ChoiceRef => ({ id, label: { is: 'text', key: label } }),
    )
    this.#replies.push(reply('repair.change-answer', {}, { choices, expects: 'text' }))
  }

  /** "不是人民路，是建设路": the new value is in the message itself. */
  #changedBy(said: Understanding, frame: Frame, matters: MatterDraft[] | undefined): boolean {
    const place = said.places.at(-1)
    if (place && matters)
      for (const matter of mattersMeant(said, matters)) Object.assign(matter, placeSlots(place))
    const values = valuesIn(said)
    frame.slots = { ...frame.slots, ...values }
    return (place !== undefined && matters !== undefined) || Object.keys(values).length > 0
  }

  /** Takes the next step whose need is not met, until something must be waited for or the flow is over. */
  #advance(): void {
    for (let frame = topFrame(this.#state); frame; frame = topFrame(this.#state)) {
      const next = this.#firstUnmet(frame)
      if (!next) {
        this.#rememberFacts(frame.slots)
        this.#state.frames.pop()
        this.#state.awaiting = null
        return this.#resume()
      }
      if ('do' in next.step) {
        this.#effect = { name: next.step.do, flow: frame.flow, slots: frame.slots }
        return
      }
      if ('ask' in next.step) {
        this.#state.awaiting = { step: next.step.key, item: next.item, misses: 0 }
        return this.#ask(next.step, next.item, '')
      }
      if ('go' in next.step) {
        const { go, as } = next.step
        this.#state.frames = [
          ...this.#state.frames.slice(0, -1),
          { flow: go, slots: this.#carriedOver(frame, as), done: {}, answered: [] },
        ]
        continue
      }
      frame.done[next.step.key] = 'said'
      this.#replies.push(reply(next.step.key, paramsOf(frame)))
    }
  }

  /** A question that goes on as a filing is what is filed. */
  #carriedOver({ slots }: Frame, type: string | undefined): Slots {
    const { elements } = this.#context
    const told = slots.question ?? (slots.matters ? null : slots.said)
    const matters =
      typeof told === 'string'
        ? this.#context.understand(told).matters.map(matter => draftMatter(matter, elements))
        : (slots.matters as MatterDraft[])
    const typed = (matter: MatterDraft) =>
      type ? withSubject({ ...matter, type, needsDetail: false }, matter.subject, elements) : matter
    return { ...slots, matters: matters.map(typed) }
  }

  #resume(): void {
    if (!topFrame(this.#state)) return
    this.#say('resume')
    this.#advance()
  }

  #rememberFacts({ phone, personName }: Slots): void {
    if (typeof phone === 'string') this.#state.facts.phone = phone
    if (typeof personName === 'string') this.#state.facts.personName = personName
  }

  #firstUnmet(frame: Frame): { step: Step; item: number | null } | null {
    for (const candidate of this.#flowOf(frame).steps) {
      if ('ask' in candidate && candidate.each) {
        const list = (frame.slots[candidate.each] as Slots[] | undefined) ?? []
        const item = list.findIndex(
          each => each[candidate.ask] === undefined && holds(candidate.when, frame, each),
        )
        if (item >= 0) return { step: candidate, item }
        continue
      }
      const isMet =
        'ask' in candidate
          ? frame.slots[candidate.ask] !== undefined
          : frame.done[candidate.key] !== undefined
      if (!isMet && holds(candidate.when, frame, null)) return { step: candidate, item: null }
    }
    return null
  }

  #ask(asked: AskStep & { key: string }, item: number | null, suffix: string): void {
    const frame = topFrame(this.#state)!
    const subject = item === null ? null : (frame.slots[asked.each!] as Slots[])[item]!
    const isOneOfMany = subject !== null && (frame.slots[asked.each!] as Slots[]).length > 1
    const about: Params = isOneOfMany
      ? {
          about: {
            is: 'text',
            key: 'file-matter.about',
            params: { words: shorten(quotable(String(subject.words))) },
          },
        }
      : { about: '' }
    const variant = asked.variant ? `.${valueAt(frame, subject, asked.variant)}` : ''
    this.#replies.push(
      reply(
        `${asked.key}${variant}${suffix}`,
        { ...mattersOf(frame), ...paramsOf(frame), ...about },
        {
          choices: this.#choicesOf(asked, item),
          expects: asked.expects,
        },
      ),
    )
  }

  #askAgain(): void {
    const question = this.#openQuestion()
    if (question) this.#ask(question.step, question.item, '')
  }

  #openQuestion(): { step: AskStep & { key: string }; item: number | null } | null {
    const { awaiting } = this.#state
    const frame = topFrame(this.#state)
    if (!awaiting || !frame) return null
    const asked = this.#flowOf(frame).steps.find(each => each.key === awaiting.step)
    return asked && 'ask' in asked ? { step: asked, item: awaiting.item } : null
  }

  #choicesOf(asked: AskStep & { key?: string }, item: number | null): ChoiceRef[] {
    const frame = topFrame(this.#state)!
    const subject = item === null ? null : (frame.slots[asked.each!] as Slots[])[item]!
    const fixed = asked.choices
      .filter(choice => holds(choice.when, frame, subject))
      .map(
        ({ id, means }): ChoiceRef => ({
          id,
          label: { is: 'text', key: `${asked.key}.choices.${id}` },
          ...(means ? { means } : {}),
        }),
      )
    return [...dynamicChoices(asked, frame, subject), ...fixed]
  }

  #changeable(): { step: string; label: string; named: string }[] {
    const frame = topFrame(this.#state)
    if (!frame) return []
    return this.#flowOf(frame).steps.flatMap(each =>
      'ask' in each && each.changeable && isAnswered(frame, each)
        ? [{ step: each.key, label: `${each.key}.change`, named: `${each.key}.named` }]
        : [],
    )
  }

  /** What was told in flows that are interrupted now. */
  #unfinished(): string[] {
    return this.#state.frames.flatMap(({ slots }) =>
      ((slots.matters ?? []) as MatterDraft[]).map(matter => matter.words),
    )
  }

  #void(frame: Frame, stepIds: readonly string[]): void {
    for (const key of Object.keys(frame.done)) {
      if (!stepIds.includes(key.split('.')[1]!)) continue
      delete frame.done[key]
      // What it came to is not to be told any more.
      delete frame.slots.params
    }
  }

  #say(repair: string): void {
    const choices = (this.#context.repairs.get(repair)?.choices ?? []).map(
      (id): ChoiceRef => ({ id, label: { is: 'text', key: `repair.${repair}.choices.${id}` } }),
    )
    this.#replies.push(reply(`repair.${repair}`, {}, { choices }))
  }

  #flowOf(frame: Frame): Flow {
    const flow = this.#context.flows.get(frame.flow)
    if (!flow) throw new Error(`no flow ${frame.flow}`)
    return flow
  }
}

function dynamicChoices(asked: AskStep, frame: Frame, subject: Slots | null): ChoiceRef[] {
  if (asked.accepts === 'subject') {
    const candidates = (subject as unknown as MatterDraft).subjectCandidates.slice(0, 3)
    return candidates.map(({ label }): ChoiceRef => ({ id: label, label: { is: 'subject', id: label } }))
  }
  if (asked.accepts === 'case') {
    const cases = frame.slots.cases as { id: string; number: string; summary: string }[]
    return cases.map(({ id, number, summary }): ChoiceRef => ({ id, label: `${number} ${shorten(summary)}` }))
  }
  return []
}

/** The matters of the frame as a numbered list, for the question whether to file them apart. */
function mattersOf(frame: Frame): Params {
  const matters = (frame.slots.matters ?? []) as MatterDraft[]
  const items = matters.map(
    ({ words }, i): Param => ({
      is: 'text',
      key: 'file-matter.split-item',
      params: { n: i + 1, words: quotable(words) },
    }),
  )
  return { count: matters.length, list: { is: 'list', items, separator: '\n' } }
}

function paramsOf(frame: Frame): Params {
  return (frame.slots.params as Params | undefined) ?? {}
}

function shorten(words: string): string {
  const letters = [...words.trim()]
  return letters.length > 18 ? `${letters.slice(0, 17).join('')}…` : letters.join('')
}
