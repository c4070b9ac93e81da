import type { z } from 'zod'

/** Longer than any message of a vendor. */
const LONGEST = 64 * 1024

/** A JSON text as what the schema says, or null when it is no JSON or something else. */
export function readJson<T>(text: string, schema: z.ZodType<T>): T | null {
  if (text.length > LONGEST) return null
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
