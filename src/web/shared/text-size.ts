import { ref } from 'vue'
import { keep, recall } from './keep.ts'

const isLarge = ref(false)

/** Is the page shown in large type? */
export const isTextLarge = () => isLarge.value

/** Switches between the normal and the large type, and remembers it. */
export function setTextLarge(wanted: boolean): void {
  isLarge.value = wanted
  document.documentElement.dataset.size = wanted ? 'large' : 'normal'
  keep('large-text', wanted)
}

export function restoreTextSize(): void {
  setTextLarge(recall<boolean>('large-text') ?? false)
}
