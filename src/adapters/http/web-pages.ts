import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Address → the built page behind it. */
const PAGES: Readonly<Record<string, string>> = {
  '/': 'index',
  '/status': 'status',
  '/enterprise': 'enterprise',
  '/guide': 'guide',
  '/register': 'register',
  '/book': 'book',
  '/apply': 'apply',
  '/verify': 'verify',
  '/hall': 'hall',
  '/kiosk': 'hall',
  '/ticket': 'hall',
  '/screen': 'hall',
  '/desk': 'desk',
}

/** Pages with addresses below their own. */
const HAVE_MORE = ['/book', '/desk', '/guide', '/apply']

/**
 * The pages that Vite built, from memory of the file system only: hashed assets may be kept for ever, pages are always
 * asked for again. Compressed twins (`.br`, `.gz`) are sent where they exist.
 */
export async function addWebPages(app: FastifyInstance, root: string): Promise<void> {
  if (!existsSync(root)) {
    app.log.warn({ root }, 'no built pages: run the build to have them')
    return
  }
  await app.register(fastifyStatic, {
    root,
    preCompressed: true,
    index: false,
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = path.includes('/assets/')
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  for (const [url, name] of Object.entries(PAGES)) {
    const file = [`${name}.html`, `${name}/index.html`].find(candidate => existsSync(join(root, candidate)))
    if (!file) continue
    const hasMore = HAVE_MORE.includes(url)
    const urls = url === '/' ? ['/'] : [url, `${url}/`, ...(hasMore ? [`${url}/*`] : [])]
    for (const path of urls)
      app.get(path, { schema: { hide: true } }, (_request, reply) => reply.sendFile(file))
  }
}
