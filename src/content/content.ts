import type { BookingRules } from '../appointments/booking-rules.ts'
import type { AssistRules } from '../assist/help-kinds.ts'
import type { Phrases } from '../assist/phrases.ts'
import type { TalkWords } from '../assist/talk.ts'
import type { ServiceLevels } from '../clocks/service-levels.ts'
import type { WorkingCalendar } from '../clocks/working-calendar.ts'
import type { Elements } from '../conversation/elements.ts'
import type { Flow, Repair } from '../conversation/flow.ts'
import type { TakeOverRules } from '../conversation/take-over.ts'
import type { NotificationRules } from '../followup/notification-rules.ts'
import type { Supervision } from '../followup/supervision-rules.ts'
import type { Article } from '../guidance/article.ts'
import type { Authority } from '../guidance/authority.ts'
import type { Bundle } from '../guidance/bundle.ts'
import type { Catalogue, DocumentKind } from '../guidance/catalogue.ts'
import type { Item } from '../guidance/item.ts'
import type { Hall } from '../hall/hall.ts'
import type {
  EmergencyFile,
  IntentFile,
  Lexicon,
  OutcomeFile,
  Places,
  RequestTypes,
} from '../language/schemas.ts'
import type { SubjectTree } from '../language/subject-tree.ts'
import type { Registry } from '../registration/rules.ts'
import type { Department, RoutingRules } from '../routing/department.ts'
import type { StewardRules } from '../stewards/steward-rules.ts'
import type { City } from './city.ts'
import type { OfficialAccount } from './official-account.ts'
import type { SmsTemplates } from './sms-templates.ts'
import type { Texts } from './texts.ts'

/** Everything that administrators write, checked and in one piece. */
export interface Content {
  city: City
  departments: ReadonlyMap<string, Department>
  routing: RoutingRules
  levels: ServiceLevels
  calendar: WorkingCalendar
  supervision: Supervision
  places: Places
  /** What handlers write again and again. */
  phrases: Phrases
  articles: readonly Article[]
  items: readonly Item[]
  /** One thing in a person's life that takes several items. */
  bundles: readonly Bundle[]
  /** Where and when one can come at a time that was agreed on. */
  appointments: BookingRules
  catalogue: Catalogue
  documents: ReadonlyMap<string, DocumentKind>
  authority: Authority
  /** What a company may be called and do here, and its papers. */
  registration: Registry
  intents: readonly IntentFile[]
  subjects: SubjectTree
  requestTypes: RequestTypes
  lexicon: Lexicon
  emergency: EmergencyFile
  outcomes: OutcomeFile
  elements: Elements
  /** Words of talk, for the suggestions to whoever answers a call. */
  talk: TalkWords
  /** Which help agents are not given. */
  assist: AssistRules
  notifications: NotificationRules
  /** When and how people take over chats; `calendar` is of those hours. */
  /** The service hall: windows, whom they serve, how it looks. */
  hall: Hall
  takeOver: { rules: TakeOverRules; calendar: WorkingCalendar }
  /** Who looks after enterprises, and by which rules; `quietCalendar` is of the hours in which they may be written to unasked. */
  stewards: { rules: StewardRules; quietCalendar: WorkingCalendar }
  officialAccount: OfficialAccount
  smsTemplates: SmsTemplates
  flows: ReadonlyMap<string, Flow>
  repairs: ReadonlyMap<string, Repair>
  texts: Texts
}
