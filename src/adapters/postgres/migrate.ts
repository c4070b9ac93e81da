import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { firstSchema } from './migrations/0001-first-schema.ts'
import { clockCalendars } from './migrations/0010-clock-calendars.ts'
import { scoresAndAnchors } from './migrations/0020-scores-and-anchors.ts'
import { notices } from './migrations/0030-notices.ts'
import { neighbours } from './migrations/0040-neighbours.ts'
import { contacts } from './migrations/0050-contacts.ts'
import { phoneCalls } from './migrations/0070-phone-calls.ts'
import { keysAndExports } from './migrations/0080-keys-and-exports.ts'
import { scoreJurisdictions } from './migrations/0090-score-jurisdictions.ts'
import { feedCursors } from './migrations/0100-feed-cursors.ts'
import { scoresAnew } from './migrations/0110-scores-anew.ts'
import { enterprises } from './migrations/0120-enterprises.ts'
import { callClaims } from './migrations/0130-call-claims.ts'
import { staffSessions } from './migrations/0140-staff-sessions.ts'
import { chats } from './migrations/0160-chats.ts'
import { overviews } from './migrations/0170-overviews.ts'
import { accounts } from './migrations/0180-accounts.ts'
import { deskTasks } from './migrations/0190-desk-tasks.ts'
import { handlersDesk } from './migrations/0200-handlers-desk.ts'
import { signDue } from './migrations/0201-sign-due.ts'
import { phoneProofs } from './migrations/0220-phone-proofs.ts'
import { agentFilings } from './migrations/0230-agent-filings.ts'
import { accountPosts } from './migrations/0240-account-posts.ts'
import { bookings } from './migrations/0250-bookings.ts'
import { hall } from './migrations/0260-hall.ts'
import { registrationDrafts } from './migrations/0270-registration-drafts.ts'
import { stewards } from './migrations/0280-stewards.ts'

/** Every migration in order. A published one is never edited: add the next. */
const migrations = {
  '0001-first-schema': firstSchema,
  '0010-clock-calendars': clockCalendars,
  '0020-scores-and-anchors': scoresAndAnchors,
  '0030-notices': notices,
  '0040-neighbours': neighbours,
  '0050-contacts': contacts,
  '0070-phone-calls': phoneCalls,
  '0080-keys-and-exports': keysAndExports,
  '0090-score-jurisdictions': scoreJurisdictions,
  '0100-feed-cursors': feedCursors,
  '0110-scores-anew': scoresAnew,
  '0120-enterprises': enterprises,
  '0130-call-claims': callClaims,
  '0140-staff-sessions': staffSessions,
  // What is out of duty counts no more from its approval on.
  '0150-scores-anew': scoresAnew,
  '0160-chats': chats,
  '0170-overviews': overviews,
  '0180-accounts': accounts,
  '0190-desk-tasks': deskTasks,
  '0200-handlers-desk': handlersDesk,
  '0201-sign-due': signDue,
  '0220-phone-proofs': phoneProofs,
  '0230-agent-filings': agentFilings,
  '0240-account-posts': accountPosts,
  '0250-bookings': bookings,
  '0260-hall': hall,
  '0270-registration-drafts': registrationDrafts,
  '0280-stewards': stewards,
}

/** Brings the schema up to date; several processes may call it at once (Kysely holds a lock). */
export async function migrate(db: Kysely<unknown>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (error) {
    const failed = results?.find(result => result.status === 'Error')?.migrationName
    throw new Error(`the migration ${failed ?? ''} failed`, { cause: error })
  }
}
