import type { z } from 'zod'
import { bookingRulesSchema } from '../appointments/booking-rules.ts'
import { assistSchema } from '../assist/help-kinds.ts'
import { phrasesSchema } from '../assist/phrases.ts'
import { talkWordsSchema } from '../assist/talk.ts'
import { serviceLevelsSchema } from '../clocks/service-levels.ts'
import { calendarSchema, WorkingCalendar } from '../clocks/working-calendar.ts'
import { elementsSchema } from '../conversation/elements.ts'
import { assembleFlow, flowSchema, repairSchema } from '../conversation/flow.ts'
import { takeOverSchema } from '../conversation/take-over.ts'
import { notificationRulesSchema } from '../followup/notification-rules.ts'
import { supervisionSchema } from '../followup/supervision-rules.ts'
import { articleSchema } from '../guidance/article.ts'
import { authoritySchema } from '../guidance/authority.ts'
import { bundleSchema } from '../guidance/bundle.ts'
import { catalogueSchema, documentsSchema } from '../guidance/catalogue.ts'
import { itemsSchema } from '../guidance/item.ts'
import { hallSchema } from '../hall/hall.ts'
import {
  emergencySchema,
  intentFileSchema,
  lexiconSchema,
  outcomesSchema,
  placesSchema,
  requestTypesSchema,
  subjectFileSchema,
} from '../language/schemas.ts'
import { buildSubjectTree } from '../language/subject-tree.ts'
import { LOCALES, type Locale } from '../language/understanding.ts'
import { type Registry, registrationRulesSchema } from '../registration/rules.ts'
import { departmentsSchema, routingSchema } from '../routing/department.ts'
import { stewardsSchema } from '../stewards/steward-rules.ts'
import { checkReferences } from './check-references.ts'
import { citySchema } from './city.ts'
import type { Content } from './content.ts'
import { ContentError, type ContentProblem } from './content-problem.ts'
import { officialAccountSchema } from './official-account.ts'
import type { Loaded, RawContent } from './raw-content.ts'
import { smsTemplatesSchema } from './sms-templates.ts'
import { createTexts, localeSchema } from './texts.ts'
import { type ContentFile, YamlFile } from './yaml-file.ts'

/**
 * Turns content files into checked content.
 * @param files every YAML file below `intents/`, `dialogs/`, `locales/` and the city's folder
 * @param cityFolder e.g. `cities/shenfu`
 * @throws ContentError with all problems
 */
export function loadContent(files: readonly ContentFile[], cityFolder: string): Content {
  const problems: ContentProblem[] = []
  const raw = readAll(files, cityFolder, problems)
  if (problems.length === 0) problems.push(...checkReferences(raw))
  if (problems.length > 0) throw new ContentError(problems)
  return assemble(raw)
}

