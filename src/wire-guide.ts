import { addGuideRoutes, type GuideParts } from './adapters/http/guide-routes.ts'
import { createPdfPrinter } from './adapters/pdf/pdf-printer.ts'
import { listGuides, searchGuides } from './usecases/find-guides.ts'
import { answersOfCode } from './usecases/guide.ts'
import { viewGuide } from './usecases/guide-view.ts'
import type { Line } from './usecases/line.ts'
import { printGuide } from './usecases/print-guide.ts'

/** The guide's interface with its use cases bound. */
export function guideRoutes(
  line: Line,
  outside: Pick<GuideParts, 'limiter' | 'publicUrl'>,
): (app: Parameters<typeof addGuideRoutes>[0]) => void {
  const printer = createPdfPrinter()
  return app =>
    addGuideRoutes(app, {
      ...outside,
      list: locale => listGuides(line, locale),
      search: (words, locale) => searchGuides(line, words, locale),
      view: (id, answers, locale) => viewGuide(line, id, answers, locale),
      answersOf: (id, code) => answersOfCode(line, id, code),
      print: wanted => printGuide(line, wanted, printer),
    })
}
