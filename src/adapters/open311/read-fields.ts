import { cleanText } from '../../kernel/clean-text.ts'
import { refuseFields } from '../../usecases/refuse-field.ts'

/** What was sent, by name; a name may come several times. What is empty counts as not sent. */
export interface Fields {
  named: ReadonlyMap<string, readonly string[]>
  /** `attribute[CODE]`, by code. */
  attributes: ReadonlyMap<string, readonly string[]>
}

/** More than any form of ours has. */
const MOST_FIELDS = 200
/** `attribute[CODE]`, `attribute[CODE][]`, `attribute[CODE][0]`. */
const ATTRIBUTE = /^attribute\[([^[\]]{1,100})\](?:\[\d{0,3}\])?$/

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads `application/x-www-form-urlencoded`.
 * @throws AppError `body-invalid` when it is not UTF-8 or not encoded so
 */
export function readForm(body: Uint8Array): Fields {
  const pairs = decode(body).split('&').filter(Boolean)
  if (pairs.length > MOST_FIELDS) throw malformed()
  return collect(
    pairs.map(pair => {
      const [name = '', ...value] = pair.split('=')
      return [unescapeForm(name), unescapeForm(value.join('='))]
    }),
  )
}

function unescapeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw malformed()
  }
}

/**
 * Reads a JSON object of the same names; attributes as `{"attribute": {"CODE": "…"}}` or by their names in forms.
 * @throws AppError `body-invalid` when it is none
 */
export function readJson(body: Uint8Array): Fields {
  const object = parseJson(decode(body))
  if (!isObject(object)) throw malformed()
  const entries = Object.entries(object)
  const pairs = entries.flatMap(([name, value]) =>
    name === 'attribute' && isObject(value)
      ? Object.entries(value).flatMap(([code, each]) => scalars(`attribute[${code}]`, each))
      : scalars(name, value),
  )
  if (pairs.length > MOST_FIELDS) throw malformed()
  return collect(pairs)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed()
  }
}

function scalars(name: string, value: unknown): [string, string][] {
  if (value === null) return []
  if (Array.isArray(value)) return value.flatMap(each => (Array.isArray(each) ? [] : scalars(name, each)))
  if (typeof value === 'object') throw malformed()
  return [[name, String(value)]]
}

/** Fields of pairs, e.g. of the parts of a multipart body. @throws AppError `body-invalid` for far too many */
export function collect(pairs: readonly (readonly [name: string, value: string])[]): Fields {
  const named = new Map<string, string[]>()
  const attributes = new Map<string, string[]>()
  for (const [name, sent] of pairs) {
    const value = cleanText(sent).trim()
    if (value === '') continue
    const code = ATTRIBUTE.exec(name)?.[1]
    const [where, key] = code === undefined ? [named, name] : [attributes, code]
    where.set(key, [...(where.get(key) ?? []), value])
  }
  return { named, attributes }
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body)
  } catch {
    throw malformed()
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed() {
  return refuseFields([{ field: 'body', because: 'malformed' }])
}
