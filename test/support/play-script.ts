import type { Case } from '../../src/cases/case.ts'
import { promiseOf, stageOf } from '../../src/cases/case.ts'
import type { Conversation, Incoming, Outgoing, TranscriptEntry } from '../../src/conversation/message.ts'
import { DAY, HOUR, MINUTE } from '../../src/kernel/clock.ts'
import { isUnderSubject } from '../../src/kernel/subject-path.ts'
import { leadOf } from '../../src/usecases/case-card.ts'
import { deliverNotification } from '../../src/usecases/deliver-notification.ts'
import { followNeighbours } from '../../src/usecases/follow-neighbours.ts'
import type { Line } from '../../src/usecases/line.ts'
import { openConversation } from '../../src/usecases/open-conversation.ts'
import type { Account, Store } from '../../src/usecases/ports.ts'
import { sweepClocks } from '../../src/usecases/sweep-clocks.ts'
import { takeTurn } from '../../src/usecases/take-turn.ts'
import { actAtDesk } from '../../src/usecases/work-at-desk.ts'
import type { CaseExpectation, ConversationScript, ScriptStep } from './conversation-script.ts'
import { inOwnCity, lineOver, recordingStore, type StoreRecord, type TestLine } from './test-line.ts'

const UNITS = { min: MINUTE, h: HOUR, d: DAY } as const
/** More sweeps than this in one step is an alarm that never stops ringing. */
const MOST_SWEEPS = 40

/** What a script runs on: the shared line and a way to make another one over the same store. */
export interface Stage {
  line: Line
  store: Store
  /** A line built anew from content and model, as after a restart. */
  rebuild(): Promise<Line>
}

/** Plays a script to its end. @throws an Error that tells the step, what was expected, and the talk so far. */
export async function playScript(stage: Stage, script: ConversationScript): Promise<string> {
  const player = new Player(stage, script)
  await player.open('user-1')
  for (const [index, step] of script.turns.entries()) await player.take(step, index + 1)
  return player.talk.join('\n')
}

class Player {
  readonly talk: string[] = []
  readonly #stage: Stage
  readonly #script: ConversationScript
  readonly #store: Store
  readonly #record: StoreRecord
  readonly #seed: number
  #line: TestLine
  #conversation!: Conversation
  #users = 1
  #said = 0
  #last: { externalId: string; text: string } | null = null
  #seen = 0

  constructor(stage: Stage, script: ConversationScript) {
    this.#stage = stage
    this.#script = script
    const { store, record } = recordingStore(stage.store)
    this.#store = store
    this.#record = record
    this.#seed = seedOf(script.name)
    const at = script.at ? new Date(`${script.at.replace(' ', 'T')}:00+08:00`) : undefined
    this.#line = inOwnCity(lineOver(stage.line, store, this.#seed, at), this.#seed)
  }

  async open(user: string): Promise<void> {
    const userId = `${this.#seed}/${user}`
    const { locale } = this.#script
    this.#conversation = await openConversation(this.#line, { channel: 'web-chat', userId, locale })
    this.#seen = 1
  }

