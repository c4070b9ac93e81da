import { describe, expect, it } from 'vitest'
import { reviewReply } from '../../../src/assist/review-reply.ts'

const knowledge = {
  reporter: { name: '王秀兰', organisation: '和平饭店', phone: '13800138000' },
  internalWords: ['退单', '领导批示'],
  publicPhones: ['024-00001001', '8890'],
}

describe('what a reply should perhaps not say', () => {
  it.each<[string, string, [string, string][]]>([
    ['nothing', '路灯已于昨晚更换，今晚起正常亮灯。', []],
    ['the name of whoever told of it', '王秀兰您好，路灯已修好。', [['reporter', '王秀兰']]],
    ['the name of their enterprise', '已到和平饭店现场查看。', [['reporter', '和平饭店']]],
    ['their phone, however it is written', '已拨打138 0013 8000联系。', [['reporter', '138 0013 8000']]],
    ['a phone of somebody else', '请联系13912345678。', [['phone', '13912345678']]],
    ['an identity number', '请带11010519491231002X号身份证。', [['identity-number', '11010519491231002X']]],
    [
      'a word of the offices',
      '此件按领导批示退单。',
      [
        ['internal-word', '退单'],
        ['internal-word', '领导批示'],
      ],
    ],
  ])('is found: %s', (_what, text, expected) => {
    expect(reviewReply(text, knowledge).map(({ kind, text }) => [kind, text])).toEqual(expected)
  })

  it('numbers that may be told to anybody are let be', () => {
    expect(reviewReply('有问题请拨024-23456789。', { ...knowledge, publicPhones: ['024-23456789'] })).toEqual(
      [],
    )
    expect(reviewReply('有问题请拨024-23456789。', knowledge)).toHaveLength(1)
  })

  it('of a person without a name only what is written counts', () => {
    const reporter = { name: '王', phone: null }
    expect(reviewReply('王家庄的路灯修好了。', { ...knowledge, reporter })).toEqual([])
    expect(reviewReply('路灯修好了。', { ...knowledge, reporter: null })).toEqual([])
  })
})
