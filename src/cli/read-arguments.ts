import { type ParseArgsConfig, parseArgs } from 'node:util'

const HELP = { help: { type: 'boolean', short: 'h', default: false } } as const

/**
 * The arguments of a command, read before it does anything. With `--help` it says its usage and ends with 0; with an argument that it
 * does not know it says which, and its usage, and ends with 2.
 * @param usage begins with `Usage: `
 */
export function readArguments<T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  const read = parsed(usage, { ...config, options: { ...config.options, ...HELP } })
  if (read.values.help) {
    process.stdout.write(`${usage}\n`)
    process.exit(0)
  }
  return read as unknown as ReturnType<typeof parseArgs<T>>
}

function parsed(usage: string, config: ParseArgsConfig) {
  try {
    return parseArgs(config)
  } catch (error) {
    if (!(error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) throw error
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`)
    process.exit(2)
  }
}
