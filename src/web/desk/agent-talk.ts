import { computed, reactive, ref, shallowRef } from 'vue'
import { Refused } from '../shared/http.ts'
import { keep, recall } from '../shared/keep.ts'
import { t } from '../shared/texts.ts'
import * as api from './agent-api.ts'
import { fileTalk } from './agent-filing.ts'
import { noteShown } from './agent-help.ts'
import { freshTalk, type Talk } from './talk.ts'

const TYPED = 'typed'
/** The last word and the next suggestion; typing goes on meanwhile. */
const SOON_MS = 60
const KEPT = 'agent-notes'

const talks = reactive(new Map<string, Talk>())
const openId = ref<string | null>(null)
const problem = ref('')
const isFiling = ref(false)
const matterId = ref('m1')
const calls = shallowRef<api.PhoneCall[]>([])
let stopFollowing = () => {}
let timer: ReturnType<typeof setTimeout> | undefined
let isAsking = false
/** Something was said or settled since the last question. */
let isStale = false
/** Counts what was settled: an answer from before it knows nothing of it. */
let settled = 0

/** The agent's talks, and the one that is open. */
export function useAgentTalks() {
  const talk = computed(() => (openId.value ? (talks.get(openId.value) ?? null) : null))
  const matter = computed(
    () => talk.value?.suggestions?.matters.find(({ id }) => id === matterId.value) ?? null,
  )
  return {
    talk,
    matter,
    matterId,
    calls,
    problem,
    isFiling,
    notes: computed(() => [...talks.values()].filter(isNote)),
    begin,
    openCall,
    openChat,
    hearChat,
    nextOfChat,
    openNote,
    close,
    heard,
    type,
    settle,
    ask: askSoon,
    file,
    leave,
  }
}

function isNote({ callId, chat }: Talk): boolean {
  return callId === null && chat === null
}

/** Notes that were typed and not filed are there again after the page was closed. */
function begin(): void {
  for (const note of recall<Talk[]>(KEPT) ?? [])
    if (!talks.has(note.id)) talks.set(note.id, { ...freshTalk(note.id, null), ...note })
}

function keepNotes(): void {
  const notes = [...talks.values()].filter(talk => isNote(talk) && !talk.filed && talk.typed)
  keep(
    KEPT,
    notes.map(({ id, typed, before, key }) => ({ id, typed, before, key })),
  )
}

function openCall(call: api.PhoneCall): void {
  if (!talks.has(call.id)) talks.set(call.id, freshTalk(call.id, call.id))
  show(call.id)
  const talk = talks.get(call.id)!
  talk.call = call
  talk.utterances = talk.utterances.filter(({ id }) => id === TYPED)
  stopFollowing = api.followCall(call.id, {
    onCall(now) {
      talk.call = now
    },
    onFinal(utterance) {
      if (talk.utterances.some(({ id }) => id === utterance.utteranceId)) return
      talk.utterances.push(spoken(utterance))
      if (talk.partial?.id === utterance.utteranceId) talk.partial = null
      askSoon()
    },
    onPartial(utterance) {
      talk.partial = spoken(utterance)
      askSoon()
    },
  })
}

function openChat(id: string): void {
  if (!talks.has(id)) talks.set(id, { ...freshTalk(id, null), chat: { id, from: 0 } })
  show(id)
}

/** What was written in a chat, its line left out: the form goes by what people said. */
function hearChat(id: string, said: readonly (api.Utterance & { seq: number })[]): void {
  const talk = talks.get(id)
  if (!talk?.chat) return
  const { from } = talk.chat
  const utterances = said.filter(({ seq }) => seq > from).map(({ seq: _seq, ...utterance }) => utterance)
  if (utterances.length === talk.utterances.length) return
  talk.utterances = utterances
  askSoon()
}

/** What was filed is done: another matter of the same chat begins with what is said from here on. */
function nextOfChat(lastSeq: number): void {
  const chat = openId.value ? talks.get(openId.value)?.chat : null
  if (!chat) return
  talks.set(chat.id, { ...freshTalk(chat.id, null), chat: { id: chat.id, from: lastSeq } })
  show(chat.id)
}

function spoken({ utteranceId, role, text }: api.Heard): api.Utterance {
  return { id: utteranceId, role, text }
}

function openNote(id?: string): void {
  const note = id ?? `note-${crypto.randomUUID()}`
  if (!talks.has(note)) talks.set(note, freshTalk(note, null))
  show(note)
  askSoon()
}

