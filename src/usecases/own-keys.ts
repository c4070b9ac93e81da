import { HOUR } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { ApiKey, EnterpriseOwner } from './key-ports.ts'
import type { Line } from './line.ts'
import { type EnterpriseCaller, type MadeKey, newSecret } from './manage-keys.ts'

/** The enterprise's own keys, revoked ones too, newest first. New ones are made at the desk. */
export async function listOwnKeys(
  line: Line,
  { enterprise }: EnterpriseCaller,
): Promise<ApiKey<EnterpriseOwner>[]> {
  const all = await line.store.keys.list('enterprise')
  return all.filter(({ owner }) => owner.enterprise === enterprise)
}

/** As at the desk, for keys of one's own. @throws AppError `key-not-found`, also for those of others */
export async function rotateOwnKey(
  line: Line,
  caller: EnterpriseCaller,
  id: string,
  graceHours: number,
): Promise<MadeKey<EnterpriseOwner>> {
  await checkOwn(line, caller, id)
  const until = graceHours > 0 ? new Date(line.clock.now().getTime() + graceHours * HOUR) : null
  const secret = newSecret(line)
  const key = await line.store.keys.rotate({ id, kind: 'enterprise' }, secret, until)
  if (!key) throw new AppError('key-not-found')
  await note(line, caller, `rotated ${key.name}`)
  return { key: key as ApiKey<EnterpriseOwner>, secret }
}

/** Whoever came in with it is out at once. @throws AppError as `rotateOwnKey` */
export async function revokeOwnKey(line: Line, caller: EnterpriseCaller, id: string): Promise<void> {
  const { name } = await checkOwn(line, caller, id)
  const isRevoked = await line.store.keys.revoke({ id, kind: 'enterprise' }, line.clock.now())
  if (!isRevoked) throw new AppError('key-not-found')
  await note(line, caller, `revoked ${name}`)
}

async function checkOwn(line: Line, caller: EnterpriseCaller, id: string): Promise<ApiKey<EnterpriseOwner>> {
  const key = (await listOwnKeys(line, caller)).find(each => each.id === id)
  if (!key) throw new AppError('key-not-found')
  return key
}

async function note(line: Line, { enterprise }: EnterpriseCaller, text: string): Promise<void> {
  const at = line.clock.now()
  await line.store.enterprises.record(enterprise, { at, what: 'key', login: 'enterprise', text })
}
