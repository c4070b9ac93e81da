import { OUTCOMES } from '../cases/application.ts'
import { CASE_TYPES, OUT_OF_DUTY, REQUEST_TYPES } from '../cases/case-inputs.ts'
import { STAGES, STATES } from '../cases/case-state.ts'
import { CHANNELS } from '../cases/channels.ts'
import { workflow } from '../cases/workflow.ts'
import { CLOCK_KINDS } from '../clocks/service-levels.ts'
import { REQUIRED_REPAIRS, replyKeysOf } from '../conversation/flow.ts'
import { EXCLUSIONS, MEASURES } from '../followup/three-rates.ts'
import { errorCatalogue } from '../kernel/errors.ts'
import { isUnderSubject } from '../kernel/subject-path.ts'
import { buildSubjectTree } from '../language/subject-tree.ts'
import { LOCALES } from '../language/understanding.ts'
import { STREET_OF_PLACE } from '../routing/department.ts'
import { checkAppointments } from './check-appointments.ts'
import { checkBundles } from './check-bundles.ts'
import { checkElements } from './check-elements.ts'
import { checkItems } from './check-guidance.ts'
import { checkHall } from './check-hall.ts'
import { checkNotifications, checkSmsTemplates, notificationKeys } from './check-notifications.ts'
import { checkPhrases } from './check-phrases.ts'
import { checkRegistration } from './check-registration.ts'
import { checkStewards } from './check-stewards.ts'
import { CODE_GROUPS, CODE_KEYS } from './code-keys.ts'
import type { ContentProblem } from './content-problem.ts'
import { missing } from './missing.ts'
import type { Loaded, RawContent } from './raw-content.ts'
import { type LocaleTexts, placeholdersOf } from './texts.ts'
import type { YamlFile } from './yaml-file.ts'

/** Everything that names something elsewhere must find it. Returns all problems. */
export function checkReferences(raw: RawContent): ContentProblem[] {
  const subjects = buildSubjectTree(raw.subjects.map(({ value }) => value))
  const departments = new Set(raw.departments.value.departments.map(department => department.id))
  const streets = new Set(raw.places.value.streets.map(street => street.id))
  const known: Known = {
    subject: prefix => subjects.byId(prefix) !== undefined,
    department: id => departments.has(id),
    street: id => streets.has(id),
  }
  return [
    ...checkFileNames(raw),
    ...checkRequestTypes(raw),
    ...checkCounting(raw, known),
    ...checkDepartments(raw, known),
    ...checkRouting(raw, known),
    ...checkServiceLevels(raw, known),
    ...checkSupervision(raw),
    ...checkPlaces(raw, known),
    ...checkArticles(raw, known),
    ...checkItems(raw, known.department),
    ...checkBundles(raw),
    ...checkRegistration(raw, known.subject),
    ...checkAppointments(raw),
    ...checkElements(raw, known.subject, isRequestType),
    ...checkPhrases(raw, known.subject, isRequestType),
    ...checkHall(raw),
    ...checkNotifications(raw),
    ...checkSmsTemplates(raw),
    ...checkStewards(raw),
    ...checkDuties(
      raw,
      subjects.leaves.map(leaf => leaf.id),
    ),
    ...checkDialogs(raw),
    ...checkLocales(raw),
  ]
}

interface Known {
  subject(prefix: string): boolean
  department(id: string): boolean
  street(id: string): boolean
}

type Path = (string | number)[]

/** The types are fixed in code, since limits and reports are told apart by them; what is said of them is content. */
function checkRequestTypes({ requestTypes: { file, value } }: RawContent): ContentProblem[] {
  const given = value.types.map(({ id }) => id)
  const unknown = given.flatMap((id, i) =>
    (REQUEST_TYPES as readonly string[]).includes(id)
      ? []
      : [file.problem(['types', i, 'id'], `there is no request type ${id}: ${REQUEST_TYPES.join(', ')}`)],
  )
  const missing = REQUEST_TYPES.filter(id => !given.includes(id))
  return [...unknown, ...missing.map(id => file.problem(['types'], `the request type ${id} is missing`))]
}

function checkFileNames(raw: RawContent): ContentProblem[] {
  const named: Loaded<{ id: string }>[] = [
    ...raw.articles,
    ...raw.bundles,
    ...raw.intents,
    ...raw.subjects,
    ...raw.flows,
    ...raw.parts,
    ...raw.repairs,
  ]
  return named.flatMap(({ file, value }) =>
    file.path.endsWith(`/${value.id}.yaml`)
      ? []
      : [file.problem(['id'], `id "${value.id}" must be the file's name`)],
  )
}

