import { shallowRef } from 'vue'

/** Chrome's offer to put a page on the home screen; other browsers have their own menu for it. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}

const offer = shallowRef<InstallPrompt | null>(null)

/** Can the page be installed with one tap now? */
export const canInstall = () => offer.value !== null

export async function install(): Promise<void> {
  const asked = offer.value
  offer.value = null
  await asked?.prompt()
}

/**
 * Lets the page open without a network from the next time on. The worker keeps the page itself and nothing that anybody
 * said; see `service-worker.ts`. Without one (plain HTTP, old phones) everything works but that.
 */
export function keepShell(): void {
  addEventListener('beforeinstallprompt', event => {
    event.preventDefault()
    offer.value = event as InstallPrompt
  })
  if (!('serviceWorker' in navigator)) return
  // Not before the page is there: on a slow network it would compete with it.
  addEventListener('load', () => {
    navigator.serviceWorker.register('/sw.js').catch(() => {})
  })
}
