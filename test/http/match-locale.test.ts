import { expect, test } from 'vitest'
import { localeOfHeader, localeOfTag } from '../../src/adapters/http/match-locale.ts'

test.each([
  ['zh-CN', 'zh-Hans'],
  ['zh', 'zh-Hans'],
  ['zh-SG', 'zh-Hans'],
  ['zh-TW', 'zh-Hant'],
  ['zh-Hant-HK', 'zh-Hant'],
  ['zh-Hans-HK', 'zh-Hans'],
  ['zh_HK', 'zh-Hant'],
  ['yue', 'zh-Hant'],
  ['en-GB', 'en'],
  ['fr', null],
  ['', null],
])('%s is %s', (tag, locale) => expect(localeOfTag(tag)).toBe(locale))

test.each([
  [undefined, 'zh-Hans'],
  ['', 'zh-Hans'],
  ['fr-FR, de;q=0.9', 'zh-Hans'],
  ['en;q=0.5, zh-TW;q=0.8', 'zh-Hant'],
  ['zh;q=0, en', 'en'],
  ['en;q=abc', 'en'],
  [`${'a,'.repeat(100_000)}en`, 'zh-Hans'],
])('a browser that wants %s gets %s', (header, locale) => expect(localeOfHeader(header)).toBe(locale))