function show(id: string): void {
  stopFollowing()
  stopFollowing = () => {}
  openId.value = id
  matterId.value = 'm1'
  problem.value = ''
}

function close(id: string): void {
  talks.delete(id)
  if (openId.value === id) openId.value = null
  keepNotes()
}

function leave(): void {
  stopFollowing()
  stopFollowing = () => {}
  openId.value = null
}

/** All that the suggestions go by, in the order in which it was said. */
function heard(talk: Talk): api.Utterance[] {
  const typed = talk.typed.trim()
  return [
    ...talk.utterances,
    ...(talk.partial ? [talk.partial] : []),
    ...(typed ? [{ id: TYPED, role: 'resident' as const, text: talk.typed }] : []),
  ]
}

function type(text: string): void {
  const talk = openId.value ? talks.get(openId.value) : null
  if (!talk) return
  talk.typed = text
  keepNotes()
  askSoon()
}

function askSoon(): void {
  clearTimeout(timer)
  timer = setTimeout(() => void askNow(), SOON_MS)
}

/** One question at a time: however fast people speak and however slow the line is, every answer is shown. */
async function askNow(): Promise<void> {
  isStale = true
  if (isAsking) return
  isAsking = true
  while (isStale) {
    isStale = false
    const talk = openId.value ? talks.get(openId.value) : null
    if (talk && !talk.filed) await askFor(talk)
  }
  isAsking = false
}

async function askFor(talk: Talk): Promise<void> {
  const utterances = heard(talk)
  if (utterances.length === 0) {
    talk.suggestions = null
    return
  }
  const mine = settled
  try {
    const { callId, chat, before } = talk
    const answer = await api.suggestions({ callId, chatId: chat?.id ?? null, utterances, before })
    // What was settled meanwhile is answered by the next one; what was filed stays.
    if (mine !== settled || talk.filed) return
    talk.suggestions = answer
    remember(talk, answer)
    const isThere = answer.matters.some(({ id }) => id === matterId.value)
    if (openId.value === talk.id && !isThere) matterId.value = answer.matters[0]?.id ?? 'm1'
    problem.value = ''
  } catch (error) {
    problem.value = messageOf(error)
  }
}

/** What is shown now, so that the next suggestions change calmly. */
function remember(talk: Talk, answer: api.AgentSuggestions): void {
  const { matters, contact } = answer
  noteShown(talk.help, answer, Date.now())
  for (const { id, fields } of matters) {
    talk.before.matters[id] ??= {}
    showIn(talk.before.matters[id], fields)
  }
  showIn(talk.before.contact, contact)
}

function showIn<F extends string>(
  before: Partial<Record<F, api.Standing>>,
  fields: Record<F, api.Suggested>,
): void {
  for (const [name, { value, confidence }] of Object.entries<api.Suggested>(fields)) {
    const field = name as F
    if (before[field] && before[field].is !== 'shown') continue
    if (value === null) delete before[field]
    else before[field] = { value, confidence, is: 'shown' }
  }
}

/** Accepts, edits or refuses a field of a matter, or of the contact without one. */
function settle(
  matter: string | null,
  field: api.Field | api.ContactField,
  is: api.Standing['is'],
  value: string | null,
): void {
  const talk = openId.value ? talks.get(openId.value) : null
  if (!talk) return
  if (matter !== null) talk.before.matters[matter] ??= {}
  const fields: Partial<Record<string, api.Standing>> =
    matter === null ? talk.before.contact : talk.before.matters[matter]!
  settled++
  if (is === 'shown') delete fields[field]
  else fields[field] = { value: value?.trim() || null, confidence: 1, is }
  keepNotes()
  askSoon()
}

async function file(): Promise<void> {
  const talk = openId.value ? talks.get(openId.value) : null
  if (!talk?.suggestions || talk.filed || isFiling.value) return
  isFiling.value = true
  try {
    talk.filed = await fileTalk(talk, talk.suggestions, Date.now())
    problem.value = ''
    keepNotes()
  } catch (error) {
    problem.value = messageOf(error)
    // Another request needs another key; one whose answer was lost is sent again with the same.
    if (error instanceof Refused && error.code === 'idempotency-mismatch') talk.key = crypto.randomUUID()
  } finally {
    isFiling.value = false
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Refused && error.message) || t('desk.error.unreachable')
}
