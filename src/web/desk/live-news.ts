/** What the server tells while the desk is open. */
export interface LiveNews {
  onCase(caseId: string, version: number): void
  /** A chat with a resident is not as it was, or something was said in it. */
  onChat(chatId: string): void
  /** Connected (again): something may have been missed. */
  onReady(): void
  onLost(): void
}

/** Listens to the desk's events; the browser reconnects by itself. Returns how to stop. */
export function listenToNews(news: LiveNews): () => void {
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
  source.addEventListener('ready', () => news.onReady())
  source.addEventListener('error', () => news.onLost())
  return () => source.close()
}
