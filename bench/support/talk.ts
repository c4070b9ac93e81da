/** What somebody says one thing after another; it ends where it began, and no case comes out of it. */
export const TALK = [
  '人民路3号门口的路灯坏了好几天，晚上黑得看不见',
  '不留电话',
  '不提交了',
  '暖气什么时候来',
  '清楚了',
  '谢谢',
]
