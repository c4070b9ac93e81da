import { t } from '../shared/texts.ts'

/** `约10–20分钟`, or that it cannot be said. */
export function waitText(wait: { from: number; to: number } | null): string {
  if (wait && wait.to <= 1) return t('web.hall.soon')
  return wait ? t('web.hall.minutes', wait) : t('web.hall.minutes-unknown')
}
