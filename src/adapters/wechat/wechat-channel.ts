/** The channel's name in conversations and cases. */
export const WECHAT = 'wechat'
