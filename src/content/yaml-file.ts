import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { ContentProblem } from './content-problem.ts'

/** A content file as read from wherever content is kept; `path` is relative to the project, with slashes. */
export interface ContentFile {
  path: string
  text: string
}

/** What has been parsed: whoever checks the content again with one file changed does not parse all the others anew. */
const parsed = new WeakMap<ContentFile, YamlFile>()

/** A parsed file that remembers its lines, so that every later complaint can name one. */
export class YamlFile {
  readonly path: string
  readonly #document: Document
  readonly #lines: LineCounter

  /** The file, parsed once for as long as the same object is given. */
  static of(file: ContentFile): YamlFile {
    const known = parsed.get(file) ?? new YamlFile(file)
    parsed.set(file, known)
    return known
  }

  private constructor(file: ContentFile) {
    this.path = file.path
    this.#lines = new LineCounter()
    this.#document = parseDocument(file.text, { lineCounter: this.#lines, uniqueKeys: true })
  }

  /** The file's value by a schema; problems are added to the list and then there is no value. */
  read<Schema extends z.ZodType>(schema: Schema, problems: ContentProblem[]): z.output<Schema> | undefined {
    for (const error of this.#document.errors) {
      const line = error.linePos?.[0].line ?? 1
      problems.push({ file: this.path, line, path: '', message: error.message.split('\n')[0]! })
    }
    if (this.#document.errors.length > 0) return undefined
    let value: unknown
    try {
      value = this.#document.toJS()
    } catch (error) {
      // Aliases without end, or of nothing.
      problems.push(this.problem([], (error as Error).message))
      return undefined
    }
    const read = schema.safeParse(value)
    if (read.success) return read.data
    for (const issue of read.error.issues)
      problems.push(this.problem(issue.path as (string | number)[], issue.message))
    return undefined
  }

  /** A complaint about the value at a path. */
  problem(path: readonly (string | number)[], message: string): ContentProblem {
    return { file: this.path, line: this.lineOf(path), path: path.join('.'), message }
  }

  /** The line of the value at a path, or of the deepest part of it that is there. */
  lineOf(path: readonly (string | number)[]): number {
    let node = this.#document.contents as Node | null
    let offset = node?.range?.[0] ?? 0
    for (const key of path) {
      const next = childOf(node, key)
      if (!next) break
      node = next.value
      offset = next.offset
    }
    return this.#lines.linePos(offset).line || 1
  }
}

function childOf(node: Node | null, key: string | number): { value: Node | null; offset: number } | null {
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined
    return item ? { value: item, offset: item.range?.[0] ?? 0 } : null
  }
  if (!isMap(node)) return null
  const pair = node.items.find(each => isScalar(each.key) && String(each.key.value) === String(key))
  if (!pair) return null
  const keyOffset = (pair.key as Node).range?.[0] ?? 0
  return { value: pair.value as Node | null, offset: keyOffset }
}
