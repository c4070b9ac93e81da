import type { Locale, Understanding } from '../language/understanding.ts'
import { type Answer, valuesIn } from './acceptors.ts'
import {
  awaitingAnswer,
  changeableSteps,
  firstUnmet,
  hasActed,
  type Question,
  questionOf,
  takeAlong,
} from './agenda.ts'
import { arbitrate } from './arbitrate.ts'
import { changedBy, reopen, takeBack, voidConclusions, voidSteps } from './changing.ts'
import type { Decision } from './decision.ts'
import { draftMatter } from './elements.ts'
import type { Effect, EngineContext, EngineInput, Outcome, StepResult } from './engine-context.ts'
import type { AskStep, Flow, Step } from './flow.ts'
import {
  carriedOver,
  fillAnswer,
  firstSlots,
  personIn,
  placeAtTold,
  stillOpen,
  takeIn,
  takeNote,
  takeUpFiling,
  tellMore,
  wordsOf,
} from './frame-filling.ts'
import { isBareWish, languageNamed } from './hearing.ts'
import { nextOfRow, takeRow } from './in-row.ts'
import { notePlace, type PlaceNoted } from './note-place.ts'
import { choicesOf, paramsOf, questionReply, repairReply, whichChange, whichMeant } from './question.ts'
import { type MatterDraft, type Reply, reply } from './reply.ts'
import { type ConversationState, type Frame, freshState, type Slots, topFrame } from './state.ts'

/** Questions about a question end here: an optional one is then passed over. */
const MOST_MISSES = 2

