import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** Longer than any message of a vendor. */
const LONGEST = 64 * 1024
const DEEPEST = 8

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  // Message ids have 64 bits: as numbers they would lose their last digits.
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  cdataPropName: '#cdata',
})

/** A message as its fields; what has fields of its own is left out unless it is asked for by `fieldsOf`. */
export type Fields = Readonly<Record<string, string>>

/**
 * Reads `<xml><Name>value</Name>…</xml>` as vendors send it. Null for all else: not well-formed, with a document type (so no
 * entities of its own, no expansion, nothing fetched), too long, too deep, or another root.
 */
export function readFlatXml(text: string): Fields | null {
  if (text.length > LONGEST || /<!DOCTYPE|<!ENTITY/i.test(text) || isDeep(text)) return null
  if (XMLValidator.validate(text) !== true) return null
  try {
    const { xml } = parser.parse(text) as { xml?: unknown }
    return typeof xml === 'object' && xml !== null ? fieldsOf(xml as Record<string, unknown>) : null
  } catch {
    // The parser refuses some names that the validator lets pass.
    return null
  }
}

function fieldsOf(record: Record<string, unknown>): Fields {
  const fields: [string, string][] = []
  for (const [name, value] of Object.entries(record)) {
    const text = textOf(value)
    if (text !== null && name !== '#text') fields.push([name, text])
  }
  return Object.assign(Object.create(null) as object, Object.fromEntries(fields)) as Fields
}

/** The text of an element: plain, as CDATA, or of the two mixed; null when it has elements inside. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { '#cdata': cdata, '#text': text, ...rest } = value as Record<string, unknown>
  if (cdata === undefined || Object.keys(rest).length > 0) return null
  const parts = Array.isArray(cdata) ? cdata : [cdata]
  return `${typeof text === 'string' ? text.trim() : ''}${parts.join('')}`
}

function isDeep(text: string): boolean {
  let depth = 0
  for (const [tag] of text.matchAll(/<!\[CDATA\[[\s\S]*?\]\]>|<\/?[^>!?][^>]*>/g)) {
    if (tag.startsWith('<![CDATA[') || tag.endsWith('/>')) continue
    depth += tag.startsWith('</') ? -1 : 1
    if (depth > DEEPEST) return true
  }
  return false
}

/** The other way: numbers bare, texts as CDATA. */
export function writeFlatXml(fields: Readonly<Record<string, string | number>>): string {
  const elements = Object.entries(fields).map(([name, value]) =>
    typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}>${cdata(value)}</${name}>`,
  )
  return `<xml>${elements.join('')}</xml>`
}

/** `]]>` would end the section; characters that XML 1.0 does not know are left out. */
function cdata(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in it
  const known = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').toWellFormed()
  return `<![CDATA[${known.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}
