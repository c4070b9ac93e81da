/** A plain WebSocket client that keeps what it hears. */
export class SocketClient {
  readonly frames: { activities: WireActivity[]; watermark?: string }[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  readonly opened: Promise<void>
  readonly socket: WebSocket

  constructor(url: string) {
    this.socket = new WebSocket(url)
    const opened = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<{ code: number; reason: string }>()
    this.opened = opened.promise
    this.closed = closed.promise
    this.opened.catch(() => undefined)
    this.socket.onopen = () => opened.resolve()
    this.socket.onmessage = ({ data }) => void (data && this.frames.push(JSON.parse(String(data))))
    this.socket.onerror = () => opened.reject(new Error('refused'))
    this.socket.onclose = ({ code, reason }) => closed.resolve({ code, reason })
  }

  get activities(): WireActivity[] {
    return this.frames.flatMap(frame => frame.activities)
  }

  get messages(): string[] {
    return this.activities.filter(activity => activity.type === 'message').map(activity => activity.text)
  }

  get watermark(): string {
    return this.frames.at(-1)?.watermark ?? ''
  }

  close(): void {
    this.socket.close()
  }
}

export interface WireActivity {
  type: string
  id: string
  text: string
  from: { id: string; role: string }
  channelData?: Record<string, unknown>
}

/** Waits until something is so. */
export async function until(isSo: () => boolean, what: string, withinMs = 5000): Promise<void> {
  const end = Date.now() + withinMs
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
