import { ref } from 'vue'
import { problemText } from './problem-text.ts'

/** One thing at a time: whether it goes on, and why it did not work. */
export function useAttempt() {
  const problem = ref('')
  const isBusy = ref(false)
  return {
    problem,
    isBusy,
    /** @returns whether it worked */
    async attempt(work: () => Promise<unknown>): Promise<boolean> {
      if (isBusy.value) return false
      isBusy.value = true
      problem.value = ''
      try {
        await work()
        return true
      } catch (error) {
        problem.value = problemText(error)
        return false
      } finally {
        isBusy.value = false
      }
    },
  }
}
