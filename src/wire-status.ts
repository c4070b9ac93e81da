import type { LookUpCase } from './adapters/http/city-routes.ts'
import type { FileAddresses } from './adapters/http/public-files.ts'
import type { Line } from './usecases/line.ts'
import { lookUpCase } from './usecases/look-up-case.ts'

/** What the status page shows: the case, and each file of its reply at an address of its own. */
export function statusLookUp(line: Line, addresses: Pick<FileAddresses, 'of'>): LookUpCase {
  return async query => {
    const { files, ...found } = await lookUpCase(line, query)
    return { ...found, files: files.map(name => ({ name, href: addresses.of(name) })) }
  }
}
