import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import { parse } from 'yaml'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The pages. Two parts are built one after the other (`--mode resident`, `--mode desk`), so that the desk's larger use of Vue
 * never makes the resident's page heavier. `src/cli/build-web.ts` runs both and skips them when nothing changed.
 */
const PARTS: Record<string, Record<string, string>> = {
  resident: {
    index: at('src/web/index.html'),
    status: at('src/web/status.html'),
    enterprise: at('src/web/enterprise.html'),
    guide: at('src/web/guide.html'),
    register: at('src/web/register.html'),
    book: at('src/web/book.html'),
    apply: at('src/web/apply.html'),
    verify: at('src/web/verify.html'),
    hall: at('src/web/hall.html'),
    sw: at('src/web/service-worker.ts'),
  },
  desk: { desk: at('src/web/desk.html') },
}

/** `import texts from 'web.en.yaml?part=web'`: only the keys of these parts (`web.*`), so that no page carries another's. */
function textsPlugin(): Plugin {
  return {
    name: 'yihao-texts',
    enforce: 'pre',
    load(id) {
      const match = /^(.+\.yaml)\?part=([\w,-]+)$/.exec(id)
      if (!match) return null
      const [, file, list] = match
      const parts = list!.split(',')
      this.addWatchFile(file!)
      const all = parse(readFileSync(file!, 'utf8')) as Record<string, string>
      const own = Object.entries(all).filter(([key]) => parts.includes(key.split('.')[0]!))
      return { code: `export default ${JSON.stringify(Object.fromEntries(own))}`, moduleType: 'js' }
    },
  }
}

/**
 * Most people read Simplified Chinese: its texts are fetched beside the page's script instead of after it, which saves one way
 * to the server and back. Whoever reads another language fetches some kilobytes in vain, once.
 */
function earlyTextsPlugin(): Plugin {
  return {
    name: 'yihao-early-texts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle, filename }) {
        const chunks = Object.values(bundle ?? {})
        const texts = chunks.find(
          file => file.type === 'chunk' && file.facadeModuleId?.endsWith('web.zh-Hans.yaml?part=web'),
        )?.fileName
        if (!texts || filename.endsWith('desk.html')) return
        const attrs = { rel: 'modulepreload', crossorigin: true, href: `/${texts}` }
        return [{ tag: 'link', attrs, injectTo: 'head' as const }]
      },
    },
  }
}

/** What a page links to beside what is built for it. */
const BESIDE = ['icon.svg', 'manifest.webmanifest']

/** Tells the service worker what the shell is made of: pages with their addresses, and everything that they load. */
function shellPlugin(): Plugin {
  return {
    name: 'yihao-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle['sw.js']
        if (worker?.type !== 'chunk') return
        const files = Object.values(bundle).filter(({ fileName }) => fileName !== 'sw.js')
        const pages = SHELL_PAGES.map(name => `${name}.html`).filter(name => bundle[name])
        const assets = files.map(({ fileName }) => fileName).filter(isOfShell)
        // Hashed names stand for their content; a page's own content has no such name.
        const version = createHash('sha256')
        for (const file of files) version.update(file.fileName)
        for (const file of files)
          if (file.type === 'asset' && file.fileName.endsWith('.html')) version.update(file.source)
        const shell = {
          version: version.digest('hex').slice(0, 12),
          pages: pages.map(name => (name === 'index.html' ? '/' : `/${name.slice(0, -'.html'.length)}`)),
          assets: [...assets, ...BESIDE].map(name => `/${name}`),
        }
        worker.code = worker.code.replace(/(["'`])__SHELL__\1/, () => JSON.stringify(JSON.stringify(shell)))
      },
    },
  }
}

/** Pages that open without a network; the others need the line for everything that they do. */
const SHELL_PAGES = ['index', 'status', 'guide']
const ONLINE_ONLY = /^assets\/(?:apply|book|enterprise|hall|register|verify)\b/

function isOfShell(name: string): boolean {
  return name.startsWith('assets/') && !ONLINE_ONLY.test(name)
}

export default defineConfig(({ mode }) => ({
  root: at('src/web'),
  publicDir: at('src/web/public'),
  plugins: [textsPlugin(), vue(), earlyTextsPlugin(), shellPlugin()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: at('build/web'),
    emptyOutDir: mode !== 'desk',
    // Phones of 2018 still open the page: the WeChat browser and Safari 13.
    target: mode === 'desk' ? 'es2022' : ['es2018', 'chrome73', 'safari13', 'firefox78'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: PARTS[mode] ?? { ...PARTS.resident, ...PARTS.desk },
      // The worker's own address never changes: by it a browser finds out that there is a new one.
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: {
    proxy: { '/api': 'http://localhost:8890', '/v3': { target: 'http://localhost:8890', ws: true } },
  },
}))
