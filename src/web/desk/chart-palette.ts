/** Lines told apart by hue and lightness also by those who see fewer colours, on light and on dark ground. */
const LINES = {
  light: ['#0b5a68', '#b3560b', '#5b4fa0', '#2f7d32', '#a3195b', '#6b6300'],
  dark: ['#6fd0da', '#ffb066', '#b9aef2', '#8fd694', '#ff9ec6', '#d8cf5c'],
}
/** From nearly the ground to the strongest. */
const HEAT = {
  light: ['#e3efef', '#b5d6d8', '#7fb6ba', '#43909a', '#0b6775', '#063f4a'],
  dark: ['#20343a', '#27505a', '#2f707c', '#3f95a1', '#6fc0c9', '#b9eaee'],
}

export type ChartColours = ReturnType<typeof coloursOf>

/** All colours of one scheme. */
export function coloursOf(isDark: boolean) {
  const scheme = isDark ? 'dark' : 'light'
  return {
    lines: LINES[scheme],
    heat: HEAT[scheme],
    ink: isDark ? '#e5eaf3' : '#26323a',
    soft: isDark ? '#aab3ba' : '#5d666e',
    line: isDark ? '#3a4448' : '#dde4e5',
    ground: isDark ? '#141414' : '#ffffff',
    none: isDark ? '#1b2224' : '#f4f7f7',
    river: isDark ? '#2d5f86' : '#a9cde6',
    road: isDark ? '#5a5344' : '#d9cfae',
  }
}

/** The step of the heat that a count has; null for none. Steps grow with the root, so that one place does not pale all others. */
export function heatStep(count: number, most: number, steps: number): number | null {
  if (count <= 0) return null
  return Math.min(steps - 1, Math.floor(Math.sqrt((count - 1) / Math.max(steps, most - 1)) * steps * 0.999))
}
