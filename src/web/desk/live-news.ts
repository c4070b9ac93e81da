import type { TaskKind } from './line-api.ts'

/** What the server tells while the desk is open. */
export interface LiveNews {
  onCase(caseId: string, version: number): void
  /** A chat with a resident is not as it was, or something was said in it. */
  onChat(chatId: string): void
  /** Long work of this kind goes on or has ended. */
  onTask(kind: TaskKind): void
  /** Connected (again): something may have been missed. */
  onReady(): void
  onLost(): void
}

/** After an answer that was a refusal (a balancer without a line behind it) the browser gives up. */
const AGAIN_MS = 15_000

/** Listens to the desk's events, again and again. Returns how to stop. */
export function listenToNews(news: LiveNews): () => void {
  let source = openNews(news)
  const again = setInterval(() => {
    if (source.readyState === EventSource.CLOSED) source = openNews(news)
  }, AGAIN_MS)
  // A cut line may look open for minutes.
  const online = () => source.readyState === EventSource.OPEN && news.onReady()
  addEventListener('offline', news.onLost)
  addEventListener('online', online)
  return () => {
    clearInterval(again)
    removeEventListener('offline', news.onLost)
    removeEventListener('online', online)
    source.close()
  }
}

function openNews(news: LiveNews): EventSource {
  const source = new EventSource('/api/desk/events')
  source.addEventListener('case', event => {
    const { caseId, version } = JSON.parse((event as MessageEvent<string>).data) as {
      caseId: string
      version: number
    }
    news.onCase(caseId, version)
  })
  source.addEventListener('chat', event => {
    const { chatId } = JSON.parse((event as MessageEvent<string>).data) as { chatId: string }
    news.onChat(chatId)
  })
  source.addEventListener('task', event => {
    news.onTask((JSON.parse((event as MessageEvent<string>).data) as { kind: TaskKind }).kind)
  })
  source.addEventListener('ready', () => news.onReady())
  source.addEventListener('error', () => news.onLost())
  return source
}
