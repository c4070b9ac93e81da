import type { Case, FollowUp } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import type { Action } from '../cases/workflow.ts'
import type { StageClock } from '../clocks/stage-clock.ts'
import type { WorkingCalendar } from '../clocks/working-calendar.ts'
import { DAY, HOUR, MINUTE } from '../kernel/clock.ts'
import type { Line } from '../usecases/line.ts'
import type { Odds } from './simulated-chance.ts'

/** What somebody is going to do to a case. */
export interface Intention {
  at: Date
  /** `rate`: the resident says how it went. */
  does: Action | 'rate'
  actor: Actor
  input: object
  reason: string | null
}

const AGENT: Actor = { role: 'agent', id: 'sim-agent' }
const ARBITER: Actor = { role: 'arbiter', id: 'sim-arbiter' }
const SUPERVISOR: Actor = { role: 'supervisor', id: 'sim-supervisor' }
export const RESIDENT: Actor = { role: 'resident', id: 'sim-resident' }

/** How a department works; drawn once for each. */
interface Habit {
  returns: number
  signsLate: number
  repliesLate: number
  /** Share of its answers that hold. */
  solves: number
}

/**
 * Everybody who has a part in a case, and what they do next: departments that sign, return, ask, extend and are late; agents, arbiters
 * and supervisors; residents who answer late or never. All by chance, so that a year of it looks like a year.
 */
export class SimulatedPeople {
  readonly #line: Line
  readonly #odds: Odds
  readonly #calendar: WorkingCalendar
  readonly #habits: ReadonlyMap<string, Habit>
  readonly #departments: readonly string[]

