/** Positions of values that are not known. */
export function missing(values: readonly string[], isKnown: (value: string) => boolean): number[] {
  return values.flatMap((value, i) => (isKnown(value) ? [] : [i]))
}
