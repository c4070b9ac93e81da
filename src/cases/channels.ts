/** Every channel by which a matter can come, as it stands on its case; a test holds the adapters to it. What each is called is content, `channel.<id>`. */
export const CHANNELS = [
  'web-chat',
  'direct-line',
  'bot-framework',
  'wechat',
  'wecom',
  'wechat-kf',
  'dingtalk',
  'feishu',
  'sms',
  'telephone',
  'open311',
  'enterprise',
] as const
export type Channel = (typeof CHANNELS)[number]