function checkCounting(raw: RawContent, { subject }: Known): ContentProblem[] {
  const check = (file: YamlFile, path: Path, id: string | undefined) =>
    id === undefined || (subject(id) && !id.includes('/'))
      ? []
      : [file.problem([...path, 'countedUnder'], `no top-level subject "${id}"`)]
  return raw.subjects.flatMap(({ file, value }) =>
    value.classes.flatMap((group, i) => [
      ...check(file, ['classes', i], group.countedUnder),
      ...group.classes.flatMap((leaf, j) => check(file, ['classes', i, 'classes', j], leaf.countedUnder)),
    ]),
  )
}

function checkDepartments({ departments: { file, value } }: RawContent, known: Known): ContentProblem[] {
  const clauses = new Set<string>()
  return [
    ...duplicates(value.departments.map(department => department.id)).map(i =>
      file.problem(['departments', i, 'id'], 'this id is used twice'),
    ),
    ...value.departments.flatMap((department, i) => [
      ...missing(department.areas, known.street).map(j =>
        file.problem(['departments', i, 'areas', j], `no street "${department.areas[j]}"`),
      ),
      ...department.duties.flatMap((duty, j) => {
        const path: Path = ['departments', i, 'duties', j]
        const isTwice = clauses.has(duty.clause)
        clauses.add(duty.clause)
        return [
          ...(isTwice ? [file.problem([...path, 'clause'], `clause ${duty.clause} is used twice`)] : []),
          ...missing(duty.subjects, known.subject).map(k =>
            file.problem([...path, 'subjects', k], `no subject "${duty.subjects[k]}"`),
          ),
        ]
      }),
    ]),
  ]
}

function checkRouting({ routing: { file, value } }: RawContent, known: Known): ContentProblem[] {
  const isTarget = (id: string) => id === STREET_OF_PLACE || known.department(id)
  return [
    ...(known.department(value.dutyDesk)
      ? []
      : [file.problem(['dutyDesk'], `no department "${value.dutyDesk}"`)]),
    ...Object.entries(value.services).flatMap(([service, id]) =>
      known.department(id) ? [] : [file.problem(['services', service], `no department "${id}"`)],
    ),
    ...value.rules.flatMap((rule, i) => [
      ...(isTarget(rule.lead) ? [] : [file.problem(['rules', i, 'lead'], `no department "${rule.lead}"`)]),
      ...missing(rule.coHandlers, isTarget).map(j =>
        file.problem(['rules', i, 'coHandlers', j], `no department "${rule.coHandlers[j]}"`),
      ),
      ...missing(rule.when.subject ?? [], known.subject).map(j =>
        file.problem(['rules', i, 'when', 'subject', j], `no subject "${rule.when.subject![j]}"`),
      ),
      ...missing(rule.when.type ?? [], isRequestType).map(j =>
        file.problem(['rules', i, 'when', 'type', j], `no request type "${rule.when.type![j]}"`),
      ),
    ]),
  ]
}

function checkServiceLevels({ levels: { file, value } }: RawContent, known: Known): ContentProblem[] {
  const conditions: [Path, { subject?: string[] | undefined; type?: string[] | undefined } | undefined][] = [
    ...value.gradeRules.map((rule, i): [Path, typeof rule.when] => [['gradeRules', i, 'when'], rule.when]),
    ...value.profiles.map((profile, i): [Path, typeof profile.when] => [
      ['profiles', i, 'when'],
      profile.when,
    ]),
  ]
  return conditions.flatMap(([path, when]) => [
    ...missing(when?.subject ?? [], known.subject).map(i =>
      file.problem([...path, 'subject', i], `no subject "${when!.subject![i]}"`),
    ),
    ...missing(when?.type ?? [], isRequestType).map(i =>
      file.problem([...path, 'type', i], `no request type "${when!.type![i]}"`),
    ),
  ])
}

function checkSupervision({ supervision: { file, value } }: RawContent): ContentProblem[] {
  return duplicates(value.rules.map(rule => rule.id)).map(i =>
    file.problem(['rules', i, 'id'], 'this id is used twice'),
  )
}

function checkPlaces({ places: { file, value } }: RawContent, known: Known): ContentProblem[] {
  return [
    ...missing(
      value.streets.map(street => street.department),
      known.department,
    ).map(i => file.problem(['streets', i, 'department'], 'no such department')),
    ...missing(
      value.landmarks.map(landmark => landmark.street),
      known.street,
    ).map(i => file.problem(['landmarks', i, 'street'], 'no such street')),
  ]
}

function checkArticles(raw: RawContent, known: Known): ContentProblem[] {
  return raw.articles.flatMap(({ file, value }) => [
    ...(known.department(value.department)
      ? []
      : [file.problem(['department'], `no department "${value.department}"`)]),
    ...missing(value.subjects, known.subject).map(i =>
      file.problem(['subjects', i], `no subject "${value.subjects[i]}"`),
    ),
  ])
}

