import { ref } from 'vue'
import { keep, recall } from './keep.ts'
import { restoreTextSize, setTextLarge } from './text-size.ts'

const KEPT = 'care'
const isOn = ref(false)

/** 关怀模式: large type, strong contrast, fewer and larger things to tap, and texts that can be read aloud. */
export const isCareOn = () => isOn.value

/** Switches it, and remembers it on this device. */
export function setCare(wanted: boolean): void {
  show(wanted)
  setTextLarge(wanted)
  keep(KEPT, wanted)
}

/** As it was left; the large type alone stays what it was for whoever had only that. */
export function restoreCare(): void {
  restoreTextSize()
  show(recall<boolean>(KEPT) ?? false)
}

function show(wanted: boolean): void {
  isOn.value = wanted
  document.documentElement.dataset.care = wanted ? 'on' : 'off'
}
