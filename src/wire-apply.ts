import { addApplyRoutes } from './adapters/http/apply-routes.ts'
import { addCertificateRoutes } from './adapters/http/certificate-routes.ts'
import type { ServerParts } from './adapters/http/create-server.ts'
import type { RateLimiter } from './adapters/http/rate-limiter.ts'
import { applicationForm } from './usecases/application-form.ts'
import { applyOnPage } from './usecases/apply-on-page.ts'
import { verifyCertificate } from './usecases/certificate.ts'
import { answersOfCode } from './usecases/guide.ts'
import type { KeptFiles } from './usecases/kept-files.ts'
import type { Line } from './usecases/line.ts'

/** What applying and certificates need besides the line. */
export interface ApplyOutside {
  files: KeptFiles
  limiter: RateLimiter
}

/** Applying on the page, certificates and notices, with their use cases bound. */
export function wireApply(
  line: Line,
  { files, limiter }: ApplyOutside,
): NonNullable<ServerParts['routes']>[number][] {
  return [
    app =>
      addApplyRoutes(app, {
        limiter,
        form: (id, given, locale) => {
          const answers = 'code' in given ? answersOfCode(line, id, given.code) : given.answers
          return applicationForm(line, id, answers, locale)
        },
        saveFile: bytes => files.save(bytes),
        apply: (item, request, locale) => applyOnPage(line, { ...request, item, locale }, files),
      }),
    app =>
      addCertificateRoutes(app, {
        limiter,
        verify: (given, locale) => verifyCertificate(line, given, locale),
      }),
  ]
}
