import { computed, onBeforeUnmount, onMounted, type Ref, ref, watch } from 'vue'
import { currentLocale } from '../shared/texts.ts'
import { cancelTask, type DeskTask, listTasks, type TaskKind } from './line-api.ts'
import { problemText } from './problem-text.ts'
import { taskNews } from './task-news.ts'

/** While something runs it is asked for anyway: news may be lost. */
const ASK_EVERY_MS = 3000

/** Long work of one kind, followed while the page is open; a page that was reloaded finds it again. */
export function useTasks<Result>(kind: TaskKind) {
  const tasks = ref(null) as Ref<DeskTask<Result>[] | null>
  const problem = ref('')
  const running = computed(() => tasks.value?.find(({ state }) => state === 'running') ?? null)
  let isAsking = false
  let isAskedAgain = false

  async function load(): Promise<void> {
    if (isAsking) {
      isAskedAgain = true
      return
    }
    isAsking = true
    await attempt(async () => {
      tasks.value = await listTasks<Result>(kind)
    })
    isAsking = false
    if (!isAskedAgain) return
    isAskedAgain = false
    await load()
  }

  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      problem.value = ''
      return true
    } catch (error) {
      problem.value = problemText(error)
      return false
    }
  }

  /** Begins it, and shows that it runs. */
  async function begin(work: () => Promise<void>): Promise<boolean> {
    const isBegun = await attempt(work)
    const said = problem.value
    await load()
    if (!isBegun) problem.value = said
    return isBegun
  }

  const cancel = (id: string) => begin(() => cancelTask(id))

  const timer = setInterval(() => running.value && void load(), ASK_EVERY_MS)
  onMounted(load)
  watch([() => taskNews[kind], currentLocale], load)
  onBeforeUnmount(() => clearInterval(timer))
  return { tasks, running, problem, begin, cancel, load }
}
