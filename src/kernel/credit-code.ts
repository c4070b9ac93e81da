/** Digits and letters but I, O, S, V and Z; a character's value is its place. */
const CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const LENGTH = 18

/** Is it a unified social credit code (统一社会信用代码, GB 32100-2015), its check character right? */
export function isCreditCode(text: string): boolean {
  const values = [...text].map(character => CHARACTERS.indexOf(character))
  if (values.length !== LENGTH || values.includes(-1)) return false
  // The weights are the powers of three.
  const { sum } = values
    .slice(0, -1)
    .reduce(({ sum, weight }, value) => ({ sum: sum + value * weight, weight: (weight * 3) % 31 }), {
      sum: 0,
      weight: 1,
    })
  return values.at(-1) === (31 - (sum % 31)) % 31
}
