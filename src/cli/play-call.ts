import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { InputError } from '../adapters/disk/read-rows.ts'
import { readConfig } from '../config.ts'
import { CallSender } from './call-sender.ts'
import { readArguments } from './read-arguments.ts'
import { eventsOfCall, readEventLines, readRecordedCall, type TimedEvent } from './recorded-call.ts'
import { runCommand } from './run-command.ts'

const USAGE = `Usage: play-call --file test/calls/cold-home.yaml [--speed 4] [--url http://localhost:8890]

A recorded call, told to a running line as a telephone system would, with the line's TELEPHONE_SECRET. A .jsonl file holds events,
one a line. Exit code 1: the line refused some; 2: bad arguments.

--speed  so many times as fast as it was; 1 without it`

/** `npm run play-call`: see USAGE. */
await runCommand(async () => {
  const { file, speed, url } = readPlan()
  const { TELEPHONE_SECRET: secret } = readConfig(process.env)
  if (!secret) throw new InputError('TELEPHONE_SECRET must be that of the line')
  await checkLine(url, secret)
  const timed = file.endsWith('.jsonl')
    ? readEventLines(file)
    : eventsOfCall(readRecordedCall(file), `play-${randomUUID()}`, new Date())
  if (timed.length === 0) throw new InputError(`${file}: no events`)
  const { callId } = timed[0]!.event
  console.log(`call ${callId}`)
  const refused = await play(timed, { speed, sender: new CallSender({ url, secret, callId }) })
  for (const { seq, reason } of refused) console.error(`refused: event ${seq ?? '?'}: ${reason}`)
  console.log(`${timed.length} events sent, ${refused.length} refused; all the others are stored`)
  return refused.length === 0 ? 0 : 1
})

function readPlan(): { file: string; speed: number; url: string } {
  const { values } = readArguments(USAGE, {
    options: {
      file: { type: 'string' },
      speed: { type: 'string', default: '1' },
      url: { type: 'string', default: 'http://localhost:8890' },
    },
  })
  if (!values.file) throw new InputError('--file names a call, e.g. --file test/calls/cold-home.yaml')
  const speed = Number(values.speed)
  if (!(speed > 0)) throw new InputError('--speed must be a number above 0')
  if (!/^https?:/.test(values.url) || !URL.canParse(values.url)) throw new InputError('--url must be http(s)')
  return { file: values.file, speed, url: values.url }
}

/** @throws InputError that says what is in the way */
async function checkLine(url: string, secret: string): Promise<void> {
  const status = await fetch(new URL('/channels/telephone/events', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: '[]',
  }).then(
    response => response.status,
    () => 0,
  )
  if (status === 0) throw new InputError(`nobody answers at ${url}`)
  if (status === 404) throw new InputError('the line has no TELEPHONE_SECRET, so this channel is off')
  if (status === 401) throw new InputError('the line has another TELEPHONE_SECRET')
  if (status !== 200) throw new InputError(`the line answers ${status}`)
}

async function play(timed: readonly TimedEvent[], { speed, sender }: { speed: number; sender: CallSender }) {
  const start = performance.now()
  for (const { atMs, event } of timed) {
    await sleep(Math.max(0, atMs / speed - (performance.now() - start)))
    sender.send(event)
    if (event.type === 'utterance.final') console.log(`${clockOf(atMs)} ${event.role}: ${event.text}`)
  }
  await sender.finish()
  return sender.refused
}

function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}
