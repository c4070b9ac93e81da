import type { ApplyParts } from './adapters/http/apply-routes.ts'
import type { CertificateParts } from './adapters/http/certificate-routes.ts'
import { applicationForm } from './usecases/application-form.ts'
import { applyOnPage } from './usecases/apply-on-page.ts'
import { concludedByCode, verifyCertificate } from './usecases/certificate.ts'
import { answersOfCode } from './usecases/guide.ts'
import type { KeptFiles } from './usecases/kept-files.ts'
import type { Line } from './usecases/line.ts'
import { printCertificate } from './usecases/print-certificate.ts'
import type { DocumentPrinter } from './usecases/printed-document.ts'

/** Applying on the page with its use cases bound. */
export function wireApply(line: Line, files: KeptFiles): Omit<ApplyParts, 'limiter'> {
  return {
    form: (id, given, locale) => {
      const answers = 'code' in given ? answersOfCode(line, id, given.code) : given.answers
      return applicationForm(line, id, answers, locale)
    },
    saveFile: bytes => files.save(bytes),
    apply: (item, request, locale) => applyOnPage(line, { ...request, item, locale }, files),
  }
}

/** Certificates and notices with their use cases bound. */
export function wireCertificates(
  line: Line,
  printer: DocumentPrinter,
): Pick<CertificateParts, 'verify' | 'print'> {
  return {
    verify: (given, locale) => verifyCertificate(line, given, locale),
    print: async ({ locale, base, ...query }) =>
      printCertificate(line, await concludedByCode(line, query), { locale, base }, printer),
  }
}
