import { cacheName, handlingOf, outdatedCaches, type Shell } from './shared/shell-rules.ts'

/** As much of a worker's world as is used here; the pages' library of types does not know it. */
interface WorkerScope {
  addEventListener(
    type: 'install' | 'activate',
    hear: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void
  addEventListener(
    type: 'fetch',
    hear: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}

/**
 * Lets the page open without a network. It keeps the page's own files and nothing else: no answer of an interface, nothing that
 * anybody said. A page is always asked for anew, so that after an update nobody sees an old one.
 */
const scope = self as unknown as WorkerScope
const shell = JSON.parse('__SHELL__') as Shell
const current = cacheName(shell)
/** A network that does not answer for so long is none. */
const PATIENCE_MS = 3_000

scope.addEventListener('install', event => event.waitUntil(install()))
scope.addEventListener('activate', event => event.waitUntil(activate()))
scope.addEventListener('fetch', event => {
  const { request } = event
  const handling = handlingOf(request, location.origin, shell)
  if (handling?.as === 'page') event.respondWith(page(request, handling.path))
  if (handling?.as === 'asset') event.respondWith(asset(request))
})

async function install(): Promise<void> {
  const cache = await caches.open(current)
  // Past the browser's own cache: a page that it kept may be an older one.
  await cache.addAll([...shell.pages.map(path => new Request(path, { cache: 'reload' })), ...shell.assets])
  await scope.skipWaiting()
}

async function activate(): Promise<void> {
  const outdated = outdatedCaches(await caches.keys(), current)
  await Promise.all(outdated.map(name => caches.delete(name)))
  await scope.clients.claim()
}

async function page(request: Request, path: string): Promise<Response> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  try {
    return await fetch(request, { signal: patience.signal })
  } catch (error) {
    const kept = await caches.match(path, { cacheName: current })
    if (kept) return kept
    throw error
  } finally {
    clearTimeout(timer)
  }
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}