  constructor(line: Line, odds: Odds) {
    this.#line = line
    this.#odds = odds
    this.#calendar = line.policy.calendar
    this.#departments = [...line.content.departments.keys()]
    this.#habits = new Map(
      this.#departments.map(id => [
        id,
        {
          returns: odds.between(0.02, 0.11),
          signsLate: odds.between(0.005, 0.05),
          repliesLate: odds.between(0.02, 0.1),
          solves: odds.between(0.8, 0.96),
        },
      ]),
    )
  }

  /** What happens next to a case in the state that it has reached; null when nobody does anything and the clocks decide. */
  next(current: Case): Intention | null {
    switch (current.state) {
      case 'received':
      case 'accepted':
        return this.#centre(current)
      case 'incomplete':
        return this.#residentAnswers(current, 'complete')
      case 'dispatched':
        return this.#signs(current)
      case 'returned':
        return this.#rules(current)
      case 'handling':
        return this.#handles(current)
      case 'waiting-resident':
        return this.#residentAnswers(current, 'resident-answer')
      case 'suspended':
        return null
      case 'replied':
        return this.#decidesDuty(current) ?? this.#rates(current)
      case 'closed':
        if (current.dutyClaim?.decision === null) return this.#decidesDuty(current)
        return this.#odds.happens(0.02) ? this.#saysNo(current, this.#odds.between(1, 13) * DAY) : null
      default:
        return null
    }
  }

  /** What happens beside: a resident who urges, tells more or gives up. Decided once, when the case is filed. */
  aside(current: Case): Intention | null {
    const at = this.#later(this.#odds.between(0.2, 6) * DAY)
    if (this.#odds.happens(0.03)) return this.#by(RESIDENT, 'withdraw', at)
    if (this.#odds.happens(0.06)) return this.#by(RESIDENT, 'urge', at)
    if (!this.#odds.happens(0.05)) return null
    return this.#by(current.channel === 'telephone' ? AGENT : RESIDENT, 'add-information', at, {
      text: this.#odds.pick(['昨晚又有了。', '现在比前几天还严重。', '我拍了照片，可以随时来看。']),
    })
  }

  /** The department answers a supervision order, then the supervisor closes it. */
  underSupervision(current: Case): Intention | null {
    const { supervision, dispatch } = current
    if (!supervision || !dispatch) return null
    if (supervision.answer !== null)
      return this.#by(SUPERVISOR, 'close-supervision', this.#working(this.#odds.soonIn(60, 960)))
    const at = this.#working(this.#odds.soonIn(60, this.#odds.happens(0.12) ? 3000 : 420))
    return this.#by(handlerOf(dispatch.lead), 'answer-supervision', at, {
      text: '已由分管领导包案，限期办结。',
    })
  }

  #centre(current: Case): Intention {
    const at = this.#centreTime(current)
    if (current.dispatch === null && this.#odds.happens(0.03))
      return this.#by(AGENT, 'refuse', at, {}, '已进入诉讼程序，依法由法院处理')
    const isFirst = current.clocks.resident === undefined
    if (isFirst && !current.isEmergency && this.#odds.happens(0.08))
      return this.#by(AGENT, 'ask-more', at, { text: '请说一下具体在哪里、什么时候。' })
    const mayBeAnswered = ['consultation', 'praise', 'suggestion'].includes(current.type)
    if (mayBeAnswered && this.#odds.happens(0.5))
      return this.#by(AGENT, 'answer', at, { text: '已按知识库的规定答复，材料和时间都告诉您了。' })
    return this.#by(AGENT, 'dispatch', at, { lead: this.#likelyLead(current) }, '按职责清单派单')
  }

  /** The best candidate that has not sent it back; when the line had none, anybody whom the agent finds. */
  #likelyLead(current: Case): string {
    const { subject, subjectCandidates, type, isConfidential, words, elements } = current
    const route = this.#line.router.route({
      subject: subject ?? subjectCandidates[0]?.label ?? null,
      subjectCandidates,
      type,
      isConfidential,
      words,
      street: elements.street,
    })
    const refused = new Set(current.returns.map(({ department }) => department))
    const named = [route.lead, ...route.candidates.map(({ department }) => department)]
    return named.find(each => !refused.has(each)) ?? this.#another(refused)
  }

  #another(refused: ReadonlySet<string>): string {
    return this.#odds.pick(this.#departments.filter(each => !refused.has(each)))
  }

  #signs(current: Case): Intention {
    const lead = current.dispatch!.lead
    const habit = this.#habits.get(lead)!
    const { sign, return: returning } = current.clocks
    const at = this.#within(sign!, this.#odds.happens(habit.signsLate) ? [1.05, 2.5] : [0.03, 0.9])
    const mayReturn = returning?.stoppedAt === null && at < returning.dueAt && !current.isEmergency
    if (mayReturn && this.#odds.happens(habit.returns)) {
      const clause = this.#clauseOfAnother(current)
      if (clause) return this.#by(handlerOf(lead), 'return', at, { clause }, '不属于本单位职责，建议改派')
    }
    return this.#by(handlerOf(lead), 'sign', at)
  }

  #clauseOfAnother(current: Case): string | null {
    const lead = current.dispatch!.lead
    const others = current.dispatch!.candidates.filter(({ department }) => department !== lead)
    const other = others[0]?.department ?? this.#another(new Set([lead]))
    return this.#line.content.departments.get(other)?.duties[0]?.clause ?? null
  }

  #rules(current: Case): Intention {
    const at = this.#within(current.clocks.arbitration!, this.#odds.happens(0.05) ? [1.05, 1.6] : [0.05, 0.9])
    const lead = this.#likelyLead(current)
    const coHandlers = this.#odds.happens(0.4) ? [current.returns.at(-1)!.department] : []
    const chance = this.#odds.share()
    if (chance < 0.35) return this.#by(ARBITER, 'refuse-return', at, {}, '引用的条款不成立，仍由原单位办理')
    return chance < 0.7
      ? this.#by(AGENT, 'dispatch', at, { lead }, '改派有职责的单位')
      : this.#by(ARBITER, 'arbitrate', at, { lead, coHandlers }, '职责交叉，由中心裁定')
  }

  #handles(current: Case): Intention {
    const { lead } = current.dispatch!
    const handler = handlerOf(lead)
    const part = current.coHandlers.find(({ finishedAt }) => finishedAt === null)
    if (part && this.#odds.happens(0.9))
      return this.#by(handlerOf(part.department), 'finish-part', this.#working(this.#odds.soonIn(60, 1500)), {
        text: '协办事项已办完，结果已告知主办单位。',
      })
    if (current.extensionRequest) return this.#decidesExtension()
    return this.#before(current, handler) ?? this.#replies(current, handler)
  }

  /** What a department may do before it answers; each at most once a case. */
  #before(current: Case, handler: Actor): Intention | null {
    const { clocks, extensionsUsed, isEmergency } = current
    if (isEmergency || clocks.review || clocks.resident?.stoppedAt || extensionsUsed > 0) return null
    const at = this.#within(clocks.handle!, [0.1, 0.6])
    const chance = this.#odds.share()
    if (chance < 0.08) return this.#by(handler, 'ask-resident', at, { text: '什么时候方便上门看一下？' })
    if (chance < 0.16) {
      const { each, times } = this.#line.policy.levels.profiles.find(
        ({ id }) => id === current.profile,
      )!.extensions
      if (times > 0 && each)
        return this.#by(handler, 'request-extension', at, { by: each }, '需要购买材料，工期较长')
    }
    if (chance < 0.17) {
      const reviewAt = new Date(at.getTime() + this.#odds.between(15, 60) * DAY).toISOString()
      return this.#by(SUPERVISOR, 'suspend', at, { reviewAt }, '已列入年度改造计划，挂账')
    }
    if (chance < 0.22 && current.coHandlers.length === 0) {
      const department = this.#another(new Set([current.dispatch!.lead]))
      return this.#by(handler, 'add-co-handler', at, { department, task: '到现场一起核实' })
    }
    return null
  }

  #decidesExtension(): Intention {
    const at = this.#working(this.#odds.soonIn(20, 300))
    return this.#odds.happens(0.8)
      ? this.#by(AGENT, 'approve-extension', at)
      : this.#by(AGENT, 'refuse-extension', at, {}, '理由不充分')
  }

  /** Whether a reply is out of duty, as the department says. */
  #decidesDuty(current: Case): Intention | null {
    if (current.dutyClaim?.decision !== null) return null
    const at = this.#working(this.#odds.soonIn(30, 600))
    return this.#odds.happens(0.8)
      ? this.#by(SUPERVISOR, 'approve-out-of-duty', at)
      : this.#by(SUPERVISOR, 'refuse-out-of-duty', at, {}, '职责清单有此事项')
  }

  #replies(current: Case, handler: Actor): Intention {
    const habit = this.#habits.get(current.dispatch!.lead)!
    const isLate = this.#odds.happens(habit.repliesLate)
    const at = this.#within(current.clocks.handle!, isLate ? [1.02, 1.9] : [0.15, 0.98])
    const isSolved = this.#odds.happens(habit.solves)
    const isWithinDuty = !this.#odds.happens(0.05)
    const contactAt = Math.max(at.getTime() - 30 * MINUTE, current.filedAt.getTime())
    const input = {
      text: isSolved ? '已到现场处理完毕，并向诉求人说明。' : '已向诉求人解释，正在协调解决。',
      isTrue: !this.#odds.happens(0.04),
      isWithinDuty,
      outOfDuty: isWithinDuty ? null : { because: 'beyond-duty', text: '该事项由产权单位自行负责' },
      contact: {
        how: this.#odds.pick(['phone', 'phone', 'visit', 'message', 'not-reached']),
        at: new Date(contactAt).toISOString(),
      },
      solved: isSolved ? 'solved' : this.#odds.pick(['partly', 'not-solved']),
      whyNot: isSolved ? null : '需要分期实施',
    }
    const isWaiting = current.coHandlers.some(({ finishedAt }) => finishedAt === null)
    return this.#by(handler, 'reply', at, input, isWaiting ? '协办部分另行答复' : null)
  }

  #residentAnswers(current: Case, does: 'complete' | 'resident-answer'): Intention | null {
    if (this.#odds.happens(0.2)) return null
    const at = this.#within(current.clocks.resident!, [0.01, 0.95], 'any-time')
    return this.#by(RESIDENT, does, at, { text: '在三号楼楼下，晚上六点以后家里有人。' })
  }

  #rates(current: Case): Intention | null {
    if (this.#odds.happens(0.22)) return null
    const isHeld = current.reply === null || current.reply.solved === 'solved'
    const isResolved = this.#odds.happens(isHeld ? 0.94 : 0.35)
    const delay = this.#odds.soonIn(0.2, 20) * HOUR
    // Whoever has said no three times has no more hope of it.
    if (!isResolved) return current.reworkCount < 3 ? this.#saysNo(current, delay) : null
    const answers: Partial<FollowUp> = {
      contacted: current.reply ? this.#odds.happens(0.95) : null,
      resolved: true,
      satisfied: this.#odds.pick(['very', 'satisfied', 'satisfied', 'neutral']),
    }
    return this.#by(this.#odds.happens(0.4) ? AGENT : RESIDENT, 'rate', this.#later(delay), answers)
  }

  #saysNo(current: Case, delay: number): Intention {
    return this.#by(this.#odds.happens(0.4) ? AGENT : RESIDENT, 'rate', this.#later(delay), {
      contacted: current.reply ? this.#odds.happens(0.8) : null,
      resolved: false,
      satisfied: this.#odds.pick(['dissatisfied', 'dissatisfied', 'very-dissatisfied', 'neutral']),
      text: this.#odds.pick(['还是老样子', '没人来过', '只来看了一眼', '弄了一半就走了']),
    })
  }

  /** A moment so far through what is left of a clock; in office hours unless the clock runs always. */
  #within(clock: StageClock, [from, to]: [number, number], when: 'any-time' | 'office' = 'office'): Date {
    const now = this.#line.clock.now().getTime()
    const start = Math.min(now, clock.dueAt.getTime())
    const left = Math.max(clock.dueAt.getTime() - start, 2 * HOUR)
    const at = new Date(Math.max(now, start + left * this.#odds.soonIn(from, to)) + MINUTE)
    if (when === 'any-time' || clock.hours === 'always' || from > 1) return at
    return at < clock.dueAt ? this.#officeTime(at, clock.dueAt) : at
  }

  /** Office hours, unless these come too late. */
  #officeTime(at: Date, before: Date): Date {
    const working = this.#calendar.nextWorkingMoment(at)
    return working < before ? working : at
  }

  #centreTime(current: Case): Date {
    if (current.isEmergency) return this.#later(this.#odds.soonIn(1, 10) * MINUTE)
    const minutes = this.#odds.soonIn(5, this.#odds.happens(0.04) ? 1200 : 150)
    return this.#working(minutes)
  }

  #working(minutes: number): Date {
    return this.#calendar.addWorkingMinutes(this.#line.clock.now(), Math.round(minutes))
  }

  #later(milliseconds: number): Date {
    return new Date(this.#line.clock.now().getTime() + Math.round(milliseconds))
  }

  #by(
    actor: Actor,
    does: Intention['does'],
    at: Date,
    input: object = {},
    reason: string | null = null,
  ): Intention {
    return { at, does, actor, input, reason }
  }
}

function handlerOf(department: string): Actor {
  return { role: 'handler', id: `sim-${department}`, department }
}
