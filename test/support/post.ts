/** What is sent to the line by somebody who is not our page. */
export interface Posted {
  body: string
  headers?: Record<string, string>
}

/** Posts to a path of the line, query included. How connections are made is the caller's business: the benchmarks keep theirs. */
export type Post = (path: string, sent: Posted) => Promise<{ status: number; text: string }>

/** Posts to the line at this address by `fetch`. */
export function fetchPost(url: string): Post {
  return async (path, sent) => {
    const response = await fetch(`${url}${path}`, { method: 'POST', ...sent })
    return { status: response.status, text: await response.text() }
  }
}
