/**
 * Loaded before everything else (`node --import`): says in one line when this Node is too old to run TypeScript, and keeps
 * compiled code for the next start. Plain JavaScript, so that an old Node can read it.
 */
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const NEEDED = 24

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write(
    `Yihao needs Node ${NEEDED}, this is ${process.version}. \`npm ci\` brings it along: start with the scripts of ` +
      'package.json (npm start, npm test, npm run doctor), not with node itself.\n',
  )
  process.exit(1)
}

module.enableCompileCache(fileURLToPath(new URL('../../build/.compile-cache', import.meta.url)))