/** One step of a conversation. Pure: the same state, input and content give the same result. */
export function step(state: ConversationState, input: EngineInput, context: EngineContext): StepResult {
  const turn = new Turn(structuredClone(state), context)
  if (input.is === 'outcome') turn.takeOutcome(input.outcome)
  else if (input.is === 'begin') turn.begin(input.flow, input.said)
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

  hear(heard: Understanding): void {
    Object.assign(this.#state.facts, personIn(valuesIn(heard)))
    const question = this.#openQuestion()
    const said = takeRow(topFrame(this.#state), question, heard, this.#context.understand)
    const decision = arbitrate(this.#state, said, {
      ...this.#context,
      question: question && {
        step: question.step,
        choices: choicesOf(topFrame(this.#state)!, question.step, question.item),
      },
      changeable: this.#changeable(),
    })
    if (decision.do !== 'clarify') this.#state.clarifying = null
    this.#state.isChoosingChange = false
    if (decision.do !== 'not-understood') this.#state.misses = 0
    this.#perform(decision, said)
  }

  takeOutcome(outcome: Outcome): void {
    const frame = topFrame(this.#state)!
    const current = firstUnmet(this.#flowOf(frame), frame)!
    const act = current.step as Step & { do: string; outcomes: Record<string, string> }
    takeIn(frame, act.key, outcome)
    this.#state.frames = stillOpen(this.#state.frames, outcome)
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
        return this.begin('emergency', said)
      case 'add-matter':
        return this.#addMatter(said)
      case 'begin':
        return this.begin(
          decision.flow,
          decision.text === null ? said : this.#context.understand(decision.text),
        )
      case 'tell-more':
        tellMore(topFrame(this.#state)!, this.#state.awaiting?.item ?? null, said, this.#context)
        return this.#noted()
      case 'note-place':
        return this.#noted(notePlace(this.#state, said, this.#openQuestion()))
      case 'note':
        if (takeAlong(this.#state, decision.slots, this.#context.flows)) this.#say('noted')
        return this.#advance()
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
    fillAnswer(frame, { step: asked, item }, values, said, this.#context)
    frame.slots = { ...(said && valuesIn(said)), ...frame.slots }
    frame.answered.push({ step: asked.key, item })
    voidSteps(frame, asked.resets)
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

  #addMatter(said: Understanding): void {
    const frame = topFrame(this.#state)!
    const drafts = said.matters.map(matter => draftMatter(matter, this.#context.elements))
    frame.slots.matters = [...((frame.slots.matters as MatterDraft[] | undefined) ?? []), ...drafts]
    frame.slots.split = 'apart'
    voidConclusions(frame)
    this.#replies.push(reply('repair.matter-added', { count: drafts.length }))
    this.#advance()
  }

  #noted(how: PlaceNoted = 'noted'): void {
    if (typeof how !== 'string') return void this.#replies.push(how)
    this.#say(how)
    this.#advance()
  }

  begin(flow: string, said: Understanding): void {
    // Whoever goes on to something else is done with a question that was only a courtesy.
    if (this.#openQuestion()?.step.lapses) this.#state.frames.pop()
    if (flow === 'file-matter' && takeUpFiling(this.#state)) {
      return isBareWish(said, this.#context.elements) ? this.#resume() : this.#addMatter(said)
    }
    const slots = {
      ...this.#state.facts,
      ...firstSlots(flow, said, this.#context),
      unfinished: wordsOf(this.#state.frames),
    }
    placeAtTold(this.#state.frames, (slots as Slots).matters)
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
    reopen(frame, this.#flowOf(frame).steps.find(each => each.key === stepKey) as AskStep)
    this.#advance()
  }

  #clarify(intents: string[], said: Understanding): void {
    this.#state.clarifying = { text: said.text, intents }
    this.#replies.push(whichMeant(intents))
  }

  /** The open question got no usable answer (or there was none open). */
  #missed(said: Understanding, suffix: string | null): void {
    const { awaiting } = this.#state
    if (suffix === null && takeNote(topFrame(this.#state), said)) {
      if (awaiting) awaiting.misses++
      return this.#noted()
    }
    this.#state.misses++
    const question = this.#openQuestion()
    if (awaiting && question) {
      awaiting.misses++
      // "好的" to "留个手机号吧": agreed, and the answer is still to come.
      if (said.intent.label === 'affirm' && awaiting.misses < MOST_MISSES && !suffix) return this.#askAgain()
      if (question.step.optional && awaiting.misses >= MOST_MISSES)
        return this.#answer({ is: 'declined' }, said)
      if (suffix) return this.#ask(question, suffix)
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
    const frame = topFrame(this.#state)
    // What is done is done (an emergency is filed): only what was still to be asked is given up.
    const isDone = this.#openQuestion()?.step.optional && frame && hasActed(this.#flowOf(frame), frame)
    this.#state.frames.pop()
    this.#state.awaiting = null
    if (!isDone) this.#say('cancel')
    this.#resume()
  }

  #goBack(): void {
    const frame = topFrame(this.#state)
    const last = frame?.answered.pop()
    if (!frame || !last) {
      this.#say('nothing-to-go-back')
      return this.#askAgain()
    }
    takeBack(frame, this.#flowOf(frame).steps.find(each => each.key === last.step) as AskStep, last.item)
    this.#say('go-back')
    this.#advance()
  }

  #changeAnswer(said: Understanding | null): void {
    const frame = topFrame(this.#state)
    if (said && frame && changedBy(said, frame)) {
      voidConclusions(frame)
      this.#say('changed')
      return this.#advance()
    }
    if (this.#changeable().length === 0) return this.#repair('repeat', null)
    this.#state.isChoosingChange = true
    this.#replies.push(whichChange(this.#changeable()))
  }

  /** Takes the next step whose need is not met, until something must be waited for or the flow is over. */
  #advance(): void {
    for (let frame = topFrame(this.#state); frame; frame = topFrame(this.#state)) {
      const next = firstUnmet(this.#flowOf(frame), frame)
      if (!next) {
        Object.assign(this.#state.facts, personIn(frame.slots))
        this.#state.frames.pop()
        this.#state.awaiting = null
        return this.#resume()
      }
      if ('do' in next.step) {
        this.#effect = { name: next.step.do, flow: frame.flow, slots: frame.slots }
        return
      }
      if ('ask' in next.step) {
        const question = { step: next.step, item: next.item }
        this.#state.awaiting = awaitingAnswer(next.step.key, next.item, this.#state.awaiting)
        const given = nextOfRow(frame, question)
        return given ? this.#answer(given, null) : this.#ask(question, '')
      }
      if ('go' in next.step) {
        const { go, as } = next.step
        this.#state.frames = [
          ...this.#state.frames.slice(0, -1),
          { flow: go, slots: carriedOver(frame, as, this.#context), done: {}, answered: [] },
        ]
        continue
      }
      frame.done[next.step.key] = 'said'
      this.#replies.push(reply(next.step.key, paramsOf(frame)))
    }
  }

  #resume(): void {
    if (!topFrame(this.#state)) return
    this.#say('resume')
    this.#advance()
  }

  #askAgain(): void {
    const question = this.#openQuestion()
    if (question) this.#ask(question, '')
  }

  #openQuestion(): Question | null {
    const frame = topFrame(this.#state)
    return frame ? questionOf(this.#flowOf(frame), this.#state.awaiting) : null
  }

  #ask({ step, item }: Question, suffix: string): void {
    this.#replies.push(questionReply(topFrame(this.#state)!, step, item, suffix))
  }

  #changeable(): ReturnType<typeof changeableSteps> {
    const frame = topFrame(this.#state)
    return frame ? changeableSteps(this.#flowOf(frame), frame) : []
  }

  #say(repair: string): void {
    this.#replies.push(repairReply(repair, this.#context.repairs.get(repair)))
  }

  #flowOf(frame: Frame): Flow {
    const flow = this.#context.flows.get(frame.flow)
    if (!flow) throw new Error(`no flow ${frame.flow}`)
    return flow
  }
}
