import type { Post } from '../../test/support/post.ts'
import type { Talker } from './answered-talker.ts'

/** As many programs as are needed so that none files faster than the line lets one. */
const KEYS = Array.from({ length: 40 }, (_, i) => `key-of-program-number-${i}`)

export const OPEN311_SETTINGS = {
  OPEN311_KEYS: KEYS.map((key, i) => `program-${i}:${key}`).join(','),
  // So that each of them has an address of its own.
  TRUST_PROXY: 'loopback',
}

const PATH = '/open311/v2/requests.json'
let people = 0
let houses = 0

/** Files the same matter at a house of its own for whatever is said; at no road and of no subject that anybody in the chats tells of. */
export function openMatters(post: Post): Talker {
  const person = people++
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-forwarded-for': `10.1.${Math.floor(person / 250) % 250}.${(person % 250) + 1}`,
  }
  return async () => {
    const house = houses++
    const fields = new URLSearchParams({
      api_key: KEYS[house % KEYS.length]!,
      service_code: 'urban-construction_municipal-facilities_road-damage',
      address_string: `建设路${house}号`,
      description: '路面坏了一个大坑，下雨积水看不见',
      device_id: `device-${person}`,
    })
    const { status, text: answer } = await post(PATH, { headers, body: fields.toString() })
    if (status !== 200 || !JSON.parse(answer)[0]?.service_request_id)
      throw new Error(`a request was answered with ${status}: ${answer}`)
  }
}
