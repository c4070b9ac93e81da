/** The part of XMLHttpRequest that RxJS 5's ajax uses, over fetch: Node has none. */
export class FetchXhr {
  readyState = 0
  status = 0
  statusText = ''
  response: unknown = null
  responseText = ''
  responseType = ''
  timeout = 0
  withCredentials = false
  onreadystatechange: (() => void) | null = null
  onerror: ((error: unknown) => void) | null = null
  ontimeout: ((error: unknown) => void) | null = null
  #method = 'GET'
  #url = ''
  readonly #headers = new Headers()
  #answer: Headers | null = null
  readonly #abort = new AbortController()

  open(method: string, url: string): void {
    this.#method = method
    this.#url = url
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers.set(name, value)
  }

  getResponseHeader(name: string): string | null {
    return this.#answer?.get(name) ?? null
  }

  abort(): void {
    this.#abort.abort()
  }

  send(body?: string | FormData): void {
    const init = { method: this.#method, headers: this.#headers, signal: this.#abort.signal }
    fetch(this.#url, body === undefined ? init : { ...init, body }).then(
      answer => this.#finish(answer),
      error => this.#abort.signal.aborted || this.onerror?.(error),
    )
  }

  async #finish(answer: Response): Promise<void> {
    const bytes = await answer.arrayBuffer()
    this.#answer = answer.headers
    this.status = answer.status
    this.statusText = answer.statusText
    if (this.responseType === 'arraybuffer') this.response = bytes
    else {
      const text = Buffer.from(bytes).toString()
      const isJson = this.responseType === 'json' && text !== ''
      this.response = isJson ? JSON.parse(text) : text
      if (!isJson) this.responseText = text
    }
    this.readyState = 4
    this.onreadystatechange?.()
  }
}
