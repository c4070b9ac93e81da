import { isUnderSubject } from '../kernel/subject-path.ts'
import {
  type Department,
  type Duty,
  type RoutingRule,
  type RoutingRules,
  STREET_OF_PLACE,
} from './department.ts'

/** What routing looks at. */
export interface RoutableMatter {
  /** Full subject id; null when the line is not sure. */
  subject: string | null
  /** Other subjects that it might be, best first, with probabilities. */
  subjectCandidates: readonly { label: string; confidence: number }[]
  type: string
  /** Street in which the place lies, when known. */
  street: string | null
  isConfidential: boolean
  /** The caller's own words, for rules that go by whom they are about. */
  words?: string
  /** Service that a danger calls for; beats everything. */
  service?: string | null
}

/** Why a department: a duty clause, a rule, or nobody matched. Texts come from content, so this holds only ids. */
export type RoutingReason =
  | { by: 'duty'; clause: string; subject: string }
  | { by: 'rule'; rule: string; clause: string | null }
  | { by: 'duty-desk'; because: 'subject-unsure' | 'no-duty' }
  | { by: 'danger'; service: string }
  | { by: 'item'; item: string }
  | { by: 'ruling'; clause: string | null }

export interface RouteCandidate {
  department: string
  reason: RoutingReason
  /** 0 to 1; how sure the line is that this department is meant. */
  confidence: number
}

/** Who handles it and why. `isCertain` is false when the duty desk must look first. */
export interface Route {
  lead: string
  coHandlers: string[]
  reason: RoutingReason
  candidates: RouteCandidate[]
  isCertain: boolean
}

interface DutyMatch {
  department: Department
  duty: Duty
  /** Number of subject levels that the duty names: the more, the more specific. */
  depth: number
  isOfPlace: boolean
}

/**
 * Who is responsible for a matter. Built once from the city's content. A rule of `routing.yaml` beats a duty; of duties the most
 * specific wins, and of equally specific ones the department of the place.
 */
export class Router {
  readonly #departments: ReadonlyMap<string, Department>
  readonly #rules: RoutingRules
  readonly #streetDepartments = new Map<string, Department>()
  /** Subject id or prefix → the duties that name it. */
  readonly #dutiesBySubject = new Map<string, { department: Department; duty: Duty }[]>()

  constructor(departments: readonly Department[], rules: RoutingRules) {
    this.#departments = new Map(departments.map(department => [department.id, department]))
    this.#rules = rules
    for (const department of departments) {
      if (department.kind === 'street')
        for (const area of department.areas) this.#streetDepartments.set(area, department)
      for (const duty of department.duties) {
        for (const subject of duty.subjects) {
          const duties = this.#dutiesBySubject.get(subject) ?? []
          duties.push({ department, duty })
          this.#dutiesBySubject.set(subject, duties)
        }
      }
    }
  }

  /** Lead, co-handlers, reason and candidates for a matter; the duty desk when the line cannot know. */
  route(matter: RoutableMatter): Route {
    const candidates = this.#candidates(matter)
    if (matter.service) return this.#toService(matter.service, candidates)
    // Before anything else, also when nobody knows what it is about: a rule may go by words alone.
    const rule = this.#rules.rules.find(candidate => this.#ruleHolds(candidate, matter))
    if (rule) return this.#byRule(rule, matter, candidates)
    if (matter.subject === null) return this.#toDutyDesk('subject-unsure', candidates)
    const best = this.#dutyMatches(matter.subject, matter)[0]
    if (!best) return this.#toDutyDesk('no-duty', candidates)
    const reason: RoutingReason = { by: 'duty', clause: best.duty.clause, subject: matter.subject }
    return { lead: best.department.id, coHandlers: [], reason, candidates, isCertain: true }
  }

  /** The department whose duty the clause is; undefined when no department has it. */
  ownerOfClause(clause: string): { department: Department; duty: Duty } | undefined {
    for (const department of this.#departments.values()) {
      const duty = department.duties.find(candidate => candidate.clause === clause)
      if (duty) return { department, duty }
    }
    return undefined
  }

