import { computed, reactive, ref } from 'vue'
import type { CaseCard } from '../../conversation/message.ts'
import { Refused } from '../shared/http.ts'
import { t } from '../shared/texts.ts'
import { call } from './desk-api.ts'
import { pagesOf } from './pages.ts'

/** A resident's chat in which a person is called or talks. */
export interface Chat {
  id: string
  state: 'waiting' | 'held'
  channelName: string
  because: 'asked' | 'unsure' | 'broken'
  dangerAt: string | null
  place: number | null
  waitedSeconds: number | null
  isLate: boolean
  /** An enterprise wrote it to its steward, who sits here. */
  isForMe: boolean
  lastSeq: number
  lastWords: string
  holder: { number: number; displayName: string; isMine: boolean } | null
}

/** A line of its transcript. */
export interface ChatEntry {
  seq: number
  from: 'resident' | 'line' | 'agent'
  by: string | null
  at: string
  text: string
  key: string | null
  files: number
  cards: Omit<CaseCard, 'queryCode'>[]
  /** Tells of the matter, and is no mere wish for a person. */
  isTold: boolean
  isUnreached: boolean
}

/** What this desk knows of a chat that was opened. */
interface Opened {
  entries: ChatEntry[]
  /** Not sent yet. */
  draft: string
  /** Of the draft: sent again after a lost connection it is written once. */
  key: string
  /** The last line that somebody at this desk has seen. */
  seenSeq: number
  isOver: boolean
}

const HERE_EVERY_MS = 30_000
/** For news that nobody heard. */
const LOOK_EVERY_MS = 20_000
const PAGE = 200

const rows = ref<Chat[]>([])
/** When the list came, by the clock of the page itself: the server's may be another. */
const listedAt = ref(performance.now())
const ticks = ref(0)
const opened = reactive(new Map<string, Opened>())
const problem = ref('')
const isBusy = ref(false)
let timers: ReturnType<typeof setInterval>[] = []
let isListing = false
let isListStale = false

/** Chats at this desk: the queue, who has which, and what was said in those that are open. */
export function useChats() {
  return {
    rows,
    opened,
    problem,
    isBusy,
    waiting: computed(() => rows.value.filter(({ state }) => state === 'waiting')),
    mine: computed(() => rows.value.filter(({ holder }) => holder?.isMine)),
    others: computed(() => rows.value.filter(({ holder }) => holder && !holder.isMine)),
    begin,
    leave,
    changed,
    open,
    send,
    take: (id: string) => act(id, 'take'),
    giveBack: (id: string) => act(id, 'give-back'),
    handBack: (id: string) => act(id, 'hand-back'),
    finish: (id: string) => act(id, 'finish'),
    waitedText,
    unreadOf,
  }
}

/** Whoever may talk to residents is there as long as the desk is open, whatever page it shows. */
function begin(role: string): void {
  leave()
  if (!(pagesOf(role) as string[]).includes('agent')) return
  const here = () => void call('/chats/here', { body: {} }).catch(() => {})
  timers = [
    setInterval(here, HERE_EVERY_MS),
    setInterval(() => changed(), LOOK_EVERY_MS),
    setInterval(() => ticks.value++, 1000),
  ]
  here()
  changed()
}

function leave(): void {
  for (const timer of timers) clearInterval(timer)
  timers = []
  rows.value = []
  opened.clear()
}

/** Something happened in a chat, or it is not known what was missed. */
function changed(id?: string): void {
  // Whoever talks to no residents has no list of chats either.
  if (timers.length === 0) return
  void list()
  for (const each of id === undefined ? opened.keys() : [id]) if (opened.has(each)) void read(each)
}

/** One question at a time; news that come meanwhile ask once more. */
async function list(): Promise<void> {
  isListStale = true
  if (isListing) return
  isListing = true
  try {
    while (isListStale) {
      isListStale = false
      rows.value = (await call<{ rows: Chat[] }>('/chats')).rows
      listedAt.value = performance.now()
    }
  } catch {
    // The list stays as it was, and is looked for again.
  } finally {
    isListing = false
  }
}

function open(id: string): void {
  problem.value = ''
  if (!opened.has(id))
    opened.set(id, { entries: [], draft: '', key: crypto.randomUUID(), seenSeq: 0, isOver: false })
  void read(id)
}

async function read(id: string): Promise<void> {
  const chat = opened.get(id)
  if (!chat) return
  try {
    for (;;) {
      const after = chat.entries.at(-1)?.seq ?? 0
      const answer = await call<{ entries: ChatEntry[]; isOver: boolean }>(
        `/chats/${encodeURIComponent(id)}/entries?after=${after}`,
      )
      const known = chat.entries.at(-1)?.seq ?? 0
      chat.entries.push(...answer.entries.filter(({ seq }) => seq > known))
      chat.isOver = answer.isOver
      if (answer.entries.length < PAGE) return
    }
  } catch (error) {
    problem.value = messageOf(error)
  }
}

async function send(id: string): Promise<boolean> {
  const chat = opened.get(id)
  const text = chat?.draft.trim()
  if (!chat || !text || isBusy.value) return false
  return attempt(async () => {
    const headers = { 'idempotency-key': chat.key }
    await call(`/chats/${encodeURIComponent(id)}/messages`, { body: { text }, headers }).catch(error => {
      // Written otherwise since its answer was lost: it is another message.
      if (error instanceof Refused && error.code === 'idempotency-mismatch') chat.key = crypto.randomUUID()
      throw error
    })
    chat.key = crypto.randomUUID()
    // What was typed meanwhile stays.
    if (chat.draft.trim() === text) chat.draft = ''
    changed(id)
  })
}

function act(id: string, deed: 'take' | 'give-back' | 'hand-back' | 'finish'): Promise<boolean> {
  return attempt(async () => {
    await call(`/chats/${encodeURIComponent(id)}/${deed}`, { body: {} })
    await Promise.all([list(), read(id)])
  })
}

async function attempt(work: () => Promise<void>): Promise<boolean> {
  isBusy.value = true
  try {
    await work()
    problem.value = ''
    return true
  } catch (error) {
    problem.value = messageOf(error)
    changed()
    return false
  } finally {
    isBusy.value = false
  }
}

/** `2:40`, growing by the second. */
function waitedText({ waitedSeconds }: Chat): string {
  void ticks.value
  const seconds = (waitedSeconds ?? 0) + Math.floor((performance.now() - listedAt.value) / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Lines of the resident that nobody at this desk has seen. */
function unreadOf({ id, lastSeq }: Chat): boolean {
  return lastSeq > (opened.get(id)?.seenSeq ?? 0)
}

function messageOf(error: unknown): string {
  return (error instanceof Refused && error.message) || t('desk.error.unreachable')
}
