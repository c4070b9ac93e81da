import { join } from 'node:path'
import { readContent } from '../adapters/disk/read-content.ts'
import { DESK_ROLES, type DeskRole } from '../cases/case-state.ts'
import { loadContent } from '../content/load-content.ts'
import { isAppError } from '../kernel/errors.ts'
import { systemChance } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import {
  addAccount,
  disableAccount,
  enableAccount,
  listAccounts,
  ROLE_OF_DEPARTMENT,
  resetFactor,
  resetPassword,
  setPosts,
} from '../usecases/manage-accounts.ts'
import { openStore } from './open-store.ts'
import { readArguments } from './read-arguments.ts'

/** `npm run account`: who may open the desk. The same use cases as the page `#/accounts`, for whoever sits at the machine. */
const USAGE = `Usage: npm run account -- list
       npm run account -- add --login NAME --role ROLE [--name DISPLAY] [--department ID] [--post ID]…
       npm run account -- posts --login NAME [--post ID]…
       npm run account -- reset-password|reset-factor|disable|enable --login NAME

Roles: ${DESK_ROLES.join(', ')}. A handler needs a department (an id in the city's departments.yaml).
Posts (ids in the city's authority.yaml) say which steps of applications a handler may do; posts sets them anew.
Passwords are made up, printed once, and must be changed at the next login.`

class UsageError extends Error {}

interface Values {
  login?: string
  name?: string
  role?: string
  department?: string
  post?: string[]
}

/** What the use cases refuse, as it is said here. */
const REFUSALS = {
  'login-taken': 'this login is taken',
  'post-not-found': 'there is no such post in authority.yaml',
  'last-administrator': 'nobody would be left who may administrate',
} as const

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
  const [command = ''] = positionals
  const work = COMMANDS[command]
  if (!work) throw new UsageError(command ? `no command "${command}"` : 'say what to do')
  const isListing = command === 'list'
  if (!isListing && !values.login?.trim()) throw new UsageError('--login is missing')
  const role = command === 'add' ? roleOf(values) : null
  const { close, ...house } = await openHouse()
  try {
    await work(house, values, role)
  } finally {
    await close()
  }
}

type House = Awaited<ReturnType<typeof openHouse>>
type Command = (house: Omit<House, 'close'>, values: Values, role: DeskRole | null) => Promise<void>

const COMMANDS: Record<string, Command> = {
  list,
  add,
  posts: async (house, values) =>
    setPosts(house, 'console', (await accountOf(house, values)).id, values.post ?? []),
  'reset-password': async (house, values) => {
    const { id, login } = await accountOf(house, values)
    tell(login, (await resetPassword(house, 'console', id, null)).password)
  },
  'reset-factor': async (house, values) => resetFactor(house, 'console', (await accountOf(house, values)).id),
  disable: async (house, values) => disableAccount(house, 'console', (await accountOf(house, values)).id),
  enable: async (house, values) => enableAccount(house, 'console', (await accountOf(house, values)).id),
}

try {
  await run()
} catch (error) {
  const known = (Object.keys(REFUSALS) as (keyof typeof REFUSALS)[]).find(code => isAppError(error, code))
  if (!known && !(error instanceof UsageError)) throw error
  process.stderr.write(known ? `${REFUSALS[known]}\n` : `${(error as Error).message}\n\n${USAGE}\n`)
  process.exitCode = 2
}

/** As much of the line as accounts need. */
async function openHouse() {
  const { store, config, close } = await openStore()
  const content = loadContent(await readContent(join(import.meta.dirname, '../..'), config.CITY), config.CITY)
  const logger = createLogger({ level: 'silent' })
  return { store, content, logger, chance: systemChance, clock: { now: () => new Date() }, close }
}

async function list(house: Omit<House, 'close'>): Promise<void> {
  const accounts = await listAccounts(house, 'console')
  for (const { login, role, department, displayName, isDisabled, posts = [] } of accounts) {
    const name = [displayName, ...posts, ...(isDisabled ? ['(disabled)'] : [])].join(' ')
    process.stdout.write(`${login.padEnd(20)} ${role.padEnd(12)} ${(department ?? '-').padEnd(24)} ${name}\n`)
  }
  process.stdout.write(`${accounts.length} account(s)\n`)
}

async function add(house: Omit<House, 'close'>, values: Values, role: DeskRole | null): Promise<void> {
  const { login = '', name: displayName = login, department = null } = values
  if (department && !house.content.departments.has(department))
    throw new UsageError(`no department "${department}"`)
  const profile = { displayName, role: role!, department }
  const { account, password } = await addAccount(house, 'console', { ...profile, login, password: null })
  if (values.post) await setPosts(house, 'console', account.id, values.post)
  tell(account.login, password)
}

function tell(login: string, password: string): void {
  process.stdout.write(`login     ${login}\npassword  ${password}\n`)
}

async function accountOf({ store }: Pick<House, 'store'>, { login = '' }: Values) {
  const record = await store.accounts.record({ login })
  if (!record) throw new UsageError(`no account "${login}"`)
  return record
}

function roleOf({ role, department }: Values): DeskRole {
  const known = DESK_ROLES.find(each => each === role)
  if (!known) throw new UsageError(role ? `no role "${role}"` : '--role is missing')
  const needsOne = known === ROLE_OF_DEPARTMENT
  if (needsOne && !department) throw new UsageError(`a ${known} needs --department`)
  if (!needsOne && department) throw new UsageError(`a ${known} has no department`)
  return known
}
