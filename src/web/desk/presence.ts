/** For so long after a key or a click somebody counts as being at the desk. */
const THERE_MS = 2 * 60_000
let lastInputAt = Date.now()

for (const kind of ['keydown', 'pointerdown', 'wheel'])
  addEventListener(
    kind,
    () => {
      lastInputAt = Date.now()
    },
    { capture: true, passive: true },
  )

/** Was a key, a button or the wheel used lately? */
export function isSomebodyThere(): boolean {
  return Date.now() - lastInputAt < THERE_MS
}
