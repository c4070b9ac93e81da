import { describe, expect, test } from 'vitest'
import { handlingOf, outdatedCaches } from '../../../src/web/shared/shell-rules.ts'

const ORIGIN = 'https://12345.example.cn'
const SHELL = { pages: ['/', '/status'], assets: ['/assets/index-abc.js', '/icon.svg'] }

describe('what the worker does with a request', () => {
  test.each([
    ['a page', 'GET', 'navigate', '/', { as: 'page', path: '/' }],
    [
      'a page with a number behind #',
      'GET',
      'navigate',
      '/status#n=261124000018',
      { as: 'page', path: '/status' },
    ],
    ['a page with a slash at its end', 'GET', 'navigate', '/status/', { as: 'page', path: '/status' }],
    ['the desk', 'GET', 'navigate', '/desk', null],
    ['a link of a short message', 'GET', 'navigate', '/notices/abc', null],
    ['a script of the shell', 'GET', 'cors', '/assets/index-abc.js', { as: 'asset' }],
    ['a script of an older page', 'GET', 'cors', '/assets/index-old.js', { as: 'asset' }],
    ['an interface', 'GET', 'cors', '/api/my-cases/ways', null],
    ['what somebody says', 'POST', 'cors', '/v3/directline/conversations/1/activities', null],
    ["somebody's photo", 'GET', 'no-cors', '/v3/directline/conversations/1/attachments/a.jpg?s=1', null],
  ])('%s', (_what, method, mode, path, expected) => {
    const request = { method, mode: mode as 'cors', url: ORIGIN + path }
    expect(handlingOf(request, ORIGIN, SHELL)).toEqual(expected)
  })

  test('other hosts are none of its business', () => {
    const request = { method: 'GET', mode: 'cors' as const, url: 'https://other.example/assets/index-abc.js' }
    expect(handlingOf(request, ORIGIN, SHELL)).toBe(null)
  })
})

describe('caches', () => {
  test('one before stays for pages that are still open; those of others are left alone', () => {
    expect(outdatedCaches(['shell-1', 'other', 'shell-2', 'shell-3'], 'shell-3')).toEqual(['shell-1'])
    expect(outdatedCaches(['shell-3'], 'shell-3')).toEqual([])
  })
})
