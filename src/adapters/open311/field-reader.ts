import { type FieldProblem, type FieldProblemKind, refuseFields } from '../../usecases/refuse-field.ts'
import type { Fields } from './read-fields.ts'

/** Reads fields one by one and remembers everything that is wrong, so that a client learns all of it at once. */
export class FieldReader {
  readonly #fields: Fields
  readonly #problems: FieldProblem[] = []

  constructor(fields: Fields) {
    this.#fields = fields
  }

  /** Notes a problem; stands for a value that is not there. */
  wrong(field: string, because: FieldProblemKind): null {
    this.#problems.push({ field, because })
    return null
  }

  /** At most so many characters; null when nothing was sent. */
  text(field: string, longest: number): string | null {
    return this.#one(field, this.#fields.named.get(field) ?? [], longest)
  }

  /** The answer to `attribute[code]`. */
  attribute(code: string, longest: number): string | null {
    return this.#one(`attribute[${code}]`, this.#fields.attributes.get(code) ?? [], longest)
  }

  /** A list with commas, or the name several times; null when nothing was sent. */
  list(field: string, most: number): string[] | null {
    const all = (this.#fields.named.get(field) ?? [])
      .flatMap(value => value.split(','))
      .map(part => part.trim())
      .filter(Boolean)
    if (all.length > most) return this.wrong(field, 'too-long')
    return all.length > 0 ? [...new Set(all)] : null
  }

  /** Degrees in decimals, from -limit to limit. */
  degrees(field: string, limit: number): number | null {
    const said = this.text(field, 50)
    if (said === null) return null
    if (!/^[+-]?\d{1,20}(?:\.\d{1,25})?$/.test(said)) return this.wrong(field, 'not-number')
    const value = Number(said)
    return Math.abs(value) <= limit ? value : this.wrong(field, 'out-of-range')
  }

  /** A whole number from 1. */
  count(field: string, most: number, otherwise: number): number {
    const said = this.text(field, 20)
    if (said === null) return otherwise
    if (!/^\d{1,15}$/.test(said)) return this.wrong(field, 'not-number') ?? otherwise
    const value = Number(said)
    return value >= 1 && value <= most ? value : (this.wrong(field, 'out-of-range') ?? otherwise)
  }

  /** One of these words. */
  choice<T extends string>(field: string, words: readonly T[]): T | null {
    const said = this.text(field, 50)
    if (said === null) return null
    return words.find(word => word.toLowerCase() === said.toLowerCase()) ?? this.wrong(field, 'not-offered')
  }

  /** Call it at the end. @throws AppError `body-invalid` with every problem */
  finish(): void {
    if (this.#problems.length > 0) throw refuseFields(this.#problems)
  }

  #one(field: string, values: readonly string[], longest: number): string | null {
    const [first, ...others] = values
    if (first === undefined) return null
    if (others.some(other => other !== first)) return this.wrong(field, 'repeated')
    return [...first].length > longest ? this.wrong(field, 'too-long') : first
  }
}
