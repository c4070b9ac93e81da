import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'

const problemsOf = (settings: Record<string, string>): string => {
  try {
    readConfig(settings)
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

describe('the settings of Bot Framework channels', () => {
  test.each<[Record<string, string>, string]>([
    [{ BOT_EMULATOR: 'true' }, 'BOT_EMULATOR: is for NODE_ENV=development only'],
    [{ BOT_EMULATOR: 'true', NODE_ENV: 'production' }, 'BOT_EMULATOR: is for NODE_ENV=development only'],
    [
      { BOT_EMULATOR: 'true', BOT_APP_ID: 'a', BOT_APP_PASSWORD: 'b' },
      'BOT_EMULATOR: is for NODE_ENV=development only',
    ],
    [{ BOT_EMULATOR: 'yes' }, 'BOT_EMULATOR'],
    [{ BOT_APP_ID: 'a' }, 'BOT_APP_PASSWORD: goes with BOT_APP_ID, BOT_APP_PASSWORD'],
    [{ BOT_APP_PASSWORD: 'a' }, 'BOT_APP_ID: goes with BOT_APP_ID, BOT_APP_PASSWORD'],
    [{ BOT_APP_TENANT: 'a' }, 'BOT_APP_TENANT: goes with BOT_APP_ID, BOT_APP_PASSWORD'],
    [{ BOT_SERVICE_HOSTS: '*' }, 'BOT_SERVICE_HOSTS'],
    [{ BOT_SERVICE_HOSTS: '*.com' }, 'BOT_SERVICE_HOSTS'],
    [{ BOT_SERVICE_HOSTS: 'https://smba.trafficmanager.net/' }, 'BOT_SERVICE_HOSTS'],
  ])('%j does not start', (settings, problem) => {
    expect(problemsOf(settings)).toContain(`environment: ${problem}`)
  })

  test.each([
    [{}],
    [{ BOT_APP_ID: 'a', BOT_APP_PASSWORD: 'b', BOT_APP_TENANT: 'c' }],
    [{ BOT_EMULATOR: 'true', NODE_ENV: 'development' }],
    [{ BOT_SERVICE_HOSTS: 'smba.trafficmanager.net, *.Botframework.com' }],
  ])('%j does', settings => {
    expect(problemsOf(settings)).toBe('')
  })
})
