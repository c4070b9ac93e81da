import type { DeskRoutes } from './adapters/http/desk-scope.ts'
import { stewardRoutes } from './adapters/http/steward-routes.ts'
import type { Line } from './usecases/line.ts'
import { listEnterprises, showEnterprise } from './usecases/look-after-enterprises.ts'
import {
  addEnterprise,
  lookAtContact,
  serveEnterprise,
  writeToEnterprise,
} from './usecases/serve-enterprise.ts'

/** The desk's interface to enterprises and their stewards with its use cases bound. */
export function wireStewards(line: Line): DeskRoutes {
  return stewardRoutes({
    list: (account, locale) => listEnterprises(line, account, locale),
    show: (account, code, locale) => showEnterprise(line, account, code, locale),
    add: (account, wanted) => addEnterprise(line, account, wanted),
    serve: (account, code, deed) => serveEnterprise(line, account, code, deed),
    write: (account, code, text) => writeToEnterprise(line, account, code, text),
    contact: (account, code) => lookAtContact(line, account, code),
  })
}
