import type { Case } from '../cases/case.ts'
import { nextAlarms } from '../cases/case-alarms.ts'
import { type CaseEvent, findBrokenLink } from '../cases/case-event.ts'
import { formatCaseNumber } from '../cases/case-number.ts'
import { ROLES } from '../cases/case-state.ts'
import { isPaused, lightOf, type StageClock } from '../clocks/stage-clock.ts'
import type { Outgoing } from '../conversation/message.ts'
import type { ManualClock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from '../usecases/line.ts'
import { openConversation } from '../usecases/open-conversation.ts'
import type { Account } from '../usecases/ports.ts'
import { sayMoment } from '../usecases/say-due.ts'
import { sweepClocks } from '../usecases/sweep-clocks.ts'
import { takeTurn } from '../usecases/take-turn.ts'
import { actAtDesk } from '../usecases/work-at-desk.ts'
import type { Story, WalkStep } from './hard-case.ts'

const LOCALE = 'zh-Hans'
const WHO: Record<string, string> = {
  resident: '诉求人',
  line: '热线自动',
  agent: '话务员',
  arbiter: '裁定员',
  supervisor: '督办员',
  clock: '时限自动',
}
const LIGHTS = { green: '绿', yellow: '黄', red: '红' }

/** A line whose clock the walk may move. */
export type WalkLine = Line & { clock: ManualClock }

/** Plays a story on a line, in its own time, and prints each step: who, what, which clocks run and until when. Returns the case as it ended. */
export async function playWalk(
  line: WalkLine,
  story: Story,
  print: (text: string) => void,
): Promise<{ case: Case; events: CaseEvent[] }> {
  const walk = new Walk(line, print)
  await walk.tell(story.told)
  for (const step of story.steps) await walk.take(step)
  return walk.end()
}

class Walk {
  readonly #line: WalkLine
  readonly #print: (text: string) => void
  #caseId = ''
  /** Events that were printed. */
  #seen = 0

  constructor(line: WalkLine, print: (text: string) => void) {
    this.#line = line
    this.#print = print
  }

  /** The resident files the case by chat. */
  async tell({ at, says }: Story['told']): Promise<void> {
    this.#line.clock.set(`${at}:00+08:00`)
    const conversation = await openConversation(this.#line, {
      channel: 'web-chat',
      userId: 'walk',
      locale: LOCALE,
    })
    const rest = { locale: null, attachments: [], clientData: null, externalId: null }
    this.#print(`── ${this.#now()} · 诉求人`)
    let number = ''
    for (const text of says) {
      const turn = await takeTurn(this.#line, { conversationId: conversation.id, text, ...rest })
      const said = turn.replies.map(entry => entry.body as Outgoing)
      this.#print(`   诉求人：${text}`)
      for (const each of said) this.#print(`   一号：${each.text.replaceAll('\n', ' ')}`)
      number = said.flatMap(each => each.cards).at(-1)?.number ?? number
    }
    const stored = await this.#line.store.transact(tx => tx.caseByNumber(number))
    if (!stored) throw new Error('the resident’s words did not become a case')
    this.#caseId = stored.case.id
    this.#print(`   编号 ${formatCaseNumber(number)}`)
    await this.#show()
  }

  async take(step: WalkStep): Promise<void> {
    await this.#passTime(new Date(`${step.at}:00+08:00`))
    const account = accountOf(step.by)
    this.#print(`── ${this.#now()} · ${this.#who(account.role, account.department)}`)
    this.#print(`   ${step.tells}`)
    const { case: current } = await this.#stored()
    const { does: action, input = {}, reason = null } = step
    try {
      await actAtDesk(this.#line, account, this.#caseId, {
        action,
        input,
        reason,
        expectedVersion: current.version,
      })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== step.refused) throw error
      this.#print(`   ✗ ${this.#line.content.texts.of(LOCALE, `error.${error.code}`)}`)
      return
    }
    if (step.refused) throw new Error(`${action} at ${step.at} should have been refused with ${step.refused}`)
    await this.#show()
  }

  async end(): Promise<{ case: Case; events: CaseEvent[] }> {
    const stored = await this.#stored()
    const broken = findBrokenLink(stored.events)
    this.#print(`共 ${stored.events.length} 条经过，哈希链${broken ? `断在第${broken.seq}条` : '完整'}。`)
    return stored
  }

  /** Rings every alarm on the way, each at its own moment. */
  async #passTime(until: Date): Promise<void> {
    for (;;) {
      const { case: current } = await this.#stored()
      const times = nextAlarms(current).map(alarm => alarm.at.getTime())
      const next = Math.min(...times)
      if (next > until.getTime()) break
      this.#line.clock.set(new Date(Math.max(next, this.#line.clock.now().getTime())))
      await sweepClocks(this.#line)
      await this.#show()
    }
    this.#line.clock.set(until)
  }

  /** What has happened since the last look, and the clocks that are open now. */
  async #show(): Promise<void> {
    const { case: current, events } = await this.#stored()
    const { texts } = this.#line.content
    for (const event of events.slice(this.#seen)) {
      const mark = event.actor.role === 'clock' ? `⏰ ${this.#when(event.at)} ` : '✓ '
      const who = this.#who(event.actor.role, event.actor.department)
      this.#print(`   ${mark}${who}：${texts.of(LOCALE, `case.${event.type}`)}${this.#detail(event)}`)
    }
    const isRung = events.slice(this.#seen).every(event => event.actor.role === 'clock')
    this.#seen = events.length
    if (isRung) return
    const open = Object.values(current.clocks).filter(clock => clock.stoppedAt === null)
    this.#print(
      `   ${texts.of(LOCALE, `state.${current.state}`)} ｜ ${open.map(clock => this.#clock(clock)).join('；') || '没有未了的时限'}`,
    )
  }

  #detail(event: CaseEvent): string {
    const { lead, clock, percent, level } = event.data as Record<string, string | number | undefined>
    if (typeof lead === 'string') return ` → ${this.#line.names.department(lead, LOCALE)}`
    if (typeof clock === 'string') return `（${this.#clockName(clock)} ${percent ?? 100}%）`
    if (level !== undefined) return `（${event.reason}）`
    return event.reason ? `（${event.reason}）` : ''
  }

  #clock(clock: StageClock): string {
    const name = this.#clockName(clock.department ? `part:${clock.department}` : clock.kind)
    if (isPaused(clock)) return `${name} 已暂停`
    return `${name} ${this.#when(clock.dueAt)}止 ${LIGHTS[lightOf(clock, this.#line.clock.now())]}灯`
  }

  #clockName(name: string): string {
    const [kind, department] = name.split(':') as [string, string?]
    const text = this.#line.content.texts.of(LOCALE, `clock.${kind}`)
    return department ? `${text}·${this.#line.names.department(department, LOCALE)}` : text
  }

  #who(role: string, department?: string | null): string {
    return department ? this.#line.names.department(department, LOCALE) : (WHO[role] ?? role)
  }

  #now(): string {
    return this.#when(this.#line.clock.now())
  }

  #when(at: Date): string {
    const { date, time } = sayMoment(at, LOCALE)
    return `${date} ${time}`
  }

  async #stored(): Promise<{ case: Case; events: CaseEvent[] }> {
    return (await this.#line.store.transact(tx => tx.caseById(this.#caseId)))!
  }
}

/** Somebody at the desk; a name that is no role is a department. */
function accountOf(by: string): Account {
  const role = ROLES.find(each => each === by) ?? 'handler'
  return { id: by, login: by, displayName: by, role, department: role === 'handler' ? by : null }
}
