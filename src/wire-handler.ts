import { caseFileRoutes } from './adapters/http/case-file-routes.ts'
import type { DeskRoutes } from './adapters/http/desk-scope.ts'
import { filterRoutes } from './adapters/http/filter-routes.ts'
import { handlingRoutes } from './adapters/http/handling-routes.ts'
import { addCaseFile, readCaseFile } from './usecases/case-files.ts'
import { countDeskCases } from './usecases/count-desk-cases.ts'
import type { FileShelf } from './usecases/handler-ports.ts'
import { handlingHelp } from './usecases/handling-help.ts'
import type { Line } from './usecases/line.ts'
import { listFilters, removeFilter, saveFilter } from './usecases/manage-filters.ts'
import { previewReply } from './usecases/preview-reply.ts'

/** What handlers have at the desk besides the cases themselves: filters, files, help and previews. */
export function handlerRoutes(line: Line, files: FileShelf): DeskRoutes[] {
  return [
    filterRoutes({
      count: (account, filter) => countDeskCases(line, account, filter),
      list: account => listFilters(line, account),
      save: (account, filter) => saveFilter(line, account, filter),
      remove: (account, id) => removeFilter(line, account, id),
    }),
    handlingRoutes({
      help: (account, id, locale) => handlingHelp(line, account, id, locale),
      preview: (account, id, draft) => previewReply(line, account, id, draft),
    }),
    caseFileRoutes({
      mostBytes: files.mostBytes,
      add: (account, id, bytes) => addCaseFile(line, account, id, bytes, files),
      read: (account, id, name) => readCaseFile(line, account, id, name, files),
    }),
  ]
}