/** Every leaf must be somebody's duty, else it would only ever reach the duty desk. */
function checkDuties(
  { departments: { file, value } }: RawContent,
  leaves: readonly string[],
): ContentProblem[] {
  const prefixes = value.departments.flatMap(department => department.duties.flatMap(duty => duty.subjects))
  const uncovered = leaves.filter(leaf => !prefixes.some(prefix => isUnderSubject(leaf, prefix)))
  return uncovered.map(leaf =>
    file.problem(['departments'], `no department's duty covers the subject "${leaf}"`),
  )
}

function checkDialogs(raw: RawContent): ContentProblem[] {
  const flows = new Set(raw.flows.map(({ value }) => value.id))
  const parts = new Set(raw.parts.map(({ value }) => value.id))
  const intents = new Set(raw.intents.map(({ value }) => value.id))
  const repairs = new Set(raw.repairs.map(({ value }) => value.id))
  return [
    ...raw.intents.flatMap(({ file, value }) =>
      value.flow === null || flows.has(value.flow)
        ? []
        : [file.problem(['flow'], `no dialog "${value.flow}"`)],
    ),
    ...[...raw.flows, ...raw.parts].flatMap(({ file, value }) =>
      value.steps.flatMap((step, i) => {
        if ('include' in step && !parts.has(step.include))
          return [file.problem(['steps', i, 'include'], `no part "${step.include}"`)]
        if ('go' in step && !flows.has(step.go))
          return [file.problem(['steps', i, 'go'], `no dialog "${step.go}"`)]
        return []
      }),
    ),
    ...raw.repairs.flatMap(({ file, value }) =>
      missing(value.intents, id => intents.has(id)).map(i =>
        file.problem(['intents', i], `no intent "${value.intents[i]}"`),
      ),
    ),
    ...REQUIRED_REPAIRS.filter(id => !repairs.has(id)).map(id => ({
      file: `dialogs/repair/${id}.yaml`,
      line: 1,
      path: '',
      message: 'this file is missing',
    })),
  ]
}

/** Keys that code and content utter must be in every language, with the same values to fill in; others are idle. */
function checkLocales(raw: RawContent): ContentProblem[] {
  const uttered = new Set(utteredKeys(raw))
  const isUttered = (key: string) => uttered.has(key) || CODE_GROUPS.includes(key.split('.')[0]!)
  const first = raw.locales[LOCALES[0]].value
  const needed = new Set([...uttered, ...Object.keys(first)])
  return LOCALES.flatMap(locale => {
    const { file, value } = raw.locales[locale]
    const absent = [...needed].filter(key => value[key] === undefined)
    const idle = Object.keys(value).filter(key => !isUttered(key))
    return [
      ...absent.map(key => file.problem([], `the text "${key}" is missing`)),
      ...idle.map(key => file.problem([key], `nothing says "${key}"`)),
      ...checkPlaceholders(file, value, first),
    ]
  })
}

function checkPlaceholders(file: YamlFile, texts: LocaleTexts, first: LocaleTexts): ContentProblem[] {
  return Object.entries(texts).flatMap(([key, text]) => {
    const here = placeholdersOf(text).join(', ')
    const there = placeholdersOf(first[key] ?? '').join(', ')
    return first[key] === undefined || here === there
      ? []
      : [file.problem([key], `fills in {${here}}, ${LOCALES[0]} fills in {${there}}`)]
  })
}

function utteredKeys(raw: RawContent): string[] {
  return [
    ...[...raw.flows, ...raw.parts].flatMap(({ value }) => replyKeysOf(value)),
    ...raw.repairs.flatMap(({ value }) => [
      `repair.${value.id}`,
      ...value.choices.map(choice => `repair.${value.id}.choices.${choice}`),
    ]),
    ...Object.keys(errorCatalogue).map(code => `error.${code}`),
    ...notificationKeys(raw),
    ...CODE_KEYS,
    ...Object.values(workflow).map(row => `case.${row.event}`),
    ...STATES.map(state => `state.${state}`),
    ...STAGES.map(stage => `stage.${stage}`),
    ...OUTCOMES.map(outcome => `case.application-${outcome}`),
    'case.step-passed-named',
    ...[...CLOCK_KINDS, 'review', 'step'].map(kind => `clock.${kind}`),
    ...CASE_TYPES.map(type => `type.${type}`),
    ...CHANNELS.map(channel => `channel.${channel}`),
    ...MEASURES.map(measure => `evaluation.measure.${measure}`),
    ...EXCLUSIONS.map(because => `evaluation.exclusion.${because}`),
    ...OUT_OF_DUTY.map(because => `evaluation.duty.${because}`),
  ]
}

const isRequestType = (type: string): boolean => (REQUEST_TYPES as readonly string[]).includes(type)

/** Positions of values that stood before. */
function duplicates(values: readonly string[]): number[] {
  return values.flatMap((value, i) => (values.indexOf(value) < i ? [i] : []))
}
