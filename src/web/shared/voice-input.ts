import { ref } from 'vue'
import { currentLocale, type Locale } from './texts.ts'

/** As much of the Web Speech API as is used here; TypeScript's own library does not know it. */
interface Recognition {
  lang: string
  continuous: boolean
  interimResults: boolean
  onresult: ((event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null
  onerror: ((event: { error: string }) => void) | null
  onend: (() => void) | null
  start(): void
  stop(): void
  abort(): void
}
type RecognitionMaker = new () => Recognition

const SPOKEN: Record<Locale, string> = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW', en: 'en-US' }

function maker(): RecognitionMaker | undefined {
  const has = window as unknown as Partial<
    Record<'SpeechRecognition' | 'webkitSpeechRecognition', RecognitionMaker>
  >
  return has.SpeechRecognition ?? has.webkitSpeechRecognition
}

/** Has this browser a recogniser? Its maker hears what is said. */
export const canHear = () => maker() !== undefined

/** `heard` is for the person to confirm; nothing is said in their name before. */
export function useVoice() {
  const heard = ref('')
  const state = ref<'off' | 'listening' | 'done'>('off')
  const problem = ref<'nothing' | 'denied' | null>(null)
  let running: Recognition | null = null

  function start(): void {
    const Maker = maker()
    if (!Maker) return
    cancel()
    const recognition = new Maker()
    running = recognition
    Object.assign(recognition, { lang: SPOKEN[currentLocale()], continuous: true, interimResults: true })
    recognition.onresult = ({ results }) => {
      heard.value = Array.from(results, each => each[0]?.transcript ?? '').join('')
    }
    recognition.onerror = ({ error }) => {
      if (running === recognition)
        problem.value = error === 'not-allowed' || error === 'service-not-allowed' ? 'denied' : 'nothing'
    }
    recognition.onend = () => {
      if (running !== recognition) return
      state.value = 'done'
      if (heard.value.trim() === '') problem.value ??= 'nothing'
    }
    state.value = 'listening'
    recognition.start()
  }

  function cancel(): void {
    const stopped = running
    running = null
    stopped?.abort()
    heard.value = ''
    problem.value = null
    state.value = 'off'
  }

  return { heard, state, problem, start, cancel, finish: () => running?.stop() }
}
