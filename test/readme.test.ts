import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configSchema, readConfig } from '../src/config.ts'
import { errorCatalogue } from '../src/kernel/errors.ts'

const root = join(import.meta.dirname, '..')
const docs = readdirSync(join(root, 'docs'))
  .filter(name => name.endsWith('.md'))
  .map(name => `docs/${name}`)
const pages = ['README.md', ...docs]
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
const isThere = (path: string) => existsSync(join(root, path))

/** Folders whose paths are worth checking when they stand in a text; what is below `build/` or `data/` is made later. */
const TOPS = ['src', 'test', 'bench', 'docs', 'dialogs', 'intents', 'locales', 'cities']

/** Paths in a text; those with a `<placeholder>` are examples. */
function pathsIn(text: string): string[] {
  const pattern = new RegExp(`(?<![\\w/.-])(?:${TOPS.join('|')})/[\\w./<>*-]*`, 'g')
  const found = [...text.matchAll(pattern)].map(([path]) => path.replace(/[.,]+$/, ''))
  return [...new Set(found)].filter(path => !/[<>*]/.test(path))
}

/** Lines of the README's map as paths: two more spaces are one floor deeper; one line may draw two rooms. */
function pathsOfMap(readme: string): string[] {
  const map = /## Map\n+```\n([\s\S]*?)```/.exec(readme)![1]!
  const parents: string[] = []
  return map.split('\n').flatMap(line => {
    const match = /^( *)([\w.-]+\/|[\w-]+\.\w+)(?: {1,2}([\w-]+\/) )?/.exec(line)
    if (!match) return []
    const [, indent, first, second] = match
    parents.length = indent!.length / 2
    const above = parents.join('')
    if (first!.endsWith('/')) parents.push(first!)
    return [first!, ...(second ? [second] : [])].map(name => above + name)
  })
}

describe.each(pages)('%s', page => {
  const text = textOf(page)

  it('names only paths that exist', () => {
    expect(pathsIn(text).filter(path => !isThere(path))).toEqual([])
  })

  it('links only to what exists', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(match => match[1]!)
    const from = page.includes('/') ? page.slice(0, page.lastIndexOf('/') + 1) : ''
    expect(links.filter(link => !isThere(from + link))).toEqual([])
  })

  it('names only scripts that exist', () => {
    const named = [...text.matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
      match => match[1] ?? match[2]!,
    )
    expect([...new Set(named)].filter(name => !(name in scripts))).toEqual([])
  })

  it('names only settings that exist', () => {
    const named = [...text.matchAll(/`([A-Z][A-Z0-9_]{3,})(?:=[^`]*)?`|\b([A-Z][A-Z0-9]*_[A-Z_]+)=/g)]
    const known = [...Object.keys(configSchema.shape), 'LOCALES', 'STAGES', 'YYMMDD', 'SIGTERM', 'SIGINT']
    const unknown = named.map(match => match[1] ?? match[2]!).filter(name => !known.includes(name))
    expect([...new Set(unknown)]).toEqual([])
  })
})

describe('README.md', () => {
  const readme = textOf('README.md')

  it('draws a map of what is really there', () => {
    const paths = pathsOfMap(readme)
    expect(paths.length).toBeGreaterThan(30)
    expect(paths.filter(path => !isThere(path))).toEqual([])
  })

  it('forgets no room of the house', () => {
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter(entry => entry.isDirectory() && readdirSync(join(root, 'src', entry.name)).length > 0)
      .map(entry => `src/${entry.name}/`)
    const adapters = readdirSync(join(root, 'src/adapters')).map(name => `src/adapters/${name}/`)
    const drawn = pathsOfMap(readme)
    expect([...rooms, ...adapters].filter(room => !drawn.includes(room))).toEqual([])
  })

  it('lists every setting with its default', () => {
    const rows = [...readme.matchAll(/^\| `([A-Z0-9_]+)` \| ([^|]+) \|/gm)].map(match => [
      match[1]!,
      match[2]!,
    ])
    expect(rows.map(([name]) => name).toSorted()).toEqual(Object.keys(configSchema.shape).toSorted())
    const defaults = readConfig({}) as Record<string, unknown>
    for (const [name, told] of rows) {
      const actual = defaults[name!]
      const isNothing =
        actual === undefined || actual === false || (Array.isArray(actual) && actual.length === 0)
      expect(`${name} ${told}`).toBe(`${name} ${isNothing ? 'none' : `\`${actual}\``}`)
    }
  })

  it('lists every script that people call', () => {
    const hidden = ['prestart', 'pretest']
    const listed = [...readme.matchAll(/^\| `npm (?:run )?([\w:-]+)` \|/gm)].map(match => match[1]!)
    expect(listed.toSorted()).toEqual(
      Object.keys(scripts)
        .filter(name => !hidden.includes(name))
        .toSorted(),
    )
  })

  it('tells the test command that the continuous check runs', () => {
    expect(readme).toContain('npm ci && npm test')
    const run = textOf('.ci/run')
    expect(run).toMatch(/^npm ci /m)
    expect(run).toMatch(/^npm test /m)
  })
})

describe('docs/operations.md', () => {
  const operations = textOf('docs/operations.md')

  it('names only metrics that are counted', () => {
    const source = textOf('src/adapters/http/metrics.ts')
    const named = [...operations.matchAll(/\b(yihao_[a-z_]+)\b/g)].map(match => match[1]!)
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter(name => !source.includes(`'${name}'`))).toEqual([])
  })

  it('names only error codes that exist', () => {
    const named = [...operations.matchAll(/code="([\w-]+)"|503 `([\w-]+)`/g)].map(
      match => match[1] ?? match[2]!,
    )
    expect(named.filter(code => !(code in errorCatalogue))).toEqual([])
  })
})

describe('docs/decisions.md', () => {
  it('keeps every decision to ten lines', () => {
    const [, ...decisions] = textOf('docs/decisions.md').split(/^## /m)
    expect(decisions.length).toBeGreaterThan(8)
    const long = decisions.filter(decision => decision.trim().split('\n').length > 11)
    expect(long.map(decision => decision.split('\n')[0])).toEqual([])
  })
})
