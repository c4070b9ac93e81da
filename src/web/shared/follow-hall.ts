import { onBeforeUnmount, onMounted, watch } from 'vue'
import { currentLocale } from './texts.ts'

/** Minutes pass without any news, and a line may die without a word. */
const AGAIN_MS = 20_000
/** A stream that the browser has given up is opened anew. */
const REOPEN_MS = 5_000

/** Keeps a page of the hall up to date for as long as it is open, be it for days: by news, and by asking now and then. */
export function followHall(refresh: () => unknown): void {
  let source: EventSource | null = null
  let isOver = false
  let reopening: ReturnType<typeof setTimeout> | undefined

  function listen(): void {
    if (isOver || typeof EventSource === 'undefined') return
    source = new EventSource('/api/hall/events')
    source.addEventListener('ready', () => refresh())
    source.addEventListener('hall', () => refresh())
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) return
      clearTimeout(reopening)
      reopening = setTimeout(listen, REOPEN_MS)
    })
  }

  const timer = setInterval(() => refresh(), AGAIN_MS)
  watch(currentLocale, () => refresh())
  onMounted(() => {
    refresh()
    listen()
  })
  onBeforeUnmount(() => {
    isOver = true
    clearInterval(timer)
    clearTimeout(reopening)
    source?.close()
  })
}
