import { formatAuditProblem } from '../usecases/audit-problem.ts'
import { verifyAudit } from '../usecases/verify-audit.ts'
import { openStore } from './open-store.ts'
import { readArguments } from './read-arguments.ts'
import { runCommand } from './run-command.ts'

const USAGE = `Usage: verify-audit [--anchor HASH]

Walks the chain of every case, compares the case's own rows with what its events come to, and walks the anchor of every day.
Exit code 1: something is broken; each is named on stderr.

--anchor  an anchor that was kept elsewhere: it must be among them`

/** `npm run verify-audit`: see USAGE. */
await runCommand(async () => {
  const { values } = readArguments(USAGE, { options: { anchor: { type: 'string' } } })
  const { store, close } = await openStore()
  try {
    const tell = (line: string) => process.stderr.write(`${line}\n`)
    const report = await verifyAudit(store, problem => tell(formatAuditProblem(problem)), {
      knownAnchor: values.anchor,
    })
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
