import type { MyCasesParts } from './adapters/http/my-cases/my-cases-parts.ts'
import type { RateLimiter } from './adapters/http/rate-limiter.ts'
import type { Line } from './usecases/line.ts'
import { actOnMyCase, checkMyCase, listMyCases, myConcluded, showMyCase } from './usecases/my-cases.ts'
import type { SmsGateway } from './usecases/notice-ports.ts'
import { printCertificate } from './usecases/print-certificate.ts'
import type { DocumentPrinter } from './usecases/printed-document.ts'
import { openByPhoneCode, phoneToProve, sendPhoneCode } from './usecases/prove-phone.ts'

/** What a person's own cases need besides the line. */
export interface MyCasesOutside
  extends Pick<MyCasesParts, 'accountOfToken' | 'saveFile' | 'fileAddress' | 'publicUrl'> {
  limiter: RateLimiter
  /** Null: there is no way to send a code, and nobody is offered to prove a number. */
  gateway: SmsGateway | null
  /** Prints certificates and notices. */
  printer: DocumentPrinter
}

/** `/api/my-cases` with its use cases bound. */
export function wireMyCases(line: Line, { gateway, printer, ...outside }: MyCasesOutside): MyCasesParts {
  const { phoneProofs, answers } = line.store
  return {
    ...outside,
    answers,
    clock: line.clock,
    phones: gateway && {
      read: phoneToProve,
      keyOf: phoneProofs.keyOf,
      send: (phone, locale) => sendPhoneCode(line, gateway, { phone, locale }),
      open: (phone, code) => openByPhoneCode(line, { phone, code }),
      close: phoneProofs.closeSession,
    },
    proofOfSession: token => phoneProofs.session(token, line.clock.now()),
    list: (holder, locale) => listMyCases(line, holder, locale),
    show: (key, holder, locale) => showMyCase(line, key, holder, locale),
    certificate: async (key, holder, options) =>
      printCertificate(line, await myConcluded(line, key, holder), options, printer),
    check: (key, holder) => checkMyCase(line, key, holder),
    act: (key, holder, action, keep) =>
      actOnMyCase(line, key, holder, { action, keep: tx => keep(tx, { number: key.number }) }),
    signFile: (number, name) => line.pseudonym('file-of-case', `${number} ${name}`),
  }
}
