import { localDateOf } from '../clocks/working-calendar.ts'
import type { Locale } from '../language/understanding.ts'
import { appealText } from './application-card.ts'
import { amountText, itemName, itemOf } from './application-words.ts'
import { leadOf } from './case-card.ts'
import { type Concluded, certificateCode, certificateTitle } from './certificate.ts'
import type { Line } from './line.ts'
import type { DocumentPrinter, PrintedBlock } from './printed-document.ts'

/** Where a certificate is verified. Number and code stand behind `#`, where they reach no server and no log. */
export function verifyAddress(base: string, number: string, code: string): string {
  return `${base.replace(/\/$/, '')}/verify#n=${number}&c=${code}`
}

/**
 * The certificate of an approved application, or the notice of a refusal with its reason and the way to appeal, as a file.
 * @param base address under which people reach the line
 */
export async function printCertificate(
  line: Line,
  concluded: Concluded,
  { locale, base }: { locale: Locale; base: string },
  printer: DocumentPrinter,
): Promise<Uint8Array> {
  const say = (key: string, params: Record<string, string> = {}) =>
    line.content.texts.of(locale, `certificate.${key}`, params)
  const { certificate } = concluded.conclusion
  const { city } = line.content
  const title = certificateTitle(line, concluded, locale)
  const code = certificateCode(line, certificate)
  return printer.print({
    language: locale,
    title: `${title} ${certificate}`,
    author: line.names.line(locale),
    size: 'A4',
    footer: city.sample ? `${line.names.line(locale)}　${say('sample')}` : line.names.line(locale),
    madeAt: line.clock.now(),
    blocks: [
      {
        is: 'title',
        above: line.names.text({ zh: city.name, en: city.en }, locale),
        text: title,
        below: say('number', { number: certificate }),
      },
      ...bodyOf(line, concluded, locale, say),
      {
        is: 'code',
        content: verifyAddress(base, certificate, code),
        lines: [say('verify'), say('verify-number', { number: certificate }), say('verify-code', { code })],
      },
    ],
  })
}

type Say = (key: string, params?: Record<string, string>) => string

function bodyOf(line: Line, concluded: Concluded, locale: Locale, say: Say): PrintedBlock[] {
  const { case: current, conclusion } = concluded
  const isRefused = conclusion.outcome === 'refused'
  const item = itemName(line, current.application!, locale)
  const basis = itemOf(line, current.application!)?.basis
  const paragraph = (text: string): PrintedBlock => ({ is: 'paragraph', text })
  const reason: PrintedBlock[] = [{ is: 'heading', text: say('reason') }, paragraph(conclusion.text)]
  return [
    paragraph(say(isRefused ? 'refused-text' : 'approved-text', { item })),
    { is: 'table', rows: factsOf(line, concluded, locale, say), widths: [1, 3], hasNames: true },
    ...reason,
    ...(basis ? [{ is: 'paragraph' as const, text: say('basis', { basis }), isSmall: true }] : []),
    ...(isRefused
      ? [{ is: 'heading' as const, text: say('appeal') }, paragraph(appealText(line, locale))]
      : []),
  ]
}

function factsOf(
  line: Line,
  { case: current, conclusion, person }: Concluded,
  locale: Locale,
  say: Say,
): string[][] {
  const { application, number } = current
  const day = (date: string) =>
    new Date(`${date}T00:00:00+08:00`).toLocaleDateString(locale, {
      timeZone: 'Asia/Shanghai',
      dateStyle: 'long',
    })
  const isEnterprise = application!.applicant === 'enterprise'
  const amounts = Object.entries(application!.amounts).map(([id, amount]) =>
    amountText(line, application!, id, amount, locale),
  )
  return [
    [say('holder'), (isEnterprise ? person?.organisation : person?.name) ?? ''],
    ...(isEnterprise ? [[say('credit-code'), person?.creditCode ?? '']] : []),
    [say('item'), itemName(line, application!, locale)],
    ...(current.elements.place ? [[say('place'), current.elements.place]] : []),
    ...(amounts.length > 0 ? [[say('scope'), amounts.join('；')]] : []),
    [say('department'), line.names.department(leadOf(line, current), locale)],
    [say('issued'), day(localDateOf(conclusion.at))],
    ...(conclusion.outcome === 'approved'
      ? [[say('until'), conclusion.validUntil ? day(conclusion.validUntil) : say('no-end')]]
      : []),
    [say('case'), number],
  ]
}
