/** Words that say nothing about the matter itself; dropped from the topical features, kept in the pragmatic ones. */
const chinese = `
的 了 是 在 我 你 您 他 她 它 我们 你们 您们 他们 她们 咱 咱们 俺 俺们 大家 自己 本人 这 那 这个 那个 这些 那些 这样 那样 这里 那里 这么 那么 此 该 本
某 某些 每 每个 各 各位 各个 其 其他 其它 其中 之 之一 之前 之后 以 以及 以后 以前 以来 以上 以下 为 为了 为什么 因 因为 因此 所以 所 于 于是 由 由于 与 与其
和 及 并 并且 而 而且 而是 或 或者 还 还是 还有 也 也是 都 又 再 再次 就 就是 才 却 但 但是 不过 可 可是 可以 然而 然后 虽然 尽管 即使 如果 如 如何 如此 假如 要是
只 只有 只能 只是 只要 不 不是 不能 不会 不要 没 没有 有 有的 有些 无 非 很 非常 太 更 最 极 特别 十分 比较 相当 挺 真 真的 实在 多 多次 多少 少 几 几个 一 一个 一些
一下 一直 一样 一种 一定 一次 一般 一点 一起 两 两个 二 三 四 五 六 七 八 九 十 个 次 位 名 件 些 点 种 年 月 日 号 天 时 时候 时间 现在 目前 至今 今 今天 明天 昨天
上 下 中 里 内 外 前 后 间 对 对于 对此 向 从 自 自从 到 至 往 把 被 将 让 使 给 跟 同 用 按 按照 根据 通过 关于 比 等 等等 能 能否 能够 会 要 想 希望 请 请问 请求 恳请
应 应该 应当 须 必须 需 需要 得 得到 着 过 来 去 做 作 作为 进行 说 讲 问 看 看到 听 听说 知道 觉得 认为 什么 怎么 怎么样 怎样 哪 哪里 哪个 谁 吗 呢 吧 啊 呀 哦 嘛
么 啦 哈 嗯 您好 你好 尊敬 领导 书记 市长 县长 区长 局长 谢谢 感谢 此致 敬礼 政府 有关 有关部门 相关 相关部门 部门 反映 问题 情况 解决 处理 回复 答复 投诉 咨询 建议
到底 究竟 已 已经 曾 曾经 正在 刚 刚刚 马上 尽快 早日 及时 仍 仍然 依然 依旧 总是 经常 常 常常 往往 另外 同时 此外 例如 比如 甚至 尤其 包括 当 当时 出 起 起来 下来
出来 上去 回 成 像 好 好像 似乎 大 小 新 老 先 之内 不知 不知道 是否 何时 何 多年 年月日 几年 元 万 千 百 亿 第 第一 第二 其实 事 事情 人 们 地 所有 任何 一切 什么样 怎么办 咋办 咋整
`
const english = `
a an the and or but if of to in on at by for with from as is are was were be been being am i me my we us our you your he him his she her it its they them their this that
these those there here do does did done have has had having not no nor so than too very can could will would shall should may might must just about into over under again
then once all any both each few more most other some such only own same what which who whom when where why how please hello hi dear sir madam thanks thank
`

/** Chinese and English stop words, Simplified and lower-case. */
export const stopWords: ReadonlySet<string> = new Set(`${chinese} ${english}`.split(/\s+/u).filter(Boolean))
