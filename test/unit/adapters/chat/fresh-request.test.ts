import { expect, test } from 'vitest'
import { hearOnce } from '../../../../src/adapters/chat/fresh-request.ts'
import { MemoryShared } from '../../../../src/adapters/memory/memory-shared.ts'

const signed = { channel: 'wecom', timestamp: '1795485600', nonce: 'n1', said: '<xml>1</xml>' }
const line = () => ({ shared: new MemoryShared({ now: () => new Date('2026-11-24T10:00:00+08:00') }) })
const refused = expect.objectContaining({ code: 'signature-invalid' })
/** What a process that is killed leaves of a request: begun, never over. */
const dies = () => new Promise<never>(() => {})
const heard = async () => 'heard'

test('what was heard is not heard again', async () => {
  const here = line()
  expect(await hearOnce(signed, here, heard)).toBe('heard')
  await expect(hearOnce(signed, here, heard)).rejects.toEqual(refused)
  expect(await hearOnce({ ...signed, nonce: 'n2' }, here, heard)).toBe('heard')
})

test('what nobody finished hearing is heard when the vendor repeats it as it was', async () => {
  const here = line()
  void hearOnce(signed, here, dies)
  await until(() => here.shared.wasAsked('wecom:1795485600:n1'))
  expect(await hearOnce(signed, here, heard)).toBe('heard')
  await expect(hearOnce(signed, here, heard)).rejects.toEqual(refused)
})

test('so is what failed', async () => {
  const here = line()
  await expect(hearOnce(signed, here, () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await hearOnce(signed, here, heard)).toBe('heard')
})

test('other words under the signature are never heard', async () => {
  const here = line()
  void hearOnce(signed, here, dies)
  await until(() => here.shared.wasAsked('wecom:1795485600:n1'))
  await expect(hearOnce({ ...signed, said: '<xml>2</xml>' }, here, heard)).rejects.toEqual(refused)
})

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await Promise.resolve()
}
