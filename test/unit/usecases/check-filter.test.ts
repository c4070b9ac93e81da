import { expect, test } from 'vitest'
import { BOT_FRAMEWORK } from '../../../src/adapters/bot/hear-activity.ts'
import { DINGTALK } from '../../../src/adapters/dingtalk/answer-dingtalk.ts'
import { FEISHU } from '../../../src/adapters/feishu/feishu.ts'
import { WECHAT } from '../../../src/adapters/wechat/wechat-channel.ts'
import { WECHAT_KF } from '../../../src/adapters/wechat-kf/hear-kf.ts'
import { WECOM } from '../../../src/adapters/wecom/wecom.ts'
import { CHANNELS } from '../../../src/cases/channels.ts'
import { ENTERPRISE_CHANNEL } from '../../../src/usecases/enterprise-channel.ts'
import { PUBLIC_CHANNEL } from '../../../src/usecases/list-public-requests.ts'
import { SMS } from '../../../src/usecases/sms-person.ts'

test('every channel by which cases come may be filtered by', () => {
  const own = ['web-chat', 'direct-line', 'telephone', PUBLIC_CHANNEL, SMS, ENTERPRISE_CHANNEL]
  const vendors = [BOT_FRAMEWORK, DINGTALK, FEISHU, WECHAT, WECHAT_KF, WECOM]
  expect([...own, ...vendors].toSorted()).toEqual(CHANNELS.toSorted())
})
