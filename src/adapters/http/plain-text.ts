import { z } from 'zod'

/** Text without half a character, which no database text holds. */
export const plainText = z.string().refine(text => text.isWellFormed(), 'half a character')
