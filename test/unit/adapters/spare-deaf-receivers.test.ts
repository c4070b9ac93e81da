import { expect, test } from 'vitest'
import { spareDeafReceivers } from '../../../src/adapters/notify/spare-deaf-receivers.ts'

test('a receiver that fails is left alone for longer and longer, the others are not, and a success ends it', async () => {
  let now = 0
  let isUp = false
  const asked: string[] = []
  const sender = spareDeafReceivers(
    {
      check: async () => {},
      async send({ url }) {
        asked.push(url)
        if (url === 'deaf' && !isUp) throw new Error('no answer')
      },
    },
    { now: () => new Date(now) },
  )
  const send = (url: string) => sender.send({ id: '1', url, secret: 's', body: '{}' })
  const tries = () => asked.filter(url => url === 'deaf').length

  // Asked each second for five minutes.
  for (; now < 300_000; now += 1000) {
    await expect(send('deaf')).rejects.toThrow('no answer')
    await send('other')
  }
  expect(asked.filter(url => url === 'other')).toHaveLength(300)
  // At 0, 1, 3, 7, 15, 31, 63 s, then each minute.
  expect(tries()).toBe(10)

  isUp = true
  now += 60_000
  await send('deaf')
  await send('deaf')
  expect(tries()).toBe(12)
})
