import { z } from 'zod'

/** Text without half a character and without NUL, which no database text holds. */
export const plainText = z
  .string()
  .refine(text => text.isWellFormed() && !text.includes('\0'), 'half a character, or none')
