import type { Locale } from '../language/understanding.ts'
import { filePublicRequest, type PublicSubmission, resolvePublicToken } from './file-public-request.ts'
import type { Line } from './line.ts'
import {
  listPublicRequests,
  listPublicUpdates,
  type PublicQuery,
  showPublicRequest,
} from './list-public-requests.ts'
import { publicServices, serviceAttributes } from './public-services.ts'
import { rememberViews } from './remember-views.ts'
import { publicRequest } from './show-public-case.ts'

/** The sentences that programs of others may say to the line, bound to it. */
export function publicRequests(line: Line) {
  const { city, texts } = line.content
  const show = rememberViews(publicRequest)
  const inCity = (locale: Locale) => ({ line: line.names.line(locale), phone: city.line.phone })
  return {
    jurisdictions: [city.jurisdiction, city.id],
    contact: (locale: Locale) => ({
      contact: texts.of(locale, 'open311.contact', inCity(locale)),
      keyService: texts.of(locale, 'open311.key-service', inCity(locale)),
    }),
    services: (locale: Locale) => publicServices(line, locale),
    attributes: (code: string, locale: Locale) => serviceAttributes(line, code, locale),
    file: (submission: PublicSubmission, locale: Locale) => filePublicRequest(line, submission, locale),
    list: (query: PublicQuery, locale: Locale) => listPublicRequests(line, query, locale, show),
    show: (id: string, viewer: { client: string | null; locale: Locale }) =>
      showPublicRequest(line, id, viewer),
    updates: (query: Omit<PublicQuery, 'serviceCodes' | 'status'>, locale: Locale) =>
      listPublicUpdates(line, query, locale),
    resolveToken: (token: string) => resolvePublicToken(line, token),
  }
}
