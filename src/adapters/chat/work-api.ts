import type { Logger } from '../../kernel/logger.ts'
import type { SharedMemory } from '../../usecases/channel-ports.ts'
import { TencentApi } from './tencent-api.ts'

/** An application of an enterprise in WeCom; 微信客服 is one, too, with a secret of its own. */
export interface WorkApplication {
  corpId: string
  secret: string
  /** `https://qyapi.weixin.qq.com`, or a proxy in front of it. */
  baseUrl: string
}

/** An interface or an application that we may not use, an application that is none. Source: "全局错误码" of WeCom. */
const ACCOUNT = [40056, 48002, 60011, 301002]

/** WeCom's interface as one application may call it. `name` keeps its token apart from those of the others. Source: "获取access_token". */
export function createWorkApi(
  name: string,
  { corpId, secret, baseUrl }: WorkApplication,
  { shared, logger }: { shared: SharedMemory; logger: Logger },
): TencentApi {
  const url = new URL('/cgi-bin/gettoken', baseUrl)
  url.search = new URLSearchParams({ corpid: corpId, corpsecret: secret }).toString()
  return new TencentApi({
    name,
    baseUrl,
    tokenKey: `${name}-token:${corpId}`,
    tokenCall: { url },
    accountCodes: ACCOUNT,
    shared,
    logger,
  })
}
