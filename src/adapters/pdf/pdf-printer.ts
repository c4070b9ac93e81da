import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { DocumentPrinter } from '../../usecases/printed-document.ts'
import { type Fonts, PageWriter } from './page-writer.ts'

/** Noto Sans SC (SIL Open Font License 1.1): Simplified and Traditional ideographs and Latin in one. */
const FACE = '@expo-google-fonts/noto-sans-sc'

/** Prints PDF with only the glyphs that are used embedded: it reads the same where no Chinese typeface is installed. */
export function createPdfPrinter(): DocumentPrinter {
  let fonts: Promise<Fonts> | undefined
  return {
    async print(document) {
      // Ten megabytes a cut: read when the first document is printed, then kept.
      fonts ??= readFonts()
      const writer = new PageWriter(document, await fonts)
      for (const block of document.blocks) writer.write(block)
      return writer.finish()
    },
  }
}

async function readFonts(): Promise<Fonts> {
  const { resolve } = createRequire(import.meta.url)
  const read = (name: string) => readFile(resolve(`${FACE}/${name}`))
  const [regular, bold] = await Promise.all([
    read('400Regular/NotoSansSC_400Regular.ttf'),
    read('700Bold/NotoSansSC_700Bold.ttf'),
  ])
  return { regular, bold }
}
