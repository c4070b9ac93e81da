import { AppError } from '../kernel/errors.ts'

/** What is wrong with one field of what a program sent; the words are `open311.error.<because>`. */
export interface FieldProblem {
  field: string
  because: FieldProblemKind
}

export const FIELD_PROBLEMS = [
  'missing',
  'location-missing',
  'too-long',
  'not-number',
  'out-of-range',
  'not-date',
  'before-start',
  'span-too-long',
  'unknown',
  'outside',
  'not-offered',
  'repeated',
  'malformed',
  'unsupported',
  'too-large',
] as const
export type FieldProblemKind = (typeof FIELD_PROBLEMS)[number]

/** The refusal that names them all. */
export function refuseFields(problems: readonly FieldProblem[]): AppError {
  return new AppError('body-invalid', { problems })
}
