import qrcode from 'qrcode'

/**
 * A QR code that leads to a case on the status page, as SVG. It holds the number, never the query code, and the number stands
 * behind `#`, where it reaches no server and no log.
 */
export function caseQr(publicUrl: string, number: string): Promise<string> {
  return qrOf(statusAddress(publicUrl, number))
}

/** Any text as a QR code, as SVG. */
export function qrOf(text: string): Promise<string> {
  return qrcode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
}

export function statusAddress(publicUrl: string, number: string): string {
  return `${publicUrl.replace(/\/$/, '')}/status#n=${number}`
}
