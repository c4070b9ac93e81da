import { parseArgs } from 'node:util'
import { verifyAudit } from '../usecases/verify-audit.ts'
import { openStore } from './open-store.ts'
import { runCommand } from './run-command.ts'

/**
 * `npm run verify-audit`: walks the chain of every case and the anchor of every day. Exits 0 when all are whole; else 1, with
 * every broken event on stderr. `-- --anchor <hash>`: an anchor that was kept elsewhere must be among them.
 */
await runCommand(async () => {
  const { values } = parseArgs({ options: { anchor: { type: 'string' } } })
  const { store, close } = await openStore()
  try {
    const report = await verifyAudit(store, problem => process.stderr.write(`${problem}\n`), values.anchor)
    const { cases, events, anchors, looks, broken, lastAnchor } = report
    process.stdout.write(
      `${cases} cases, ${events} events, ${anchors} daily anchors, ${looks} recorded looks, ${broken} broken\n`,
    )
    if (lastAnchor)
      process.stdout.write(`last anchor ${lastAnchor.day} ${lastAnchor.hash}: keep it elsewhere\n`)
    return broken > 0 ? 1 : 0
  } finally {
    await close()
  }
})
