import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../../src/config.ts'

const keysOf = (text: string) => readConfig({ OPEN311_KEYS: text }).OPEN311_KEYS

describe('OPEN311_KEYS', () => {
  test('are names and keys; a key may hold colons', () => {
    expect(keysOf('city-app:0123456789abcdef, map:a:b:0123456789abc')).toEqual([
      { name: 'city-app', key: '0123456789abcdef' },
      { name: 'map', key: 'a:b:0123456789abc' },
    ])
    expect(keysOf('')).toEqual([])
  })

  test.each([
    ['a short key', 'app:0123456789abcde'],
    ['no name', '0123456789abcdef0123'],
    ['a name with a space', 'city app:0123456789abcdef'],
    ['the same name twice', 'app:0123456789abcdef,app:fedcba9876543210'],
  ])('%s is named, without the key', (_what, text) => {
    expect(() => keysOf(text)).toThrow(ConfigError)
    expect(() => keysOf(text)).toThrow(/OPEN311_KEYS/)
    expect(() => keysOf(text)).not.toThrow(/0123456789/)
  })
})
