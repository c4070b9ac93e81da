import * as api from './agent-api.ts'
import { toldHelp } from './agent-help.ts'
import type { Talk } from './talk.ts'

/** Files what a talk shows now, with what became of the help. @throws Refused */
export function fileTalk(talk: Talk, { matters }: api.AgentSuggestions, now: number): Promise<api.Filed> {
  const { phone, name } = talk.before.contact
  return api.file(
    {
      callId: talk.callId,
      chatId: talk.chat?.id ?? null,
      matters: matters.filter(({ id }) => !talk.dropped.includes(id)).map(each => filingOf(talk, each)),
      name: standsIn(name),
      phone: standsIn(phone)?.replace(/\D/g, '') || null,
      isWithoutPhone: talk.isWithoutPhone,
      help: toldHelp(talk, now),
    },
    talk.key,
  )
}

/** What stands in a field; nothing where it was refused. */
function standsIn(standing: api.Standing | undefined): string | null {
  return standing && standing.is !== 'refused' ? standing.value : null
}

function filingOf(talk: Talk, matter: api.AgentMatter): api.FilingMatter {
  const standings = talk.before.matters[matter.id] ?? {}
  const told = (field: api.Field) => standsIn(standings[field])
  const { danger } = matter
  const isDanger = danger !== null && !danger.isSensed && !talk.isNoDanger
  const answer = talk.answers[matter.id]
  return {
    words: matter.words,
    type: told('type') ?? 'help',
    subject: told('subject'),
    place: told('place'),
    time: told('time'),
    wanted: told('wanted'),
    summary: told('summary'),
    joins: talk.joins[matter.id] ?? null,
    lead: matter.department.isCertain ? null : (talk.leads[matter.id] ?? null),
    service: isDanger ? danger.service : null,
    answer: answer?.isGiven && answer.text.trim() ? answer.text.trim() : null,
  }
}
