import { mkdtemp } from 'node:fs/promises'
import { loadMasterKey } from './src/adapters/crypto/master-key.ts'
import * as passwords from './src/adapters/crypto/passwords.ts'
import { createVault } from './src/adapters/crypto/vault.ts'
import { JobQueue } from './src/adapters/jobs/job-queue.ts'
import { openDatabase } from './src/adapters/postgres/open-database.ts'
import { fileCase } from './src/usecases/file-case.ts'
import { quietLogger } from './test/support/quiet-logger.ts'
import { createTestLine, inOwnCity, lineOver } from './test/support/test-line.ts'
import { accountOf, act, open, replyInput, sampleDraft, storedCase } from './test/support/use-test-line.ts'

const databaseUrl = process.env.DATABASE_URL!
const N = Number(process.argv[2])
const database = await openDatabase({ databaseUrl, dataDir: '', logger: quietLogger, poolSize: 4 })
const queue = new JobQueue({ connection: database.connection, logger: quietLogger })
await queue.start()
const store = database.createStore({
  vault: createVault(await loadMasterKey({ dataDir: process.env.DATA_DIR! })),
  jobs: queue,
  passwords,
  jurisdiction: 'shenfu',
})
const base = await createTestLine(store)
const line = lineOver(base, store, 5)
const words = [
  '人民路3号门口路灯不亮了',
  '中央大街人行道地砖松动，下雨溅一身',
  '小区南门井盖丢失，夜里危险',
  '烧烤店占道经营，走路绕行',
  '公园路垃圾桶满了三天没人清',
  '学府街共享单车乱停乱放',
  '工地渣土车带泥上路',
  '广告牌松动快掉下来了',
]
const h = accountOf('handler', 'urban-management')
const nowMs = Date.now()
for (let i = 0; i < N; i++) {
  const ago = ((i * 7919) % (14 * 24 * 60)) * 60000
  line.clock.set(new Date(nowMs - ago - 600000).toISOString())
  const conversation = await open(line)
  const w = words[i % words.length]!
  const { case: filed } = await line.store.transact(tx =>
    fileCase(line, tx, {
      draft: sampleDraft({ words: w, place: `人民路${(i % 90) + 1}号` }),
      person: {
        name: '王秀兰',
        phone: '13800138000',
        channel: conversation.channel,
        channelUserId: conversation.userId,
      },
      actor: { role: 'resident', id: conversation.userId },
      conversationId: conversation.id,
      family: null,
      service: null,
    }),
  )
  const kind = i % 8
  if (kind >= 2) {
    line.clock.set(new Date(nowMs - ago - 300000).toISOString())
    await act(line, h, filed.id, 'sign')
  }
  if (kind === 5) await act(line, h, filed.id, 'ask-resident', { text: '请问在哪一栋？' })
  if (kind === 6) {
    await act(line, h, filed.id, 'reply', replyInput(line))
    await act(line, accountOf('agent'), filed.id, 'rework', {
      contacted: false,
      resolved: false,
      satisfied: 'dissatisfied',
      text: '没修好',
    })
  }
  if (kind === 7)
    await act(line, h, filed.id, 'add-co-handler', {
      department: 'housing-construction',
      task: '核实是否小区物业管养',
    })
  if (i % 1000 === 999) console.log(i + 1)
}
await queue.stop()
await database.stop()
process.exit(0)
