import type { z } from 'zod'
import type { bookingRulesSchema } from '../appointments/booking-rules.ts'
import type { assistSchema } from '../assist/help-kinds.ts'
import type { phrasesSchema } from '../assist/phrases.ts'
import type { talkWordsSchema } from '../assist/talk.ts'
import type { serviceLevelsSchema } from '../clocks/service-levels.ts'
import type { calendarSchema } from '../clocks/working-calendar.ts'
import type { elementsSchema } from '../conversation/elements.ts'
import type { flowSchema, repairSchema } from '../conversation/flow.ts'
import type { takeOverSchema } from '../conversation/take-over.ts'
import type { notificationRulesSchema } from '../followup/notification-rules.ts'
import type { supervisionSchema } from '../followup/supervision-rules.ts'
import type { articleSchema } from '../guidance/article.ts'
import type { authoritySchema } from '../guidance/authority.ts'
import type { bundleSchema } from '../guidance/bundle.ts'
import type { catalogueSchema, documentsSchema } from '../guidance/catalogue.ts'
import type { itemsSchema } from '../guidance/item.ts'
import type { hallSchema } from '../hall/hall.ts'
import type {
  emergencySchema,
  intentFileSchema,
  lexiconSchema,
  outcomesSchema,
  placesSchema,
  requestTypesSchema,
  subjectFileSchema,
} from '../language/schemas.ts'
import type { Locale } from '../language/understanding.ts'
import type { registrationRulesSchema } from '../registration/rules.ts'
import type { departmentsSchema, routingSchema } from '../routing/department.ts'
import type { stewardsSchema } from '../stewards/steward-rules.ts'
import type { citySchema } from './city.ts'
import type { officialAccountSchema } from './official-account.ts'
import type { smsTemplatesSchema } from './sms-templates.ts'
import type { localeSchema } from './texts.ts'
import type { YamlFile } from './yaml-file.ts'

/** A file's value together with the file, so that a later check can name a line. */
export interface Loaded<T> {
  file: YamlFile
  value: T
}

/** The content folders, parsed, before anything refers to anything. */
export interface RawContent {
  city: Loaded<z.infer<typeof citySchema>>
  departments: Loaded<z.infer<typeof departmentsSchema>>
  routing: Loaded<z.infer<typeof routingSchema>>
  levels: Loaded<z.infer<typeof serviceLevelsSchema>>
  calendar: Loaded<z.infer<typeof calendarSchema>>
  supervision: Loaded<z.infer<typeof supervisionSchema>>
  places: Loaded<z.infer<typeof placesSchema>>
  notifications: Loaded<z.infer<typeof notificationRulesSchema>>
  hall: Loaded<z.infer<typeof hallSchema>>
  takeOver: Loaded<z.infer<typeof takeOverSchema>>
  stewards: Loaded<z.infer<typeof stewardsSchema>>
  officialAccount: Loaded<z.infer<typeof officialAccountSchema>>
  smsTemplates: Loaded<z.infer<typeof smsTemplatesSchema>>
  phrases: Loaded<z.infer<typeof phrasesSchema>>
  assist: Loaded<z.infer<typeof assistSchema>>
  articles: Loaded<z.infer<typeof articleSchema>>[]
  items: Loaded<z.infer<typeof itemsSchema>>[]
  bundles: Loaded<z.infer<typeof bundleSchema>>[]
  appointments: Loaded<z.infer<typeof bookingRulesSchema>>
  catalogue: Loaded<z.infer<typeof catalogueSchema>>
  documents: Loaded<z.infer<typeof documentsSchema>>
  registration: Loaded<z.infer<typeof registrationRulesSchema>>
  authority: Loaded<z.infer<typeof authoritySchema>>
  intents: Loaded<z.infer<typeof intentFileSchema>>[]
  subjects: Loaded<z.infer<typeof subjectFileSchema>>[]
  requestTypes: Loaded<z.infer<typeof requestTypesSchema>>
  lexicon: Loaded<z.infer<typeof lexiconSchema>>
  emergency: Loaded<z.infer<typeof emergencySchema>>
  outcomes: Loaded<z.infer<typeof outcomesSchema>>
  elements: Loaded<z.infer<typeof elementsSchema>>
  talk: Loaded<z.infer<typeof talkWordsSchema>>
  flows: Loaded<z.infer<typeof flowSchema>>[]
  parts: Loaded<z.infer<typeof flowSchema>>[]
  repairs: Loaded<z.infer<typeof repairSchema>>[]
  locales: Record<Locale, Loaded<z.infer<typeof localeSchema>>>
}
