import { type Ref, ref } from 'vue'
import type { CaseRow } from './desk-api.ts'
import * as api from './desk-api.ts'
import { holdRows } from './held-rows.ts'
import type { ListFilter, StateCount } from './list-filter.ts'
import { problemText } from './problem-text.ts'

const PAGE = 50
/** More the server does not give at once. */
const MOST_AT_ONCE = 200
const SOON_MS = 400
/** Counting looks at every open case of the account: not at each news of a busy hour. */
const COUNT_EVERY_MS = 5000

/** The rows of the list, page by page, kept fresh without moving under somebody's hand. */
export function useCaseRows(filter: ListFilter, isHeld: () => boolean) {
  const rows: Ref<CaseRow[]> = ref([])
  const gone = ref(new Set<string>())
  const waiting = ref(0)
  const nextCursor = ref<string | null>(null)
  const isLoading = ref(true)
  const problem = ref('')
  const counts = ref<StateCount[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let countTimer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  let countedAt = 0

  /** Asks anew and takes what comes, in its order. */
  async function load(limit = PAGE): Promise<void> {
    await ask(limit, page => {
      rows.value = page.rows
      nextCursor.value = page.nextCursor
      gone.value = new Set()
      waiting.value = 0
    })
    countSoon(0)
  }

  async function ask(
    limit: number,
    take: (page: { rows: CaseRow[]; nextCursor: string | null }) => void,
  ): Promise<void> {
    const mine = ++asked
    isLoading.value = rows.value.length === 0
    try {
      const page = await api.listCases(filter, { cursor: null, limit })
      // A later question has been asked meanwhile: its answer counts.
      if (mine !== asked) return
      take(page)
      problem.value = ''
    } catch (error) {
      if (mine === asked) problem.value = problemText(error)
    } finally {
      if (mine === asked) isLoading.value = false
    }
  }

  async function loadMore(): Promise<void> {
    const cursor = nextCursor.value
    if (cursor === null) return
    const mine = asked
    const page = await api.listCases(filter, { cursor, limit: PAGE })
    if (mine !== asked || nextCursor.value !== cursor) return
    const known = new Set(rows.value.map(({ id }) => id))
    rows.value = [...rows.value, ...page.rows.filter(({ id }) => !known.has(id))]
    nextCursor.value = page.nextCursor
  }

  async function refresh(): Promise<void> {
    const limit = Math.min(MOST_AT_ONCE, Math.max(PAGE, rows.value.length))
    const isFree = rows.value.length === 0 || (!isHeld() && rows.value.length <= MOST_AT_ONCE)
    if (isFree) await load(limit)
    else
      await ask(limit, page => {
        const isWhole = page.nextCursor === null
        const held = holdRows(rows.value, page.rows, { isWhole, reach: page.rows.length })
        rows.value = held.rows
        gone.value = held.gone
        waiting.value = held.waiting
      })
    countSoon(COUNT_EVERY_MS)
  }

  function countSoon(everyMs: number): void {
    clearTimeout(countTimer)
    countTimer = setTimeout(count, Math.max(0, countedAt + everyMs - Date.now()))
  }

  async function count(): Promise<void> {
    countedAt = Date.now()
    const { department, light, isHot } = filter
    // The list works without its numbers just as well.
    counts.value = await api
      .countCases({ ...filter, lane: '', states: [], grade: '', department, light, isHot })
      .catch(() => counts.value)
  }

  return {
    rows,
    gone,
    waiting,
    nextCursor,
    isLoading,
    problem,
    counts,
    load: () => load(),
    loadMore,
    /** Lets in what waited, as far as the list was read. */
    letGo: () => load(Math.min(MOST_AT_ONCE, Math.max(PAGE, rows.value.length))),
    /** Something changed somewhere. Several news in a row are one refresh. */
    refreshSoon() {
      clearTimeout(timer)
      timer = setTimeout(refresh, SOON_MS)
    },
    stop() {
      clearTimeout(timer)
      clearTimeout(countTimer)
    },
  }
}
