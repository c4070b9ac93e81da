import { resolve } from 'node:path'
import { loadModel } from '../../src/adapters/disk/load-model.ts'
import { createUnderstander, type Understander } from '../../src/language/understander.ts'
import { quietLogger } from './quiet-logger.ts'
import { shippedContent } from './test-line.ts'

/** The shipped content's own understanding, with the model that `npm run build` keeps. */
export async function shippedUnderstander(): Promise<Understander> {
  const content = await shippedContent()
  const model = await loadModel(resolve(import.meta.dirname, '../../build/model.bin'), content, quietLogger)
  return createUnderstander({ ...content, model })
}
