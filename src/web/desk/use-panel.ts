import { type Ref, ref, shallowRef, watch } from 'vue'
import { currentLocale } from '../shared/texts.ts'
import type { OverviewQuery } from './overview-shapes.ts'
import { problemText } from './problem-text.ts'

/**
 * What a part of the supervisor's page shows: asked for anew when the page asks for something else or `beat` goes on; what was
 * there stays until then.
 */
export function usePanel<T>(
  query: () => OverviewQuery,
  beat: () => number,
  load: (query: OverviewQuery) => Promise<T>,
) {
  const answer: Ref<T | null> = shallowRef(null)
  const problem = ref('')
  let asked = 0
  watch([query, beat, currentLocale], refresh, { immediate: true, deep: true })

  async function refresh(): Promise<void> {
    const mine = ++asked
    try {
      const found = await load({ ...query() })
      if (mine !== asked) return
      answer.value = found
      problem.value = ''
    } catch (error) {
      if (mine === asked) problem.value = problemText(error)
    }
  }
  return { answer, problem }
}
