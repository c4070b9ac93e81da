import type { Holder } from './facts.ts'

/** What a card reader that types, or a person who pastes, gives of an identity card: any order, parted by bars, commas, tabs or lines. */
export function readCard(
  text: string,
): Partial<Pick<Holder, 'name' | 'idNumber' | 'address' | 'validUntil'>> {
  const parts = text
    .split(/[|,，;；\t\n]+/)
    .map(part => part.trim())
    .filter(part => part !== '')
  const idNumber = parts.map(part => /\d{17}[\dXx]/.exec(part)?.[0]).find(found => found !== undefined)
  const address = parts.find(part => /[省市区县旗镇乡村街路]/.test(part) && /\p{Script=Han}{4,}/u.test(part))
  const name = parts.find(
    part => part !== address && /^\p{Script=Han}[\p{Script=Han}·]{1,14}$/u.test(part) && part !== '长期',
  )
  return {
    ...(name ? { name } : {}),
    ...(idNumber ? { idNumber: idNumber.toUpperCase() } : {}),
    ...(address ? { address } : {}),
    ...validity(parts),
  }
}

/** `20160501-20360501`, `2016.05.01-2036.05.01`, `长期`: the last day of it. */
function validity(parts: readonly string[]): Partial<Pick<Holder, 'validUntil'>> {
  if (parts.some(part => part.endsWith('长期'))) return { validUntil: 'long' }
  const dates = parts
    .filter(part => !/\d{17}/.test(part))
    .flatMap(part => [...part.matchAll(/(20\d{2})[.年-]?(\d{2})[.月-]?(\d{2})/g)])
    .map(([, year, month, day]) => `${year}-${month}-${day}`)
  const last = dates[dates.length - 1]
  return last === undefined ? {} : { validUntil: last }
}
