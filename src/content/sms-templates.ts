import { z } from 'zod'

/** What a template's variable may show: values of the text of the same key, of `sms.answer` all that the line says, of `sms.phone-code` the code. */
export const SMS_FACTS = [
  'line',
  'number',
  'department',
  'where',
  'howTo',
  'stop',
  'text',
  'code',
  'minutes',
] as const

/** `sms.yaml`: the provider's signature and approved templates; only for providers that send nothing else. */
export const smsTemplatesSchema = z.strictObject({
  /** What stands in 【】 before each message. */
  sign: z.string().min(2).max(12),
  /** Key of a text in `locales/`, or `sms.answer` for what the line says in a conversation → the template that stands for it. */
  templates: z.record(
    z.string().regex(/^sms\.[a-z-]+$/, 'a key such as sms.replied'),
    z.strictObject({
      code: z.string().regex(/^SMS_\d+$/, 'a code such as SMS_123456789'),
      /** Variable of the template → what it shows. */
      params: z.record(z.string().regex(/^\w+$/), z.enum(SMS_FACTS)),
    }),
  ),
})
export type SmsTemplates = z.infer<typeof smsTemplatesSchema>
