import { describe, expect, test } from 'vitest'
import {
  dingtalkRobot,
  feishuRobot,
  wechatKfApplication,
  wecomApplication,
} from '../../src/channel-settings.ts'
import { ConfigError, readConfig } from '../../src/config.ts'

const KEY = 'A'.repeat(43)
const VENDORS = {
  wecom: {
    of: wecomApplication,
    settings: {
      WECOM_CORP_ID: 'ww1',
      WECOM_AGENT_ID: '218',
      WECOM_SECRET: 's',
      WECOM_TOKEN: 'tok',
      WECOM_AES_KEY: KEY,
    },
    expected: { corpId: 'ww1', agentId: '218', secret: 's', token: 'tok', aesKey: KEY },
  },
  'wechat-kf': {
    of: wechatKfApplication,
    settings: {
      WECHAT_KF_CORP_ID: 'ww1',
      WECHAT_KF_SECRET: 's',
      WECHAT_KF_TOKEN: 'tok',
      WECHAT_KF_AES_KEY: KEY,
    },
    expected: {
      corpId: 'ww1',
      secret: 's',
      token: 'tok',
      aesKey: KEY,
      baseUrl: 'https://qyapi.weixin.qq.com',
    },
  },
  dingtalk: {
    of: dingtalkRobot,
    settings: { DINGTALK_APP_KEY: 'k', DINGTALK_APP_SECRET: 's', DINGTALK_ROBOT_CODE: 'r' },
    expected: { appKey: 'k', robotCode: 'r', events: null, baseUrl: 'https://api.dingtalk.com' },
  },
  feishu: {
    of: feishuRobot,
    settings: {
      FEISHU_APP_ID: 'cli',
      FEISHU_APP_SECRET: 's',
      FEISHU_ENCRYPT_KEY: 'e',
      FEISHU_VERIFICATION_TOKEN: 'v',
    },
    expected: { appId: 'cli', encryptKey: 'e', verificationToken: 'v', baseUrl: 'https://open.feishu.cn' },
  },
} as const

describe.each(Object.entries(VENDORS))('%s', (_name, { of, settings, expected }) => {
  test('is on when all its settings are there, and off when none is', () => {
    expect(of(readConfig(settings))).toMatchObject(expected)
    expect(of(readConfig({}))).toBeNull()
  })

  test.each(Object.keys(settings))('%s may not be missing alone', missing => {
    expect(() => readConfig({ ...settings, [missing]: undefined })).toThrow(
      new RegExp(`^environment: ${missing}: goes with`),
    )
  })
})

test.each([
  ['WECOM_AES_KEY', 'too-short', 'must be the 43 characters'],
  ['WECOM_AGENT_ID', 'mine', 'must be the number'],
  ['FEISHU_API_URL', 'ftp://x', 'Invalid URL'],
])('%s=%s is named', (name, value, problem) => {
  expect(() => readConfig({ ...VENDORS.wecom.settings, [name]: value })).toThrow(problem)
})

test('event callbacks of DingTalk go with its robot, and with one another', () => {
  const events = { DINGTALK_TOKEN: 'tok', DINGTALK_AES_KEY: KEY }
  expect(dingtalkRobot(readConfig({ ...VENDORS.dingtalk.settings, ...events }))!.events).toEqual({
    token: 'tok',
    aesKey: KEY,
  })
  expect(() => readConfig(events)).toThrow(ConfigError)
  expect(() => readConfig({ ...VENDORS.dingtalk.settings, DINGTALK_TOKEN: 'tok' })).toThrow(
    'DINGTALK_AES_KEY',
  )
})