function readAll(files: readonly ContentFile[], cityFolder: string, problems: ContentProblem[]): RawContent {
  const byPath = new Map(files.map(file => [file.path, file]))

  const one = <S extends z.ZodType>(path: string, schema: S): Loaded<z.output<S>> => {
    const source = byPath.get(path)
    const file = YamlFile.of(source ?? { path, text: '{}' })
    if (!source) problems.push({ file: path, line: 1, path: '', message: 'this file is missing' })
    const value = source ? file.read(schema, problems) : undefined
    // Nothing below is used while there are problems, so a missing value is never seen.
    return { file, value: value as z.output<S> }
  }
  const many = <S extends z.ZodType>(folder: string, schema: S): Loaded<z.output<S>>[] => {
    const inFolder = files.filter(
      file => file.path.startsWith(`${folder}/`) && !file.path.slice(folder.length + 1).includes('/'),
    )
    if (inFolder.length === 0)
      problems.push({ file: folder, line: 1, path: '', message: 'this folder has no files' })
    return inFolder.map(file => one(file.path, schema))
  }

  return {
    city: one(`${cityFolder}/city.yaml`, citySchema),
    departments: one(`${cityFolder}/departments.yaml`, departmentsSchema),
    routing: one(`${cityFolder}/routing.yaml`, routingSchema),
    levels: one(`${cityFolder}/service-levels.yaml`, serviceLevelsSchema),
    calendar: one(`${cityFolder}/calendar.yaml`, calendarSchema),
    supervision: one(`${cityFolder}/supervision.yaml`, supervisionSchema),
    places: one(`${cityFolder}/places.yaml`, placesSchema),
    notifications: one(`${cityFolder}/notifications.yaml`, notificationRulesSchema),
    hall: one(`${cityFolder}/hall.yaml`, hallSchema),
    takeOver: one(`${cityFolder}/take-over.yaml`, takeOverSchema),
    stewards: one(`${cityFolder}/stewards.yaml`, stewardsSchema),
    officialAccount: one(`${cityFolder}/official-account.yaml`, officialAccountSchema),
    smsTemplates: one(`${cityFolder}/sms.yaml`, smsTemplatesSchema),
    phrases: one(`${cityFolder}/phrases.yaml`, phrasesSchema),
    assist: one(`${cityFolder}/assist.yaml`, assistSchema),
    articles: many(`${cityFolder}/knowledge`, articleSchema),
    items: many(`${cityFolder}/items`, itemsSchema),
    bundles: many(`${cityFolder}/bundles`, bundleSchema),
    appointments: one(`${cityFolder}/appointments.yaml`, bookingRulesSchema),
    catalogue: one(`${cityFolder}/catalogue.yaml`, catalogueSchema),
    documents: one(`${cityFolder}/documents.yaml`, documentsSchema),
    registration: one(`${cityFolder}/registration.yaml`, registrationRulesSchema),
    authority: one(`${cityFolder}/authority.yaml`, authoritySchema),
    intents: many('intents/catalog', intentFileSchema),
    subjects: many('intents/subjects', subjectFileSchema),
    requestTypes: one('intents/request-types.yaml', requestTypesSchema),
    lexicon: one('intents/lexicon.yaml', lexiconSchema),
    emergency: one('intents/emergency.yaml', emergencySchema),
    outcomes: one('intents/outcomes.yaml', outcomesSchema),
    elements: one('intents/elements.yaml', elementsSchema),
    talk: one('intents/talk.yaml', talkWordsSchema),
    flows: many('dialogs', flowSchema),
    parts: many('dialogs/parts', flowSchema),
    repairs: many('dialogs/repair', repairSchema),
    locales: Object.fromEntries(
      LOCALES.map(locale => [locale, one(`locales/${locale}.yaml`, localeSchema)]),
    ) as RawContent['locales'],
  }
}

/** What a company may be called and do here, with the streets where it may be. */
function registryOf({ registration, places }: RawContent): Registry {
  const streets = new Map(places.value.streets.map(({ id, name }) => [id, name]))
  return { ...registration.value, streets }
}

function assemble(raw: RawContent): Content {
  const parts = new Map(raw.parts.map(part => [part.value.id, part.value]))
  const city = raw.city.value
  return {
    city,
    departments: new Map(raw.departments.value.departments.map(department => [department.id, department])),
    routing: raw.routing.value,
    levels: raw.levels.value,
    calendar: new WorkingCalendar(raw.calendar.value, city.hours.workday),
    supervision: raw.supervision.value,
    places: raw.places.value,
    phrases: raw.phrases.value,
    articles: raw.articles.map(({ value }) => value),
    items: raw.items.flatMap(({ value }) => value.items),
    bundles: raw.bundles.map(({ value }) => value),
    appointments: raw.appointments.value,
    catalogue: raw.catalogue.value,
    documents: new Map(raw.documents.value.documents.map(document => [document.id, document])),
    authority: raw.authority.value,
    registration: registryOf(raw),
    intents: raw.intents.map(({ value }) => value),
    subjects: buildSubjectTree(raw.subjects.map(({ value }) => value)),
    requestTypes: raw.requestTypes.value,
    lexicon: raw.lexicon.value,
    emergency: raw.emergency.value,
    outcomes: raw.outcomes.value,
    elements: raw.elements.value,
    talk: raw.talk.value,
    assist: raw.assist.value,
    notifications: raw.notifications.value,
    hall: raw.hall.value,
    takeOver: {
      rules: raw.takeOver.value,
      calendar: new WorkingCalendar(raw.calendar.value, raw.takeOver.value.hours),
    },
    stewards: {
      rules: raw.stewards.value,
      quietCalendar: new WorkingCalendar(raw.calendar.value, raw.stewards.value.quiet.hours),
    },
    officialAccount: raw.officialAccount.value,
    smsTemplates: raw.smsTemplates.value,
    flows: new Map(raw.flows.map(({ value }) => [value.id, assembleFlow(value, parts)])),
    repairs: new Map(raw.repairs.map(({ value }) => [value.id, value])),
    texts: createTexts(
      Object.fromEntries(LOCALES.map(locale => [locale, raw.locales[locale].value])) as Record<
        Locale,
        Record<string, string>
      >,
    ),
  }
}
