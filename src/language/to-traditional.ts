import { Converter } from 'opencc-js/cn2t'

type Convert = (text: string) => string

let converter: Convert | null = null

/** Simplified → Traditional (with the forms of Taiwan), for names that content holds only in Simplified. */
export function toTraditional(text: string): string {
  // Built on first use: loading the dictionaries takes tens of milliseconds.
  const convert: Convert = converter ?? Converter({ from: 'cn', to: 'tw' })
  converter = convert
  return convert(text)
}
