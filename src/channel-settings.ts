import type { BotFrameworkAccount } from './adapters/bot/bot-framework.ts'
import type { DingtalkRobot } from './adapters/dingtalk/dingtalk-channel.ts'
import type { FeishuRobot } from './adapters/feishu/feishu-channel.ts'
import type { WechatAccount } from './adapters/wechat/wechat-account.ts'
import type { WechatKfApplication } from './adapters/wechat-kf/wechat-kf-channel.ts'
import type { WecomApplication } from './adapters/wecom/wecom-channel.ts'
import { CHANNELS, type Channel } from './cases/channels.ts'
import { type Config, smsGatewayOf } from './config.ts'
import type { Content } from './content/content.ts'
import type { ChannelSetUp } from './usecases/show-line-health.ts'

/** What each channel of a vendor needs of the settings, or null when it is not set up. */

export function wechatAccount(config: Config, { officialAccount }: Content): WechatAccount | null {
  const {
    WECHAT_TOKEN: token,
    WECHAT_AES_KEY: aesKey,
    WECHAT_APP_ID: appId,
    WECHAT_APP_SECRET: appSecret,
  } = config
  if (!token || !aesKey || !appId || !appSecret) return null
  return {
    token,
    aesKey,
    appId,
    appSecret,
    baseUrl: config.WECHAT_API_URL,
    template: officialAccount.template,
  }
}

export function wecomApplication(config: Config): WecomApplication | null {
  const {
    WECOM_CORP_ID: corpId,
    WECOM_AGENT_ID: agentId,
    WECOM_SECRET: secret,
    WECOM_TOKEN: token,
    WECOM_AES_KEY: aesKey,
  } = config
  if (!corpId || !agentId || !secret || !token || !aesKey) return null
  return { corpId, agentId, secret, token, aesKey, baseUrl: config.WECOM_API_URL }
}

export function wechatKfApplication(config: Config): WechatKfApplication | null {
  const {
    WECHAT_KF_CORP_ID: corpId,
    WECHAT_KF_SECRET: secret,
    WECHAT_KF_TOKEN: token,
    WECHAT_KF_AES_KEY: aesKey,
  } = config
  if (!corpId || !secret || !token || !aesKey) return null
  return { corpId, secret, token, aesKey, baseUrl: config.WECOM_API_URL }
}

export function dingtalkRobot(config: Config): DingtalkRobot | null {
  const {
    DINGTALK_APP_KEY: appKey,
    DINGTALK_APP_SECRET: appSecret,
    DINGTALK_ROBOT_CODE: robotCode,
    DINGTALK_TOKEN: token,
    DINGTALK_AES_KEY: aesKey,
  } = config
  if (!appKey || !appSecret || !robotCode) return null
  const events = token && aesKey ? { token, aesKey } : null
  return { appKey, appSecret, robotCode, events, baseUrl: config.DINGTALK_API_URL }
}

export function feishuRobot(config: Config): FeishuRobot | null {
  const {
    FEISHU_APP_ID: appId,
    FEISHU_APP_SECRET: appSecret,
    FEISHU_ENCRYPT_KEY: encryptKey,
    FEISHU_VERIFICATION_TOKEN: verificationToken,
  } = config
  if (!appId || !appSecret || !encryptKey || !verificationToken) return null
  return { appId, appSecret, encryptKey, verificationToken, baseUrl: config.FEISHU_API_URL }
}

export function botFrameworkAccount(config: Config): BotFrameworkAccount | null {
  const { BOT_APP_ID: id, BOT_APP_PASSWORD: password, BOT_APP_TENANT: tenant = null } = config
  const { BOT_SERVICE_HOSTS: serviceHosts, BOT_EMULATOR: isEmulatorAllowed } = config
  const app = id && password ? { id, password, tenant } : null
  return app || isEmulatorAllowed ? { app, serviceHosts, isEmulatorAllowed } : null
}

/** The settings that turn a channel on, all of them; a channel that is not here is always there. */
const NEEDS: Partial<Record<Channel, readonly (keyof Config)[]>> = {
  'direct-line': ['DIRECT_LINE_SECRET'],
  'bot-framework': ['BOT_APP_ID', 'BOT_APP_PASSWORD'],
  wechat: ['WECHAT_TOKEN', 'WECHAT_AES_KEY', 'WECHAT_APP_ID', 'WECHAT_APP_SECRET'],
  wecom: ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'],
  'wechat-kf': ['WECHAT_KF_CORP_ID', 'WECHAT_KF_SECRET', 'WECHAT_KF_TOKEN', 'WECHAT_KF_AES_KEY'],
  dingtalk: ['DINGTALK_APP_KEY', 'DINGTALK_APP_SECRET', 'DINGTALK_ROBOT_CODE'],
  feishu: ['FEISHU_APP_ID', 'FEISHU_APP_SECRET', 'FEISHU_ENCRYPT_KEY', 'FEISHU_VERIFICATION_TOKEN'],
  telephone: ['TELEPHONE_SECRET'],
}

/** Which channels are on, and what the others lack: names of settings, never what stands in them. */
export function channelSetUps(config: Config): ChannelSetUp[] {
  return CHANNELS.map(channel => {
    const hasNoGateway = channel === 'sms' && smsGatewayOf(config) === null
    const missing = hasNoGateway ? ['SMS_GATEWAY'] : (NEEDS[channel] ?? []).filter(isUnset(config))
    const isEmulated = channel === 'bot-framework' && config.BOT_EMULATOR
    return isEmulated
      ? { channel, isOn: true, missing: [] }
      : { channel, isOn: missing.length === 0, missing }
  })
}

function isUnset(config: Config): (name: keyof Config) => boolean {
  return name => config[name] === undefined
}
