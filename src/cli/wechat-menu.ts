import { join } from 'node:path'
import { VendorRefusal } from '../adapters/chat/call-vendor.ts'
import { SAYS } from '../adapters/chat/hear-event.ts'
import { readContent } from '../adapters/disk/read-content.ts'
import { InputError } from '../adapters/disk/read-rows.ts'
import { MemoryShared } from '../adapters/memory/memory-shared.ts'
import { WechatApi } from '../adapters/wechat/wechat-api.ts'
import { ConfigError, readConfig } from '../config.ts'
import { loadContent } from '../content/load-content.ts'
import type { OfficialAccount } from '../content/official-account.ts'
import { createLogger } from '../kernel/logger.ts'
import { readArguments } from './read-arguments.ts'
import { runCommand } from './run-command.ts'

const USAGE = `Usage: wechat-menu

Puts the menu of the city's content into its WeChat official account; settings as for the line itself.
Exit code 1: the platform refused it; 2: it is away, or a setting is missing.`

/** `npm run wechat-menu`: see USAGE. */
const root = join(import.meta.dirname, '../..')

await runCommand(async () => {
  readArguments(USAGE, {})
  const config = settings()
  const { WECHAT_APP_ID: appId, WECHAT_APP_SECRET: appSecret, WECHAT_API_URL: baseUrl, PUBLIC_URL } = config
  if (!appId || !appSecret)
    throw new InputError('set WECHAT_APP_ID and what goes with it, as for the line itself')
  const { officialAccount } = loadContent(await readContent(root, config.CITY), config.CITY)
  const menu = wechatMenu(officialAccount.menu, PUBLIC_URL ?? null)
  const shared = new MemoryShared({ now: () => new Date() })
  const api = new WechatApi({ appId, appSecret, baseUrl, shared, logger: createLogger({ level: 'error' }) })
  try {
    await api.createMenu(menu)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return error instanceof VendorRefusal ? 1 : 2
  }
  process.stdout.write(
    `the menu has ${menu.button.length} button(s); people see it within a day, or when they follow anew\n`,
  )
  return 0
})

function settings() {
  try {
    return readConfig(process.env)
  } catch (error) {
    throw error instanceof ConfigError ? new InputError(error.message) : error
  }
}

/** As the platform's "自定义菜单" wants it. */
export function wechatMenu(menu: OfficialAccount['menu'], publicUrl: string | null): { button: object[] } {
  const leaf = (button: { name: string; says: string } | { name: string; opens: string }) => {
    if ('says' in button) return { type: 'click', name: button.name, key: `${SAYS}${button.says}` }
    if (!publicUrl) throw new InputError(`"${button.name}" opens a page: set PUBLIC_URL`)
    return { type: 'view', name: button.name, url: `${publicUrl.replace(/\/$/, '')}${button.opens}` }
  }
  const button = menu.map(entry =>
    'buttons' in entry ? { name: entry.name, sub_button: entry.buttons.map(leaf) } : leaf(entry),
  )
  return { button }
}
