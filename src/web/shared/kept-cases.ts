import { shallowRef } from 'vue'
import { forget, keep, recall } from './keep.ts'

/** What opens a case, kept on this device because the person asked for it. */
export interface KeptCase {
  number: string
  queryCode: string
}

const KEPT = 'cases'
/** As many as the server looks up at once. */
const MOST = 30
const kept = shallowRef<KeptCase[]>(recall<KeptCase[]>(KEPT) ?? [])

/** The newest first. */
export const keptCases = () => kept.value

export const isKept = (number: string) => kept.value.some(each => each.number === number)

export function keepCase(added: KeptCase): void {
  store([added, ...kept.value.filter(({ number }) => number !== added.number)].slice(0, MOST))
}

export function forgetCases(numbers: readonly string[]): void {
  store(kept.value.filter(({ number }) => !numbers.includes(number)))
}

/** Nothing of any case stays on this device. */
export function forgetAllCases(): void {
  kept.value = []
  forget(KEPT)
}

function store(cases: KeptCase[]): void {
  kept.value = cases
  if (cases.length > 0) keep(KEPT, cases)
  else forget(KEPT)
}
