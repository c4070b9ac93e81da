import { join } from 'node:path'
import { readContent } from '../adapters/disk/read-content.ts'
import { DESK_ROLES, type Role } from '../cases/case-state.ts'
import { loadContent } from '../content/load-content.ts'
import { isAppError } from '../kernel/errors.ts'
import { newCode, systemChance } from '../kernel/ids.ts'
import type { Account } from '../usecases/ports.ts'
import { openStore } from './open-store.ts'
import { readArguments } from './read-arguments.ts'

/** `npm run account`: who may open the desk. */
const NEEDS_DEPARTMENT: readonly Role[] = ['handler']
const PASSWORD_LENGTH = 14

const USAGE = `Usage: npm run account -- list
       npm run account -- add --login NAME --role ROLE [--name DISPLAY] [--department ID] [--post ID]…
       npm run account -- posts --login NAME [--post ID]…

Roles: ${DESK_ROLES.join(', ')}. A handler needs a department (an id in the city's departments.yaml).
Posts (ids in the city's authority.yaml) say what somebody may do with applications: posts sets them anew.
The password is made up and printed once.`

class UsageError extends Error {}

try {
  await run()
} catch (error) {
  const isTaken = isAppError(error, 'body-invalid')
  const isExpected = error instanceof UsageError || isTaken
  if (!isExpected) throw error
  process.stderr.write(isTaken ? 'this login is taken\n' : `${(error as Error).message}\n\n${USAGE}\n`)
  process.exitCode = 2
}

async function run(): Promise<void> {
  const { values, positionals } = readArguments(USAGE, {
    allowPositionals: true,
    options: {
      login: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string' },
      department: { type: 'string' },
      post: { type: 'string', multiple: true },
    },
  })
  if (positionals[0] === 'list') return list()
  if (positionals[0] === 'add') return add(values)
  if (positionals[0] === 'posts') return setPosts(values)
  throw new UsageError(positionals[0] ? `no command "${positionals[0]}"` : 'say what to do')
}

async function list(): Promise<void> {
  const { store, close } = await openStore()
  try {
    const accounts = await store.accounts.list()
    for (const { login, role, department, displayName, posts = [] } of accounts) {
      process.stdout.write(
        `${login.padEnd(20)} ${role.padEnd(12)} ${(department ?? '-').padEnd(24)} ${(posts.join(',') || '-').padEnd(16)} ${displayName}\n`,
      )
    }
    process.stdout.write(`${accounts.length} account(s)\n`)
  } finally {
    await close()
  }
}

interface Values {
  login?: string
  name?: string
  role?: string
  department?: string
  post?: string[]
}

async function setPosts({ login, post: posts = [] }: Values): Promise<void> {
  const { store, config, close } = await openStore()
  try {
    await requirePosts(posts, config.CITY)
    const account = (await store.accounts.list()).find(each => each.login === login)
    if (!account) throw new UsageError(login ? `no account "${login}"` : '--login is missing')
    await store.accounts.setPosts(account.id, posts)
    process.stdout.write(`${account.login}  ${posts.join(', ') || '-'}\n`)
  } finally {
    await close()
  }
}

async function add(values: Values): Promise<void> {
  const account = checked(values)
  const { store, config, close } = await openStore()
  try {
    if (account.department) await requireDepartment(account.department, config.CITY)
    await requirePosts(account.posts ?? [], config.CITY)
    const password = newCode(PASSWORD_LENGTH, systemChance)
    const { login } = await store.accounts.add(account, password)
    process.stdout.write(`login     ${login}\npassword  ${password}\n`)
  } finally {
    await close()
  }
}

function checked({ login, role, name, department, post: posts = [] }: Values): Omit<Account, 'id'> {
  if (!login?.trim()) throw new UsageError('--login is missing')
  const known = DESK_ROLES.find(each => each === role)
  if (!known) throw new UsageError(role ? `no role "${role}"` : '--role is missing')
  if (NEEDS_DEPARTMENT.includes(known) && !department) throw new UsageError(`a ${known} needs --department`)
  return { login, displayName: name ?? login, role: known, department: department ?? null, posts }
}

async function requirePosts(posts: readonly string[], city: string): Promise<void> {
  if (posts.length === 0) return
  const known = (await contentOf(city)).authority.posts.map(({ id }) => id)
  const strange = posts.find(post => !known.includes(post))
  if (strange) throw new UsageError(`no post "${strange}" in ${city}; there are ${known.join(', ')}`)
}

async function contentOf(city: string) {
  return loadContent(await readContent(join(import.meta.dirname, '../..'), city), city)
}

async function requireDepartment(id: string, city: string): Promise<void> {
  const content = await contentOf(city)
  if (!content.departments.has(id)) throw new UsageError(`no department "${id}" in ${city}`)
}
