import { computed, ref } from 'vue'
import type { ReplyDraft, ReplyPreview } from './handler-api.ts'
import { previewReply } from './handler-api.ts'
import { problemText } from './problem-text.ts'

/** Somebody stopped typing for so long. */
const PAUSE_MS = 500

/** The reader's view of what is being written, some moments after each change. */
export function useReplyPreview() {
  const preview = ref<ReplyPreview | null>(null)
  const problem = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function ask(caseId: string, draft: ReplyDraft): Promise<void> {
    const mine = ++asked
    try {
      const shown = await previewReply(caseId, draft)
      if (mine !== asked) return
      preview.value = shown
      problem.value = ''
    } catch (error) {
      if (mine !== asked) return
      preview.value = null
      problem.value = problemText(error)
    }
  }

  return {
    preview,
    problem,
    concerns: computed(() => preview.value?.concerns ?? []),
    soon(caseId: string, draft: ReplyDraft) {
      clearTimeout(timer)
      timer = setTimeout(() => ask(caseId, draft), PAUSE_MS)
    },
    /** At once, before it is sent. */
    async now(caseId: string, draft: ReplyDraft) {
      clearTimeout(timer)
      await ask(caseId, draft)
    },
    forget() {
      clearTimeout(timer)
      asked++
      preview.value = null
      problem.value = ''
    },
  }
}