  async take(step: ScriptStep, number: number): Promise<void> {
    const replies = await this.#perform(step)
    for (const { body } of replies) this.#note(body as Outgoing)
    const wrong = [
      ...differences('replies', step.replies, replies.map(keyOf)),
      ...differences(
        'never',
        step.never && [],
        replies.map(keyOf).filter(key => step.never?.includes(key)),
      ),
      ...differences('choices', step.choices, choicesOf(replies)),
      ...(step.case ? differences('case', step.case, await this.#caseNow(step.case)) : []),
      ...(step.speaks ? differences('speaks', step.speaks, await this.#languageNow()) : []),
    ]
    if (wrong.length === 0) return
    if (process.env.PRINT_TALK === 'go-on') return void this.talk.push(`!!! ${wrong.join('\n!!! ')}`)
    const what = 'say' in step ? `“${step.say}”` : JSON.stringify(step)
    throw new Error(`step ${number} ${what}\n${wrong.join('\n')}\n--- so far\n${this.talk.join('\n')}`)
  }

  #note({ key, text, choices, cards }: Outgoing): void {
    const taps = choices.length > 0 ? ` {${choices.map(choice => choice.title).join(' | ')}}` : ''
    this.talk.push(`  < [${key}] ${text.replaceAll('\n', '\n      ')}${taps}`)
    for (const card of cards)
      this.talk.push(
        `      ▤ ${card.number} ${card.queryCode ?? ''} ${card.departmentName} · ${card.reason} · ${card.stageName} ${card.dueText} · ${card.title} · ${card.place}`,
      )
  }

  async #perform(step: ScriptStep): Promise<TranscriptEntry[]> {
    if ('say' in step) return this.#say(await this.#fillIn(step.say), step.locale)
    if ('send-place' in step) {
      this.#said++
      return this.#send(`m${this.#said}`, step['send-place'], { sentPlace: { at: step.at ?? null } })
    }
    if ('repeat' in step) return this.#send(this.#last!.externalId, this.#last!.text)
    this.talk.push(`  * ${JSON.stringify(step)}`)
    if ('advance' in step) this.#advance(step.advance)
    else if ('act' in step) await this.#act(step.act)
    else if ('sweep' in step) await this.#sweep()
    else if ('deliver' in step) await this.#deliver()
    else if ('restart' in step) await this.#restart()
    else {
      if (step['new-conversation'] === 'other-user') this.#users++
      await this.open(`user-${this.#users}`)
      return []
    }
    return this.#unseen()
  }

  #say(text: string, locale?: ConversationScript['locale']): Promise<TranscriptEntry[]> {
    this.#said++
    return this.#send(`m${this.#said}`, text, { locale: locale ?? null })
  }

  async #send(
    externalId: string,
    text: string,
    { locale = null, ...rest }: Partial<Pick<Incoming, 'locale' | 'sentPlace'>> = {},
  ): Promise<TranscriptEntry[]> {
    this.#last = { externalId, text }
    this.talk.push(`> ${text}`)
    const turn = await takeTurn(this.#line, {
      conversationId: this.#conversation.id,
      externalId,
      text,
      locale,
      attachments: [],
      clientData: null,
      ...rest,
    })
    this.#seen = Math.max(this.#seen, turn.replies.at(-1)?.seq ?? 0)
    return turn.replies
  }

  #advance(by: string): void {
    const [, amount, unit] = /^(\d+)(min|h|d)$/.exec(by)!
    this.#line.clock.advance(Number(amount) * UNITS[unit as keyof typeof UNITS])
  }

  async #act({
    as,
    department,
    action,
    input,
    reason,
    of,
  }: Extract<ScriptStep, { act: unknown }>['act']): Promise<void> {
    const cases = await this.#cases()
    const current = of === undefined ? cases.at(-1)! : cases[of - 1]!
    const isHandler = as === 'handler'
    const account: Account = {
      id: `account-${as}`,
      login: `test-${as}`,
      displayName: as,
      role: as,
      department: department ?? (isHandler ? leadOf(this.#line, current) : null),
    }
    await actAtDesk(this.#line, account, current.id, {
      action,
      input: action === 'reply' ? { ...this.#usualReply(), ...(input as object) } : (input ?? {}),
      reason: reason ?? null,
      expectedVersion: current.version,
    })
  }

  #usualReply(): object {
    return {
      text: '已经派人处理好了。',
      isTrue: true,
      isWithinDuty: true,
      contact: { how: 'phone', at: this.#line.clock.now().toISOString() },
      solved: 'solved',
    }
  }

  async #sweep(): Promise<void> {
    for (let sweeps = 0; (await sweepClocks(this.#line)) > 0; sweeps++)
      if (sweeps > MOST_SWEEPS) throw new Error('the sweep does not come to rest')
  }

  async #deliver(): Promise<void> {
    for (let job = this.#record.jobs.shift(); job; job = this.#record.jobs.shift()) {
      if (job.name === 'follow-neighbours') await followNeighbours(this.#line, job)
      if (job.name === 'notify-resident') await deliverNotification(this.#line, job)
    }
  }

  async #restart(): Promise<void> {
    const at = this.#line.clock.now()
    const line = lineOver(await this.#stage.rebuild(), this.#store, this.#seed + 1, at)
    this.#line = inOwnCity(line, this.#seed)
  }

  async #unseen(): Promise<TranscriptEntry[]> {
    const entries = await this.#store.transcriptAfter(this.#conversation.id, this.#seen, 50)
    this.#seen = entries.at(-1)?.seq ?? this.#seen
    return entries.filter(entry => entry.from === 'line')
  }

  #cases(): Promise<Case[]> {
    return this.#store.transact(async tx => {
      const stored = await Promise.all(this.#record.caseIds.map(id => tx.caseById(id)))
      return stored.map(each => each!.case)
    })
  }

  async #languageNow(): Promise<string> {
    return (await this.#store.transact(tx => tx.conversation(this.#conversation.id)))!.locale
  }

  async #fillIn(text: string): Promise<string> {
    if (!text.includes('{')) return text
    const cases = await this.#cases()
    return text.replace(/\{(wrong-)?(number|code)(?:-(\d))?\}/g, (_, wrong, what, which) => {
      const current = which ? cases[Number(which) - 1]! : cases.at(-1)!
      const secret = this.#record.queryCodes.get(current.id)!
      if (what === 'code') return wrong ? secret.replace(/^./, first => (first === 'K' ? 'M' : 'K')) : secret
      return wrong ? current.number.replace(/.$/, last => String((Number(last) + 1) % 10)) : current.number
    })
  }

  async #caseNow(expected: CaseExpectation): Promise<CaseExpectation> {
    const cases = await this.#cases()
    const last = cases.at(-1)
    const all: CaseExpectation = {
      count: cases.length,
      departments: cases.map(each => leadOf(this.#line, each)),
      ...(last ? await this.#lastCase(last, expected) : {}),
    }
    return Object.fromEntries(Object.keys(expected).map(key => [key, all[key as keyof CaseExpectation]]))
  }

  async #lastCase(last: Case, expected: CaseExpectation): Promise<CaseExpectation> {
    const person = await this.#store.transact(tx => tx.personOf(last.id))
    const due = promiseOf(last)?.dueAt ?? null
    const isSubject = expected.subject != null && isUnderSubject(last.subject, expected.subject)
    return {
      department: leadOf(this.#line, last),
      stage: stageOf(last),
      state: last.state,
      type: last.type,
      subject: isSubject ? expected.subject : last.subject,
      place: last.elements.place,
      at: last.elements.at ?? null,
      words:
        expected.words !== undefined && last.words.includes(expected.words) ? expected.words : last.words,
      phone: person?.phone ?? null,
      isEmergency: last.isEmergency,
      isConfidential: last.isConfidential,
      isFamily: isInFamily(last, await this.#cases()),
      urgeCount: last.urgeCount,
      reworkCount: last.reworkCount,
      supervision: last.supervision?.cause ?? null,
      due: due && localTime(due),
    }
  }
}

function isInFamily(last: Case, all: readonly Case[]): boolean {
  return last.family !== null && all.filter(each => each.family === last.family).length > 1
}

function keyOf(entry: TranscriptEntry): string {
  return (entry.body as Outgoing).key
}

function choicesOf(replies: readonly TranscriptEntry[]): string[] {
  const last = replies.at(-1)?.body as Outgoing | undefined
  return last?.choices.map(choice => choice.id) ?? []
}

function differences(what: string, expected: unknown, actual: unknown): string[] {
  if (expected === undefined || JSON.stringify(expected) === JSON.stringify(actual)) return []
  return [
    `${what}: expected ${JSON.stringify(expected)}\n${' '.repeat(what.length)}       got ${JSON.stringify(actual)}`,
  ]
}

function localTime(at: Date): string {
  return new Date(at.getTime() + 8 * HOUR).toISOString().slice(0, 16).replace('T', ' ')
}

/** Every script has ids of its own. */
function seedOf(name: string): number {
  let hash = 7
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.codePointAt(0)!) >>> 0
  return hash
}
