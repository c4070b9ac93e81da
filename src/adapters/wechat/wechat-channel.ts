import type { Channel } from '../../cases/channels.ts'
/** The channel's name in conversations and cases. */
export const WECHAT: Channel = 'wechat'
