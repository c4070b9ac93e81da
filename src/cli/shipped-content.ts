import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import {
  emergencySchema,
  intentFileSchema,
  lexiconSchema,
  outcomesSchema,
  requestTypesSchema,
  subjectFileSchema,
} from '../language/schemas.ts'
import { buildSubjectTree } from '../language/subject-tree.ts'
import type { ShippedContent } from '../language/train-shipped.ts'

/** Reads the language content below a project folder. To be replaced by the loader of `src/content`. */
export function readShippedContent(root: string): ShippedContent {
  const yaml = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'))
  const folder = (path: string) =>
    readdirSync(join(root, path))
      .filter(file => file.endsWith('.yaml'))
      .sort()
      .map(file => yaml(`${path}/${file}`))
  return {
    subjects: buildSubjectTree(folder('intents/subjects').map(file => subjectFileSchema.parse(file))),
    intents: folder('intents/catalog').map(file => intentFileSchema.parse(file)),
    requestTypes: requestTypesSchema.parse(yaml('intents/request-types.yaml')),
    lexicon: lexiconSchema.parse(yaml('intents/lexicon.yaml')),
    emergency: emergencySchema.parse(yaml('intents/emergency.yaml')),
    outcomes: outcomesSchema.parse(yaml('intents/outcomes.yaml')),
  }
}
