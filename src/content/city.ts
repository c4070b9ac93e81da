import { z } from 'zod'
import { workdayHoursSchema } from '../clocks/working-calendar.ts'

const text = z.string().trim().min(1)

/** `city.yaml`: one district, its line, its hours. */
export const citySchema = z.strictObject({
  id: text,
  /** True: nothing in this pack is official, and every page says so. */
  sample: z.boolean(),
  name: text,
  en: text,
  line: z.strictObject({ name: text, en: text, phone: text }),
  /** Key of the jurisdiction on every case. */
  jurisdiction: text,
  timeZone: z.literal('Asia/Shanghai'),
  hours: z.strictObject({ workday: workdayHoursSchema }),
  emergency: z.strictObject({ police: text, fire: text, medical: text, gas: text, traffic: text }),
  notice: text,
  noticeEn: text,
})
export type City = z.infer<typeof citySchema>
