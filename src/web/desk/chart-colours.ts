import { onBeforeUnmount, ref } from 'vue'
import { coloursOf } from './chart-palette.ts'

/** Colours for what is drawn on a canvas, which no style sheet reaches; they follow the desk's light and dark. */
export function useChartColours() {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const colours = ref(coloursOf(dark.matches))
  const follow = () => {
    colours.value = coloursOf(dark.matches)
  }
  dark.addEventListener('change', follow)
  onBeforeUnmount(() => dark.removeEventListener('change', follow))
  return colours
}