  #byRule(rule: RoutingRule, matter: RoutableMatter, candidates: RouteCandidate[]): Route {
    const lead = rule.lead === STREET_OF_PLACE ? this.#streetDepartments.get(matter.street!)!.id : rule.lead
    const coHandlers = rule.coHandlers
      .map(id => (id === STREET_OF_PLACE ? this.#streetDepartments.get(matter.street ?? '')?.id : id))
      .filter((id): id is string => id !== undefined && id !== lead)
    const duties = matter.subject === null ? [] : this.#dutyMatches(matter.subject, matter)
    const clause = duties.find(match => match.department.id === lead)?.duty.clause ?? null
    const reason: RoutingReason = { by: 'rule', rule: rule.id, clause }
    const own = { department: lead, reason, confidence: subjectConfidence(matter) }
    const others = candidates.filter(candidate => candidate.department !== lead)
    return { lead, coHandlers, reason, candidates: [own, ...others].slice(0, 5), isCertain: true }
  }

  #toService(service: string, candidates: RouteCandidate[]): Route {
    const lead = this.#rules.services[service as keyof RoutingRules['services']] ?? this.#rules.dutyDesk
    return { lead, coHandlers: [], reason: { by: 'danger', service }, candidates, isCertain: true }
  }

  #toDutyDesk(because: 'subject-unsure' | 'no-duty', candidates: RouteCandidate[]): Route {
    return {
      lead: this.#rules.dutyDesk,
      coHandlers: [],
      reason: { by: 'duty-desk', because },
      candidates,
      isCertain: false,
    }
  }

  #ruleHolds(rule: RoutingRule, matter: RoutableMatter): boolean {
    const { when } = rule
    if (when.subject && !when.subject.some(prefix => isUnderSubject(matter.subject, prefix))) return false
    if (when.type && !when.type.includes(matter.type)) return false
    if (when.words && !when.words.some(word => matter.words?.toLowerCase().includes(word))) return false
    if (when.place !== undefined && when.place !== (matter.street !== null)) return false
    if (when.confidential !== undefined && when.confidential !== matter.isConfidential) return false
    return rule.lead !== STREET_OF_PLACE || this.#streetDepartments.has(matter.street ?? '')
  }

  #dutyMatches(subject: string, matter: RoutableMatter): DutyMatch[] {
    const matches: DutyMatch[] = []
    const levels = subject.split('/')
    for (let depth = levels.length; depth > 0; depth--) {
      for (const { department, duty } of this.#dutiesBySubject.get(levels.slice(0, depth).join('/')) ?? []) {
        const isElsewhere = department.areas.length > 0 && !department.areas.includes(matter.street ?? '')
        if (isElsewhere || (matter.isConfidential && department.kind === 'utility')) continue
        matches.push({ department, duty, depth, isOfPlace: department.areas.length > 0 })
      }
    }
    return matches.sort((a, b) => b.depth - a.depth || Number(b.isOfPlace) - Number(a.isOfPlace))
  }

  /** One candidate a department: its best subject's probability, halved for each level that its duty is less specific. */
  #candidates(matter: RoutableMatter): RouteCandidate[] {
    const subjects = matter.subject
      ? [{ label: matter.subject, confidence: subjectConfidence(matter) }, ...matter.subjectCandidates]
      : matter.subjectCandidates
    const best = new Map<string, RouteCandidate>()
    for (const subject of subjects) {
      const matches = this.#dutyMatches(subject.label, matter)
      const deepest = matches[0]?.depth ?? 0
      for (const match of matches) {
        const confidence = subject.confidence * 0.5 ** (deepest - match.depth)
        const known = best.get(match.department.id)
        if (known && known.confidence >= confidence) continue
        const reason: RoutingReason = { by: 'duty', clause: match.duty.clause, subject: subject.label }
        best.set(match.department.id, { department: match.department.id, reason, confidence })
      }
    }
    return [...best.values()].sort((a, b) => b.confidence - a.confidence).slice(0, 5)
  }
}

function subjectConfidence(matter: RoutableMatter): number {
  return matter.subjectCandidates.find(candidate => candidate.label === matter.subject)?.confidence ?? 1
}
