/** The sizes that are asked for on the command line, as numbers; with `--full` the large ones, else the usual ones. */
export function sizesFrom(
  args: readonly string[],
  usual: readonly number[],
  full: readonly number[],
): number[] {
  if (args.includes('--full')) return [...full]
  const asked = args.map(Number).filter(size => size > 0)
  return asked.length > 0 ? asked.toSorted((a, b) => a - b) : [...usual]
}
