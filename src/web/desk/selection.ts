import { computed, ref } from 'vue'
import type { CaseRow } from './desk-api.ts'

/** Most cases of one go: what follows is done one by one, while somebody waits. */
export const MOST_SELECTED = 50

/** Which rows are chosen, by mouse or by keys. They stay chosen while the list changes. */
export function useSelection() {
  const chosen = ref(new Map<string, CaseRow>())
  let anchor: string | null = null

  function put(row: CaseRow, isChosen: boolean): void {
    const next = new Map(chosen.value)
    if (!isChosen) next.delete(row.id)
    else if (next.size < MOST_SELECTED) next.set(row.id, row)
    chosen.value = next
  }

  return {
    chosen: computed(() => [...chosen.value.values()]),
    count: computed(() => chosen.value.size),
    has: (id: string) => chosen.value.has(id),
    toggle(row: CaseRow) {
      put(row, !chosen.value.has(row.id))
      anchor = row.id
    },
    /** Everything from the row that was chosen last up to this one. */
    extend(rows: readonly CaseRow[], to: CaseRow) {
      const from = rows.findIndex(({ id }) => id === anchor)
      const end = rows.findIndex(({ id }) => id === to.id)
      const [first, last] = from < 0 ? [end, end] : [Math.min(from, end), Math.max(from, end)]
      for (const row of rows.slice(first, last + 1)) put(row, true)
    },
    all(rows: readonly CaseRow[]) {
      for (const row of rows) put(row, true)
    },
    clear() {
      chosen.value = new Map()
      anchor = null
    },
  }
}
