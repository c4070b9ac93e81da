import { z } from 'zod'

/** What stands on a button, in the account's own language; vendors allow few characters. */
const name = z.string().min(1).max(16)

/** A tap that says something to the line, or one that opens a page of ours. */
const leaf = z.union([
  z.strictObject({ name, says: z.string().min(1).max(100) }),
  z.strictObject({ name, opens: z.string().regex(/^\/[\w/-]*$/, 'a path such as /status') }),
])

/** What a field of a message template may show. */
export const TEMPLATE_FACTS = ['number', 'title', 'department', 'status'] as const

/** `official-account.yaml`: the menu of an official account and the template by which it tells of progress. */
export const officialAccountSchema = z.strictObject({
  menu: z.array(z.union([leaf, z.strictObject({ name, buttons: z.array(leaf).min(1).max(5) })])).max(3),
  template: z
    .strictObject({
      id: z.string().min(1),
      /** Field of the template, e.g. `thing2` → what it shows. */
      fields: z.record(z.string().regex(/^[a-z_]+\d+$/), z.enum(TEMPLATE_FACTS)),
    })
    .nullable(),
})
export type OfficialAccount = z.infer<typeof officialAccountSchema>
