import { call, SECRET, startConversation } from '../http/start-line.ts'

/** Settings with which a line lets these tests speak. */
export const SPEAKING = { DIRECT_LINE_SECRET: SECRET, LOG_LEVEL: 'fatal' }

export interface Talk {
  /** Says something under an id of its own (given: the id of a message that is sent again). */
  say(text: string, id?: string): ReturnType<typeof call>
}

let said = 0

/** A new resident at a running line. */
export async function talkWith(url: string): Promise<Talk> {
  const { id: conversation, token } = await startConversation(url)
  return {
    say(text, id = `m${++said}`) {
      const body = {
        type: 'message',
        text,
        deliveryMode: 'expectReplies',
        channelData: { clientActivityID: id },
      }
      const headers = { 'accept-language': 'zh-CN' }
      return call(url, `/v3/directline/conversations/${conversation}/activities`, { token, body, headers })
    },
  }
}

let houses = 0

/** Files a broken street lamp, each at another house so that nobody is asked to join, and returns the case's number. */
export async function fileLamp(url: string): Promise<string> {
  const talk = await talkWith(url)
  await talk.say(`人民路${++houses}号的路灯坏了好几天，晚上黑得看不见，老人摔了一跤`)
  await talk.say('不留电话')
  const { json } = await talk.say('没问题，提交')
  return json.activities.at(-1).channelData.cases[0].number
}

/** What `/readyz` says. */
export async function readiness(url: string): Promise<{ status: number; store: string }> {
  const { status, json } = await call(url, '/readyz')
  return { status, store: json.checks.store }
}

/** A browser that is logged in at the desk: its headers. */
export async function deskHeaders(
  url: string,
  account: { login: string; password: string },
): Promise<Record<string, string>> {
  const { headers, json } = await call(url, '/api/desk/login', { body: account, headers: { origin: url } })
  const cookies = headers.getSetCookie().map(line => line.split(';')[0])
  return { cookie: cookies.join('; '), 'x-csrf-token': json.csrfToken, origin: url }
}
