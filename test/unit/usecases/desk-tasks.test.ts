import { describe, expect, test } from 'vitest'
import { DeskTasks, type TaskWork } from '../../../src/usecases/desk-tasks.ts'
import type { BusMessage } from '../../../src/usecases/ports.ts'
import { accountOf, useTestLine } from '../../support/use-test-line.ts'

const BEGIN = { part: 'cases', done: 0, of: 10 }
const admin = accountOf('admin')
/** Goes on until it is stopped. */
const endless: TaskWork = async watch => {
  for (;;) await watch.breathe()
}

describe('long work of the desk', () => {
  const lines = useTestLine()

  test('tells how far it is with each beat, and of its end', async () => {
    const { line } = lines.fresh()
    const tasks = new DeskTasks(line)
    const heard: BusMessage[] = []
    line.bus.subscribe(message => heard.push(message))
    const { promise: isAllowed, resolve: allow } = Promise.withResolvers<void>()
    const { id } = await tasks.begin(admin, 'audit', BEGIN, async watch => {
      watch.tell({ part: 'cases', done: 4, of: 10 })
      await isAllowed
      return { state: 'done', result: { broken: 0 } }
    })
    await tasks.beat()
    expect(await tasks.list(admin, 'audit')).toMatchObject([{ id, state: 'running', progress: { done: 4 } }])
    allow()
    await tasks.settled()
    expect((await tasks.list(admin, 'audit'))[0]).toMatchObject({ state: 'done', result: { broken: 0 } })
    expect(heard).toEqual(Array.from({ length: 3 }, () => ({ topic: 'task', taskId: id, kind: 'audit' })))
  })

  test('that breaks has failed, without its error being told to the desk', async () => {
    const { line } = lines.fresh()
    line.clock.advance(1000)
    const tasks = new DeskTasks(line)
    await tasks.begin(admin, 'audit', BEGIN, async () => Promise.reject(new Error('13800138000')))
    await tasks.settled()
    expect((await tasks.list(admin, 'audit'))[0]).toMatchObject({
      state: 'failed',
      result: { because: 'broken' },
    })
  })

  test('is stopped by a cancel at another instance, and by the end of its own', async () => {
    const { line } = lines.fresh()
    line.clock.advance(2000)
    const [here, there] = [new DeskTasks(line), new DeskTasks(line)]
    const { id } = await here.begin(admin, 'audit', BEGIN, endless)
    await there.cancel(admin, id)
    await here.beat()
    await here.settled()
    expect((await there.list(admin, 'audit'))[0]).toMatchObject({ id, state: 'cancelled' })

    line.clock.advance(1000)
    const next = await here.begin(admin, 'audit', BEGIN, endless)
    await here.stop()
    expect((await there.list(admin, 'audit'))[0]).toMatchObject({ id: next.id, state: 'cancelled' })
    await expect(there.cancel(admin, next.id)).rejects.toMatchObject({ code: 'task-not-found' })
  })

  test('is for administrators only', async () => {
    const tasks = new DeskTasks(lines.fresh().line)
    const supervisor = accountOf('supervisor')
    for (const asked of [
      () => tasks.begin(supervisor, 'audit', BEGIN, endless),
      () => tasks.list(supervisor, 'audit'),
      () => tasks.cancel(supervisor, 'x'),
    ])
      await expect(asked()).rejects.toMatchObject({ code: 'action-forbidden' })
  })
})
