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

describe('the settings of the door of the desk', () => {
  const OIDC = { OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }

  test.each<[Record<string, string>, string]>([
    [{ SECOND_FACTOR_ROLES: 'boss' }, 'SECOND_FACTOR_ROLES'],
    [{ SECOND_FACTOR_ROLES: 'admin,resident' }, 'SECOND_FACTOR_ROLES'],
    [OIDC, 'OIDC_ISSUER: goes with OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET'],
    [{ ...OIDC, OIDC_ISSUER: 'http://sso.example.cn' }, 'OIDC_ISSUER: must be https'],
    [{ ...OIDC, OIDC_ISSUER: 'sso.example.cn' }, 'OIDC_ISSUER'],
  ])('%j does not start', (settings, problem) => {
    expect(problemsOf(settings)).toContain(`environment: ${problem}`)
  })

  test.each([
    [{ SECOND_FACTOR_ROLES: 'admin, auditor' }],
    [{ ...OIDC, OIDC_ISSUER: 'https://sso.example.cn/realms/city' }],
    [{ ...OIDC, OIDC_ISSUER: 'http://127.0.0.1:9000' }],
  ])('%j does', settings => {
    expect(problemsOf(settings)).toBe('')
  })
})
