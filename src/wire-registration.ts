import { createDocxPrinter } from './adapters/docx/docx-printer.ts'
import { addRegistrationRoutes, type RegistrationParts } from './adapters/http/registration-routes.ts'
import { createPdfPrinter } from './adapters/pdf/pdf-printer.ts'
import { type HandInParts, handInRegistration } from './usecases/hand-in-registration.ts'
import {
  forgetRegistrationDraft,
  keepRegistrationDraft,
  openRegistrationDraft,
} from './usecases/keep-registration-draft.ts'
import type { Line } from './usecases/line.ts'
import { printRegistration } from './usecases/print-registration.ts'
import { findScope, registrationChoices, viewRegistration } from './usecases/view-registration.ts'

/** The interface of `/register` with its use cases bound. */
export function registrationRoutes(
  line: Line,
  { limiter, saveFile }: Pick<RegistrationParts, 'limiter'> & Pick<HandInParts, 'saveFile'>,
): (app: Parameters<typeof addRegistrationRoutes>[0]) => void {
  const printers = { pdf: createPdfPrinter(), docx: createDocxPrinter() }
  return app =>
    addRegistrationRoutes(app, {
      limiter,
      choices: () => registrationChoices(line),
      findScope: words => findScope(line, words),
      view: (draft, have) => viewRegistration(line, draft, have),
      print: draft => printRegistration(line, draft, printers),
      keep: (draft, code) => keepRegistrationDraft(line, draft, code),
      open: code => openRegistrationDraft(line, code),
      forget: code => forgetRegistrationDraft(line, code),
      handIn: (draft, key) => handInRegistration(line, draft, key, { printers, saveFile }),
    })
}
