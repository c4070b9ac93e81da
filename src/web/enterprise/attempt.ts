import { type Ref, ref } from 'vue'
import { linePhone } from '../shared/city.ts'
import { Refused } from '../shared/http.ts'
import { t } from '../shared/texts.ts'

/** One thing done at a time, with what went wrong in the reader's language. */
export function useAttempt(): {
  problem: Ref<string>
  isBusy: Ref<boolean>
  attempt(work: () => Promise<void>): Promise<boolean>
} {
  const problem = ref('')
  const isBusy = ref(false)
  return {
    problem,
    isBusy,
    async attempt(work) {
      problem.value = ''
      isBusy.value = true
      try {
        await work()
        return true
      } catch (error) {
        problem.value =
          (error instanceof Refused && error.message) || t('web.status.unreachable', { phone: linePhone() })
        return false
      } finally {
        isBusy.value = false
      }
    },
  }
}
