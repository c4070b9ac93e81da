/** What is answered, before it is JSON or XML: the JSON form is the tree itself. */
export type Tree = string | number | boolean | null | readonly Tree[] | { readonly [name: string]: Tree }

/** What the elements of a list are called. JSON has no such names. */
const ELEMENT_OF: Readonly<Record<string, string>> = {
  services: 'service',
  attributes: 'attribute',
  values: 'value',
  endpoints: 'endpoint',
  formats: 'format',
  service_requests: 'request',
  service_request_updates: 'request_update',
  errors: 'error',
}

/** A whole XML document in UTF-8. Names come from the code, texts from anywhere. */
export function writeXml(root: string, tree: Tree): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, tree)}\n`
}

function element(name: string, tree: Tree): string {
  const inside = content(name, tree)
  return inside === '' ? `<${name}/>` : `<${name}>${inside}</${name}>`
}

function content(name: string, tree: Tree): string {
  if (tree === null) return ''
  if (isList(tree)) return tree.map(each => element(ELEMENT_OF[name]!, each)).join('')
  if (typeof tree === 'object')
    return Object.entries(tree)
      .map(([key, value]) => element(key, value))
      .join('')
  return escapeXml(String(tree))
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // Else every reader makes a line feed of it.
  '\r': '&#13;',
}

/** What XML 1.0 cannot hold in any way, escaped or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Text as it stands between tags. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(UNSPEAKABLE, '')
    .replace(/[&<>"'\r]/g, char => ESCAPES[char]!)
}
