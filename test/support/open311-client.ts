import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect } from 'vitest'
import { KEYS } from './open311-line.ts'

/** What the wire says, in either format: nobody's types. */
// biome-ignore lint/suspicious/noExplicitAny: the wire is untyped
export type Wire = any

export interface Answer {
  status: number
  type: string | null
  headers: Headers
  text: string
  /** JSON as it is; XML as its own reader makes it, texts untouched. */
  body: Wire
}

const LISTS = ['service', 'attribute', 'value', 'endpoint', 'format', 'request', 'request_update', 'error']
const reader = new XMLParser({
  parseTagValue: false,
  isArray: (name, path) => LISTS.includes(name) && typeof path === 'string' && path.includes('.'),
})

/** Asks below `/open311/v2`; whatever is XML must be valid to a parser that is not ours. */
export async function ask(url: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path.startsWith('/') ? `${url}${path}` : `${url}/open311/v2/${path}`, init)
  const text = await response.text()
  const type = response.headers.get('content-type')
  if (type?.includes('xml')) expect(XMLValidator.validate(text)).toBe(true)
  const body = type?.includes('xml') ? reader.parse(text) : text === '' ? null : JSON.parse(text)
  return { status: response.status, type, headers: response.headers, text, body }
}

/** Everything that a street light needs. */
export const STREET_LIGHT = {
  api_key: KEYS.app,
  service_code: 'urban-construction_municipal-facilities_street-light',
  address_string: '人民路3号',
  description: '路灯不亮了，天黑看不见路',
} as const

/** Files by a form. */
export function file(url: string, fields: Record<string, string>, format = 'json'): Promise<Answer> {
  return ask(url, `requests.${format}`, { method: 'POST', body: new URLSearchParams(fields) })
}
