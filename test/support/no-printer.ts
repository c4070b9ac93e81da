import type { DocumentPrinter } from '../../src/usecases/printed-document.ts'

/** For tests that print nothing. */
export const noPrinter: DocumentPrinter = {
  print: async () => {
    throw new Error('nothing is printed here')
  },
}
