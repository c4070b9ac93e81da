import { InputError } from '../adapters/disk/read-rows.ts'
import { localDateOf } from '../clocks/working-calendar.ts'
import { type ForecastJudgement, judgeForecasts, learnLateness } from '../followup/lateness.ts'
import { DAY } from '../kernel/clock.ts'
import { openStore } from './open-store.ts'
import { readArguments } from './read-arguments.ts'
import { readLocalDay } from './read-local-time.ts'
import { runCommand } from './run-command.ts'

const USAGE = `Usage: judge-forecast --from YYYY-MM-DD [--days 365] [--learn 240] [--json]

How good the desk's forecasts of late cases are on cases that they have not seen: learns from the replies of the first days of a
period in the store of DATA_DIR or DATABASE_URL, and asks for a forecast at several moments of every case of the rest.

--from   first day of the period
--days   its length
--learn  so many of its days are learned from; the others are judged`

/** Every reply there is. */
const ALL = 10_000_000

/** `npm run judge-forecast`: see USAGE. */
await runCommand(async () => {
  const { from, split, to, isJson } = readPlan()
  const { store, close } = await openStore()
  try {
    const { overviews } = store
    const forecast = learnLateness(await overviews.finishes({ from, before: split, limit: ALL }))
    const judged = judgeForecasts(forecast, await overviews.finishes({ from: split, before: to, limit: ALL }))
    print(isJson ? JSON.stringify(judged) : asText(judged, split))
  } finally {
    await close()
  }
  return 0
})

function readPlan() {
  const { values } = readArguments(USAGE, {
    options: {
      from: { type: 'string' },
      days: { type: 'string', default: '365' },
      learn: { type: 'string', default: '240' },
      json: { type: 'boolean', default: false },
    },
  })
  const from = readLocalDay(values.from ?? '')
  if (!from) throw new InputError(`--from must be a day such as 2025-01-01\n\n${USAGE}`)
  const [days, learn] = [Number(values.days), Number(values.learn)]
  if (!(Number.isInteger(days) && Number.isInteger(learn) && learn >= 1 && learn < days))
    throw new InputError(`--learn must be a whole number below --days\n\n${USAGE}`)
  const after = (count: number) => new Date(from.getTime() + count * DAY)
  return { from, split: after(learn), to: after(days), isJson: values.json }
}

function asText(judged: ForecastJudgement, split: Date): string {
  const { forecasts, late, brier, brierOfShare, calibrationError, classes } = judged
  const share = (value: number) => `${(value * 100).toFixed(1)} %`
  return [
    `judged from ${localDateOf(split)} on: ${forecasts} forecasts, ${share(late / forecasts)} of them of cases that were late`,
    `Brier score ${brier.toFixed(4)}; of always saying that share ${brierOfShare.toFixed(4)}; skill ${share(1 - brier / brierOfShare)}`,
    `calibration error ${share(calibrationError)}`,
    ...classes.map(
      ({ from, forecasts: count, said, happened }) =>
        `  from ${share(from).padStart(7)}: ${String(count).padStart(7)} forecasts, said ${share(said)}, were late ${share(happened)}`,
    ),
  ].join('\n')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
