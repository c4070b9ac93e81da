import { createHash } from 'node:crypto'
import type { OpenQuestion } from './bundle-checklist.ts'
import type { Answers } from './condition.ts'

/** Digits without the letters that are mistaken for others (Crockford). */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHECK_LENGTH = 2

/** Says what is asked next after answers; null at the end. Of an item or a bundle, always in the same order. */
export type Asks = (answers: Answers) => OpenQuestion | null

/**
 * The answers as a short code, for a link or a printed page: which choice was taken, question by question.
 * It holds nothing about a person, and two digits tell when the questions have changed since.
 */
export function encodeAnswers(id: string, answers: Answers, asks: Asks): string {
  const taken: { radix: number; index: number }[] = []
  const path: string[] = [id]
  let known: Answers = {}
  for (let open = asks(known); open; open = asks(known)) {
    const { key, question } = open
    const index = question.choices.findIndex(choice => choice.id === answers[key])
    if (index < 0) break
    taken.push({ radix: question.choices.length, index })
    path.push(`${key}:${question.choices.map(choice => choice.id).join()}`)
    known = { ...known, [key]: answers[key]! }
  }
  // The first answer is the lowest digit; a one on top keeps leading zeros.
  const number = taken.reduceRight((sum, { radix, index }) => sum * BigInt(radix) + BigInt(index), 1n)
  return digitsOf(number) + checkOf(path)
}

/** The answers of a code, or null when it is not one, or the questions are others by now. */
export function decodeAnswers(id: string, code: string, asks: Asks): Answers | null {
  const text = code.trim().toUpperCase()
  if (text.length <= CHECK_LENGTH || text.length > 40 || [...text].some(digit => !DIGITS.includes(digit)))
    return null
  let number = [...text.slice(0, -CHECK_LENGTH)].reduce(
    (sum, digit) => sum * 32n + BigInt(DIGITS.indexOf(digit)),
    0n,
  )
  const path: string[] = [id]
  let answers: Answers = {}
  while (number > 1n) {
    const open = asks(answers)
    if (!open) return null
    const { key, question } = open
    const radix = BigInt(question.choices.length)
    answers = { ...answers, [key]: question.choices[Number(number % radix)]!.id }
    number /= radix
    path.push(`${key}:${question.choices.map(choice => choice.id).join()}`)
  }
  return number === 1n && text.slice(-CHECK_LENGTH) === checkOf(path) ? answers : null
}

function digitsOf(number: bigint): string {
  return number < 32n ? DIGITS[Number(number)]! : digitsOf(number / 32n) + DIGITS[Number(number % 32n)]!
}

function checkOf(path: readonly string[]): string {
  const [a, b] = createHash('sha256').update(path.join('/')).digest()
  return DIGITS[a! % 32]! + DIGITS[b! % 32]!
}
