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
    guide: at('src/web/guide.html'),
    apply: at('src/web/apply.html'),
    verify: at('src/web/verify.html'),
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

export default defineConfig(({ mode }) => ({
  root: at('src/web'),
  publicDir: at('src/web/public'),
  plugins: [textsPlugin(), vue()],
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
    rollupOptions: { input: PARTS[mode] ?? { ...PARTS.resident, ...PARTS.desk } },
  },
  server: {
    proxy: { '/api': 'http://localhost:8890', '/v3': { target: 'http://localhost:8890', ws: true } },
  },
}))
