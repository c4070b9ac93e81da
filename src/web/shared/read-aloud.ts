import { ref } from 'vue'
import { currentLocale, type Locale } from './texts.ts'

const VOICE_LANGUAGE: Record<Locale, string> = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW', en: 'en-GB' }
/** Old ears hear better when it is a little slower. */
const RATE = 0.9

const reading = ref<string | null>(null)

/** Can this browser read a text aloud? */
export const canReadAloud = () => 'speechSynthesis' in window && 'SpeechSynthesisUtterance' in window

/** Is this very text being read now? */
export const isReading = (text: string) => reading.value === text

/** Reads a text in the page's language; what was being read ends. The same text again only ends it. */
export function readAloud(text: string): void {
  const isSame = reading.value === text
  speechSynthesis.cancel()
  reading.value = null
  if (isSame) return
  const utterance = new SpeechSynthesisUtterance(spoken(text))
  utterance.lang = VOICE_LANGUAGE[currentLocale()]
  utterance.rate = RATE
  const end = () => {
    if (reading.value === text) reading.value = null
  }
  utterance.onend = end
  utterance.onerror = end
  reading.value = text
  speechSynthesis.speak(utterance)
}

/** Numbers of cases and telephones are said digit by digit, not as millions. */
export function spoken(text: string): string {
  return text.replace(/\d{3,}/g, digits => [...digits].join(' '))
}
